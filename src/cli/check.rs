//! `seance check`: everything that can be known offline.

use std::collections::BTreeSet;
use std::path::Path;

use super::arguments::{Check, Format, Global};
use super::console::{self, Console};
use super::exit::Exit;
use super::failure::Failure;
use super::project::{MANIFEST, Project, shown, start_folder};
use crate::drift;
use crate::finding::{Finding, Severity, Sources};
use crate::git;
use crate::handwritten;
use crate::render::{Ownership, Tree, outputs};
use crate::report;
use crate::workspace::{EntryKind, OsWorkspace, Workspace};

/// Written by other tools, read by every machine.
const LOCK_FILES: [&str; 3] = ["devenv.lock", "flake.lock", "terraform/.terraform.lock.hcl"];

/// What was found, and what was not looked at.
#[derive(Default)]
struct Gathered {
    findings: Vec<Finding>,
    sources: Sources,
    notes: Vec<String>,
}

pub(super) fn run(global: &Global, check: &Check, console: &Console) -> Result<Exit, Failure> {
    let start = match &check.path {
        Some(path) => start_folder(global).join(path),
        None => start_folder(global),
    };
    let project = Project::open_from(global, &start)?;
    let mut gathered = Gathered::default();
    match &project {
        Some(project) => gather(project, console.verbose, &mut gathered)?,
        None => gather_without_manifest(&start, &mut gathered)?,
    }
    let folder = project.as_ref().map_or(&start, |project| &project.folder);
    let report = report::Check {
        server: project.as_ref().and_then(Project::server),
        findings: &gathered.findings,
        sources: &gathered.sources,
        notes: if console.quiet { &[] } else { &gathered.notes },
        prefix: &super::project::prefix(folder),
    };
    console::data(&report::check(format(check.format, console), &report))?;
    Ok(verdict(&gathered.findings, check))
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

fn gather(project: &Project, verbose: bool, gathered: &mut Gathered) -> Result<(), Failure> {
    gathered.findings.extend(project.findings().iter().cloned());
    gathered.sources = project.sources();
    let Some(deployment) = project.deployment() else {
        gathered.notes.push(format!(
            "the generated files were not looked at, because {} has errors",
            project.manifest
        ));
        return Ok(());
    };
    let tree = crate::render::render(deployment)?;
    if let Some(interrupted) = drift::interrupted(&project.workspace)? {
        gathered
            .findings
            .push(drift::rules::interrupted_finding(&interrupted));
    }
    let drift = drift::compare(
        &tree,
        &deployment.skip,
        outputs::OWNED_EVER,
        &project.workspace,
    )?;
    gathered.findings.extend(drift::rules::findings(&drift));
    let owned = |path: &str| {
        tree.files
            .get(path)
            .is_some_and(|file| file.ownership == Ownership::Owned)
    };
    let files = handwritten::of_project(&project.workspace, &owned)?;
    gathered.findings.extend(handwritten::syntax(&files));
    gathered.findings.extend(handwritten::wiring(&files));
    if verbose {
        let paths = tree.files.keys().chain(files.keys()).map(String::as_str);
        let paths: BTreeSet<&str> = paths.collect();
        let paths: Vec<&str> = paths.into_iter().collect();
        gathered
            .notes
            .push(format!("looked at {}", paths.join(", ")));
    }
    git_findings(project, &tree, &files, gathered)?;
    gathered.sources.extend(files);
    gathered
        .findings
        .retain(|finding| !deployment.allow.contains_key(finding.rule.id));
    Ok(())
}

/// Without a manifest only the files that people wrote can be judged.
fn gather_without_manifest(folder: &Path, gathered: &mut Gathered) -> Result<(), Failure> {
    let (files, complete) = handwritten::of_tree(&OsWorkspace::new(folder))?;
    if files.is_empty() {
        return Err(Failure::new(
            Exit::Invalid,
            format!(
                "`{}` holds neither a {MANIFEST} nor any Nix or OpenTofu file",
                shown(folder)
            ),
            "name the folder of a deployment, or run `seance init` to start one",
        ));
    }
    gathered.notes.push(format!(
        "there is no {MANIFEST}: looked at {} hand-written files only",
        files.len()
    ));
    if !complete {
        gathered
            .notes
            .push("there are more files than are read; name a smaller folder".to_owned());
    }
    gathered.findings.extend(handwritten::syntax(&files));
    gathered.sources.extend(files);
    Ok(())
}

/// What git must know: the manifest, the generated files and the sources around them.
fn git_findings(
    project: &Project,
    tree: &Tree,
    handwritten: &handwritten::Files,
    gathered: &mut Gathered,
) -> Result<(), Failure> {
    let owned = tree
        .files
        .iter()
        .filter(|(_, file)| file.ownership == Ownership::Owned);
    let mut paths: Vec<&str> = vec![project.manifest.as_str()];
    for path in owned.map(|(path, _)| path.as_str()).chain(LOCK_FILES) {
        if project.workspace.kind(path)? == Some(EntryKind::File) {
            paths.push(path);
        }
    }
    paths.extend(handwritten.keys().map(String::as_str));
    match git::visibility(&project.folder, &paths) {
        Ok(visibility) => {
            gathered
                .notes
                .extend(git::rules::silence(&visibility).map(str::to_owned));
            let folder = project.folder.display().to_string();
            let folder = if folder == "." { "" } else { folder.as_str() };
            gathered.findings.extend(git::findings(&visibility, folder));
        }
        Err(error) => gathered
            .notes
            .push(format!("the git rules were not checked: {error}")),
    }
    Ok(())
}

/// Reports a manifest that a verb cannot work with: exit 3 from every verb.
pub(super) fn report_invalid(project: &Project, console: &Console) -> Exit {
    report_findings(project, console);
    Exit::Invalid
}

/// Reports what is doubtful about a manifest that a verb goes on to work with.
pub(super) fn report_doubts(project: &Project, console: &Console) {
    if !project.findings().is_empty() && !console.quiet {
        report_findings(project, console);
    }
}

fn report_findings(project: &Project, console: &Console) {
    let report = report::Check {
        server: project.server(),
        findings: project.findings(),
        sources: &project.sources(),
        notes: &[],
        prefix: "",
    };
    console.note(&report::check(
        report::Format::Human(console.stderr_terminal()),
        &report,
    ));
}
