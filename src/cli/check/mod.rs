//! `seance check`: everything that can be known offline.

mod fixing;
mod gather;

use std::path::Path;

use fixing::Change;
use gather::{Gathered, Wanted};

use super::arguments::{Check, Format, Global};
use super::console::{self, Console};
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, start_folder};
use crate::finding::{Finding, Origin, Severity};
use crate::report;

pub(super) fn run(global: &Global, check: &Check, console: &Console) -> Result<Exit, Failure> {
    let start = match &check.path {
        Some(path) => start_folder(global).join(path),
        None => start_folder(global),
    };
    let wanted = Wanted {
        files: console.verbose,
        access: check.explain_access,
    };
    let look = || look(global, &start, wanted);
    let (project, gathered) = if check.fix {
        let fixed = fixing::run(&look, &start)?;
        show(&fixed.changes, check.format, console)?;
        (fixed.project, fixed.gathered)
    } else {
        look()?
    };
    let mut gathered = gathered;
    if check.explain_access && gathered.access.is_empty() {
        let note = "no system here is certainly meant for a droplet, so no access is proven";
        gathered.notes.push(note.to_owned());
    }
    if let (Some(project), Some(_)) = (&project, &check.path) {
        gathered.notes.extend(above(project, &start));
    }
    let folder = project.as_ref().map_or(&start, |project| &project.folder);
    let report = report::Check {
        server: project.as_ref().and_then(Project::server),
        findings: &gathered.findings,
        sources: &gathered.sources,
        notes: if console.quiet { &[] } else { &gathered.notes },
        prefix: &crate::git::prefix(folder),
        access: &gathered.access,
    };
    let silent = console.quiet && gathered.findings.is_empty() && gathered.access.is_empty();
    if !(silent && check.format == Format::Human) {
        console::data(&report::check(format(check.format, console), &report))?;
    }
    if check.format == Format::Human && !check.fix {
        offer_edits(&gathered.findings, console);
    }
    Ok(verdict(&gathered.findings, check))
}

/// Says how many edits need not be made by hand.
fn offer_edits(findings: &[Finding], console: &Console) {
    let is_ours = |finding: &&Finding| finding.origin != Origin::Generated;
    let edits = findings.iter().filter(is_ours);
    let count = edits.filter(|finding| finding.patch.is_some()).count();
    match count {
        0 => {}
        1 => console.note("run `seance check --fix` to make the edit that is shown"),
        several => console.note(&format!(
            "run `seance check --fix` to make the {several} edits that are shown"
        )),
    }
}

/// That the folder that was named is only a part of the project that is judged.
fn above(project: &Project, start: &Path) -> Option<String> {
    let folder = project.folder.canonicalize().ok()?;
    let start = start.canonicalize().ok()?;
    let below = start.strip_prefix(&folder).ok()?;
    let levels = below.components().count();
    (levels > 0).then(|| {
        format!(
            "looked at the whole project of `{}{}`, which this folder belongs to",
            "../".repeat(levels),
            project.manifest
        )
    })
}

/// What is there and what is to be said of it, as of now.
fn look(
    global: &Global,
    start: &Path,
    wanted: Wanted,
) -> Result<(Option<Project>, Gathered), Failure> {
    let project = Project::open_from(global, start)?;
    let gathered = match &project {
        Some(project) => gather::project(project, wanted)?,
        None => gather::tree(start, wanted)?,
    };
    Ok((project, gathered))
}

/// What was fixed: before the findings where a person reads, aside where a program does.
fn show(changes: &[Change], format: Format, console: &Console) -> Result<(), Failure> {
    for change in changes {
        if format == Format::Human {
            console::data(&change.shown(console.stdout_terminal()))?;
        } else {
            console.report(&change.shown(console.stderr_terminal()));
        }
    }
    Ok(())
}

fn format(format: Format, console: &Console) -> report::Format {
    match format {
        Format::Human => report::Format::Human(console.stdout_terminal()),
        Format::Json => report::Format::Json,
        Format::Sarif => report::Format::Sarif,
        Format::Github => report::Format::Github,
        Format::Markdown => report::Format::Markdown,
    }
}

fn verdict(findings: &[Finding], check: &Check) -> Exit {
    let worst = findings.iter().map(|finding| finding.severity).max();
    let limit = if check.strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    match worst {
        Some(severity) if severity >= limit && !check.exit_zero => Exit::Invalid,
        _ => Exit::Fine,
    }
}

/// Reports a manifest that a verb cannot work with: exit 3 from every verb.
pub(super) fn report_invalid(project: &Project, console: &Console) -> Exit {
    console.report(&findings_text(project, console));
    Exit::Invalid
}

/// Reports the errors that `check` finds; whether there are none, so that a verb may go on.
/// Files that drifted count as errors whatever is allowed: the engine would read them as they are.
pub(super) fn refuse_errors(project: &Project, console: &Console) -> Result<bool, Failure> {
    let wanted = Wanted {
        files: false,
        access: false,
    };
    let mut gathered = gather::project(project, wanted)?;
    let is_drift = |finding: &Finding| {
        let drift = crate::drift::rules::ALL.iter();
        drift.into_iter().any(|rule| rule.id == finding.rule.id)
    };
    gathered
        .findings
        .retain(|finding| finding.severity == Severity::Error || is_drift(finding));
    if gathered.findings.is_empty() {
        return Ok(true);
    }
    let report = report::Check {
        server: project.server(),
        findings: &gathered.findings,
        sources: &gathered.sources,
        notes: &[],
        prefix: "",
        access: &[],
    };
    let format = report::Format::Human(console.stderr_terminal());
    console.report(&report::check(format, &report));
    Ok(false)
}

/// Reports what is doubtful about a manifest that a verb goes on to work with.
pub(super) fn report_doubts(project: &Project, console: &Console) {
    if !project.findings().is_empty() && !console.quiet {
        console.report(&findings_text(project, console));
    }
}

fn findings_text(project: &Project, console: &Console) -> String {
    let report = report::Check {
        server: project.server(),
        findings: project.findings(),
        sources: &project.sources(),
        notes: &[],
        prefix: "",
        access: &[],
    };
    report::check(report::Format::Human(console.stderr_terminal()), &report)
}
