//! Every finding that can be made offline, from all who can make one.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::{MANIFEST, Project, shown};
use crate::deployment::Deployment;
use crate::drift::{self, State};
use crate::facts::Manifest;
use crate::finding::{Finding, Sources};
use crate::git::{self, GitError, Visibility};
use crate::handwritten::{self, Files};
use crate::manifest;
use crate::preflight;
use crate::render::{self, outputs};
use crate::workspace::OsWorkspace;

/// Written by other tools, read by every machine.
const LOCK_FILES: [&str; 3] = ["devenv.lock", "flake.lock", "terraform/.terraform.lock.hcl"];

/// What was found, and what was not looked at.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) findings: Vec<Finding>,
    pub(super) sources: Sources,
    pub(super) notes: Vec<String>,
}

/// The findings about a project with a manifest.
pub(super) fn project(project: &Project, verbose: bool) -> Result<Gathered, Failure> {
    let mut gathered = Gathered {
        findings: project.findings().to_vec(),
        sources: project.sources(),
        notes: Vec::new(),
    };
    let Some(deployment) = project.deployment() else {
        gathered.notes.push(format!(
            "the generated files were not looked at, because {} has errors",
            project.manifest
        ));
        return Ok(gathered);
    };
    let owned = outputs::owned(deployment);
    let files = handwritten::of_project(&project.workspace, &|path| owned.contains(path))?;
    let known = known_to_git(project, &owned, &files);
    // Where git has to be asked, it works beside us.
    let (visibility, judged) = git::visibility_while(&project.folder, &known, || {
        judged(project, deployment, &owned, &files)
    });
    let (findings, all) = judged?;
    gathered.findings.extend(findings);
    let sees_git = git_findings(project, visibility, &mut gathered);
    if verbose {
        let paths = owned.iter().copied().chain(sources(&files));
        let paths: BTreeSet<&str> = paths.collect();
        let paths: Vec<&str> = paths.into_iter().collect();
        gathered
            .notes
            .push(format!("looked at {}", paths.join(", ")));
    }
    gathered.sources.extend(all);
    silence(project, deployment, sees_git, &mut gathered);
    Ok(gathered)
}

/// Takes out what `[check] allow` silences, and reports the allowances that silence nothing.
fn silence(project: &Project, deployment: &Deployment, sees_git: bool, gathered: &mut Gathered) {
    let mut silenced = project.loaded.silenced.clone();
    gathered.findings.retain(|finding| {
        let is_allowed = deployment.allow.contains_key(finding.rule.id);
        if is_allowed {
            silenced.insert(finding.rule.id);
        }
        !is_allowed
    });
    let could_run = |id: &str| sees_git || git::rules::ALL.iter().all(|rule| rule.id != id);
    let unused = manifest::unused_allowances(&project.loaded, &project.text, &silenced, &could_run);
    let reported = unused
        .into_iter()
        .filter(|finding| !deployment.allow.contains_key(finding.rule.id));
    gathered.findings.extend(reported);
}

/// The findings about everything but git, and the files that they are about.
fn judged(
    project: &Project,
    deployment: &Deployment,
    owned: &BTreeSet<&'static str>,
    files: &Files,
) -> Result<(Vec<Finding>, Files), Failure> {
    let (mut findings, generated) = generated(project, deployment)?;
    let is_there = |path: &str, _| files.contains_key(path);
    let seeds = render::render_some(deployment, &is_there, &|_, _| true)?;
    findings.extend(handwritten::findings(files, &seeds));
    let mut all = files.clone();
    all.extend(generated);
    let manifest = Manifest {
        deployment,
        document: project.document(),
        owned,
    };
    findings.extend(preflight::findings(&all, Some(manifest)));
    Ok((findings, all))
}

/// The findings about the generated files, and their texts as they will be once what is missing
/// or stale was generated.
fn generated(project: &Project, deployment: &Deployment) -> Result<(Vec<Finding>, Files), Failure> {
    let (tree, drift) = project.compare(deployment)?;
    tree.prove(drift.drifted().map(|file| file.path.as_str()))?;
    let mut findings = drift::rules::findings(&drift);
    if let Some(interrupted) = drift::interrupted(&project.workspace)? {
        findings.push(drift::rules::interrupted_finding(&interrupted));
    }
    let texts = drift.files.into_iter().filter_map(|file| {
        let text = match file.state {
            State::Missing | State::Stale => file.expected,
            State::Clean | State::Edited | State::Foreign => file.actual,
            State::Orphan => None,
        };
        Some((file.path, text?))
    });
    Ok((findings, texts.collect()))
}

/// What git must know, as far as it is there: the manifest, the generated files, the sources
/// around them.
fn known_to_git<'a>(
    project: &'a Project,
    owned: &BTreeSet<&'a str>,
    files: &'a Files,
) -> Vec<&'a str> {
    let mut paths: Vec<&str> = vec![project.manifest.as_str()];
    paths.extend(owned.iter().copied().chain(LOCK_FILES));
    paths.extend(sources(files));
    paths
}

/// The files among those read that make up the deployment.
fn sources(files: &Files) -> impl Iterator<Item = &str> {
    let paths = files.keys().map(String::as_str);
    paths.filter(|path| handwritten::is_source(path))
}

/// Whether the rules about git had something to look at.
fn git_findings(
    project: &Project,
    visibility: Result<Visibility, GitError>,
    gathered: &mut Gathered,
) -> bool {
    let sees_git = matches!(visibility, Ok(Visibility::Inside(_)));
    match visibility {
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
    sees_git
}

/// Without a manifest only the files that people wrote can be judged.
pub(super) fn tree(folder: &Path) -> Result<Gathered, Failure> {
    let (files, complete) = handwritten::of_tree(&OsWorkspace::new(folder))?;
    let count = sources(&files).count();
    if count == 0 {
        return Err(Failure::new(
            Exit::Invalid,
            format!(
                "`{}` holds neither a {MANIFEST} nor any Nix or OpenTofu file",
                shown(folder)
            ),
            "name the folder of a deployment, or run `seance init` to start one",
        ));
    }
    let count = match count {
        1 => "one hand-written file".to_owned(),
        several => format!("{several} hand-written files"),
    };
    let looked = format!("there is no {MANIFEST}: looked at {count} only");
    let mut notes = vec![looked];
    if !complete {
        notes.push("there are more files than are read; name a smaller folder".to_owned());
    }
    let mut findings = handwritten::syntax(&files);
    findings.extend(preflight::findings(&files, None));
    Ok(Gathered {
        findings,
        sources: files,
        notes,
    })
}
