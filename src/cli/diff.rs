//! `seance diff`: how the files differ, or what a change of the manifest means.

use super::arguments::{Diff, DiffFormat, Global};
use super::console::{self, Console};
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::deployment::Deployment;
use crate::drift::{self, Drift};
use crate::finding::Severity;
use crate::git::GitError;
use crate::report::{self, FileDiff, Format};
use crate::{against, git, manifest};

pub(super) fn run(global: &Global, diff: &Diff, console: &Console) -> Result<Exit, Failure> {
    let project = Project::open(global)?;
    let Some(deployment) = project.deployment() else {
        return Ok(super::check::report_invalid(&project, console));
    };
    let differs = match &diff.against {
        Some(revision) => against(&project, deployment, revision, diff, console)?,
        None => drift(&project, deployment, diff, console)?,
    };
    Ok(if differs && !diff.exit_zero {
        Exit::Differences
    } else {
        Exit::Fine
    })
}

fn format(format: DiffFormat, console: &Console) -> Format {
    match format {
        DiffFormat::Human => Format::Human(console.stdout_terminal()),
        DiffFormat::Json => Format::Json,
        DiffFormat::Github => Format::Github,
        DiffFormat::Markdown => Format::Markdown,
    }
}

fn drift(
    project: &Project,
    deployment: &Deployment,
    diff: &Diff,
    console: &Console,
) -> Result<bool, Failure> {
    if let Some(interrupted) = drift::interrupted(&project.workspace)? {
        let finding = drift::rules::interrupted_finding(&interrupted);
        console.note(&format!("note: {}; {}", finding.message, finding.help));
    }
    let (tree, drift) = project.compare(deployment)?;
    tree.prove(drift.drifted().map(|file| file.path.as_str()))?;
    let files = file_diffs(&drift);
    let report = report::Diff {
        server: deployment.server().name.as_str(),
        files: &files,
        prefix: &project.prefix(),
    };
    // Only SARIF has no form for differences, and clap does not offer it here.
    let text = report::diff(format(diff.format, console), &report).unwrap_or_default();
    console::data(&text)?;
    Ok(report.drifted())
}

/// Compares with the manifest of a revision. What cannot be read there makes everything new.
fn against(
    project: &Project,
    deployment: &Deployment,
    revision: &str,
    diff: &Diff,
    console: &Console,
) -> Result<bool, Failure> {
    let tree = crate::render::render(deployment)?;
    let change = match earlier(project, revision)? {
        Ok(before) => {
            against::compare(&before, deployment, &crate::render::render(&before)?, &tree)
        }
        Err(why) => against::introduce(deployment, &tree, why),
    };
    let report = against::report(
        format(diff.format, console),
        &change,
        revision,
        &project.prefix(),
    );
    console::data(&report.unwrap_or_default())?;
    Ok(!change.is_empty())
}

/// The deployment of the manifest at a revision, or why there is none.
fn earlier(project: &Project, revision: &str) -> Result<Result<Deployment, String>, Failure> {
    let name = project.manifest.as_str();
    let text = git::show(&project.folder, revision, name).map_err(|error| {
        let exit = match error {
            GitError::Missing => Exit::Missing,
            _ => Exit::Failed,
        };
        Failure::new(exit, error.to_string(), error.help())
    })?;
    let Some(text) = text else {
        return Ok(Err(format!("`{revision}` has no {name}")));
    };
    let loaded = manifest::load(name, &text);
    let errors = loaded
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let first = errors.map(|finding| finding.message.clone()).next();
    Ok(loaded.deployment.ok_or_else(|| {
        let why = first.unwrap_or_default();
        format!("the {name} of `{revision}` is not valid for this version of seance: {why}")
    }))
}

/// What a report needs of each file.
fn file_diffs(drift: &Drift) -> Vec<FileDiff> {
    let files = drift.files.iter().map(|file| FileDiff {
        path: file.path.clone(),
        state: file.state.name(),
        because: file.cause.to_string(),
        diff: file.diff(),
    });
    files.collect()
}
