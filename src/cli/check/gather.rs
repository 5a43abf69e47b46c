//! Every finding that can be made offline, from all who can make one.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::{MANIFEST, Project, shown};
use crate::access::Chain;
use crate::deployment::Deployment;
use crate::drift::{self, State};
use crate::facts::Manifest;
use crate::finding::{Finding, Sources};
use crate::git::{self, GitError, Tracked, Visibility};
use crate::handwritten::{self, Files};
use crate::manifest;
use crate::preflight::{self, Judgement, Known};
use crate::render::{self, outputs};
use crate::workspace::{OsWorkspace, Workspace};

/// Written by other tools, read by every machine.
const LOCK_FILES: [&str; 3] = ["devenv.lock", "flake.lock", "terraform/.terraform.lock.hcl"];

/// What was found, and what was not looked at.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) findings: Vec<Finding>,
    pub(super) sources: Sources,
    pub(super) notes: Vec<String>,
    pub(super) access: Vec<Chain>,
}

/// How much is wanted.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The names of the files that were looked at.
    pub(super) files: bool,
    /// Why a person will get in.
    pub(super) access: bool,
}

/// The findings about a project with a manifest.
pub(super) fn project(project: &Project, wanted: Wanted) -> Result<Gathered, Failure> {
    let mut gathered = Gathered {
        findings: project.findings().to_vec(),
        sources: project.sources(),
        ..Gathered::default()
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
        judged(project, deployment, &owned, &files, wanted)
    });
    let (findings, access, all) = judged?;
    gathered.findings.extend(findings);
    gathered.access = access;
    preflight::keep_shared_secrets(&mut gathered.findings, |_| held(visibility.as_ref().ok()));
    let sees_git = git_findings(project, visibility, &mut gathered);
    imported_to_git(project, &known, &all, &mut gathered);
    if wanted.files {
        let paths = owned.iter().copied().chain(sources(&all));
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
    let could_run = |id: &str| {
        // The rule leaves alone what the manifest opens on purpose, and the allowance says why.
        let says_why = id == "fw-world-ssh";
        let of_git = git::rules::ALL.iter().any(|rule| rule.id == id);
        !says_why && (sees_git || !of_git)
    };
    let unused = manifest::unused_allowances(&project.loaded, &project.text, &silenced, &could_run);
    let reported = unused
        .into_iter()
        .filter(|finding| !deployment.allow.contains_key(finding.rule.id));
    gathered.findings.extend(reported);
}

/// Files that are imported from elsewhere in the project: git has to know them as well.
fn imported_to_git(project: &Project, known: &[&str], all: &Files, gathered: &mut Gathered) {
    let others: Vec<&str> = sources(all).filter(|path| !known.contains(path)).collect();
    if others.is_empty() {
        return;
    }
    let (visibility, ()) = git::visibility_while(&project.folder, &others, || ());
    if let Ok(visibility) = visibility {
        gathered
            .findings
            .extend(git::findings(&visibility, &folder_argument(project)));
    }
}

/// The project's folder for a command to be run from the current one; empty when it is that.
fn folder_argument(project: &Project) -> String {
    let folder = project.folder.display().to_string();
    if folder == "." { String::new() } else { folder }
}

/// The findings about everything but git, why a person gets in, and the files that this is about.
fn judged(
    project: &Project,
    deployment: &Deployment,
    owned: &BTreeSet<&'static str>,
    files: &Files,
    wanted: Wanted,
) -> Result<(Vec<Finding>, Vec<Chain>, Files), Failure> {
    let (mut findings, generated) = generated(project, deployment)?;
    let is_there = |path: &str, _| files.contains_key(path);
    let seeds = render::render_some(deployment, &is_there, &|_, _| true)?;
    let manifest = Manifest {
        deployment,
        document: project.document(),
        owned,
    };
    let mut known = Known::default();
    for (path, text) in files {
        if seeds.files.get(path).is_some_and(|seed| seed.body == *text) {
            known.proven.insert(path.clone());
        }
    }
    let mut all = files.clone();
    // Its presence says that not every folder was read.
    all.insert(project.manifest.clone(), project.text.clone());
    for (path, text, is_proven) in generated {
        if is_proven {
            known.proven.insert(path.clone());
        }
        all.insert(path, text);
    }
    let judgement = judge(&mut all, Some(manifest), known, wanted, &project.workspace);
    let own = all
        .iter()
        .filter(|(path, _)| !owned.contains(path.as_str()));
    let own: Files = own
        .map(|(path, text)| (path.clone(), text.clone()))
        .collect();
    findings.extend(handwritten::findings(&own, &seeds));
    findings.extend(judgement.findings);
    Ok((findings, judgement.access, all))
}

/// Imports across more files than this lead nowhere.
const MOST_ROUNDS: usize = 16;

/// Judges files, and those that they import from elsewhere in the project.
fn judge(
    files: &mut Files,
    manifest: Option<Manifest<'_>>,
    mut known: Known,
    wanted: Wanted,
    workspace: &dyn Workspace,
) -> Judgement {
    let mut judgement = preflight::judge(files, manifest, &known, wanted.access);
    for _ in 0..MOST_ROUNDS {
        let before = (files.len(), known.out_of_reach.len());
        let missing = &judgement.missing;
        handwritten::add_imported(files, missing, &mut known.out_of_reach, workspace);
        if before == (files.len(), known.out_of_reach.len()) {
            break;
        }
        judgement = preflight::judge(files, manifest, &known, wanted.access);
    }
    judgement
}

/// Findings, and texts by path with whether they are as seance writes them.
type Generated = (Vec<Finding>, Vec<(String, String, bool)>);

/// The findings about the generated files, and their texts as they will be once what is missing
/// or stale was generated.
fn generated(project: &Project, deployment: &Deployment) -> Result<Generated, Failure> {
    let (tree, drift) = project.compare(deployment)?;
    tree.prove(drift.drifted().map(|file| file.path.as_str()))?;
    let mut findings = drift::rules::findings(&drift);
    if let Some(interrupted) = drift::interrupted(&project.workspace)? {
        findings.push(drift::rules::interrupted_finding(&interrupted));
    }
    let texts = drift.files.into_iter().filter_map(|file| {
        let is_ours = matches!(file.state, State::Clean | State::Missing | State::Stale);
        let text = match file.state {
            State::Missing | State::Stale => file.expected,
            State::Clean | State::Edited | State::Foreign => file.actual,
            State::Orphan => None,
        };
        Some((file.path, text?, is_ours))
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

/// The paths that git holds, so that everybody gets them.
fn held(visibility: Option<&Visibility>) -> BTreeSet<String> {
    let Some(Visibility::Inside(known)) = visibility else {
        return BTreeSet::new();
    };
    let held = known
        .iter()
        .filter(|(_, tracked)| matches!(tracked, Tracked::Tracked | Tracked::IntentToAdd));
    held.map(|(path, _)| path.clone()).collect()
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
            let found = git::findings(&visibility, &folder_argument(project));
            gathered.findings.extend(found);
        }
        Err(error) => gathered
            .notes
            .push(format!("the git rules were not checked: {error}")),
    }
    sees_git
}

/// Without a manifest only the files that people wrote can be judged.
pub(super) fn tree(folder: &Path, wanted: Wanted) -> Result<Gathered, Failure> {
    let workspace = OsWorkspace::new(folder);
    let handwritten::Walk {
        mut files,
        complete,
        unreadable,
    } = handwritten::of_tree(&workspace)?;
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
    let judgement = judge(&mut files, None, Known::default(), wanted, &workspace);
    let mut looked = format!("there is no {MANIFEST}: looked at {count} only");
    if !judgement.subjects.is_empty() {
        let verb = if sources(&files).count() == 1 {
            "makes"
        } else {
            "make"
        };
        looked.push_str(&format!(", which {verb} "));
        looked.push_str(&judgement.subjects.join(", "));
    }
    let mut notes = vec![looked];
    notes.extend(unreadable);
    if !complete {
        notes.push("there are more files than are read; name a smaller folder".to_owned());
    }
    if wanted.files {
        let paths: Vec<&str> = sources(&files).collect();
        notes.push(format!("looked at {}", paths.join(", ")));
    }
    let mut findings = handwritten::syntax(&files);
    findings.extend(judgement.findings);
    preflight::keep_shared_secrets(&mut findings, |paths| {
        held(git::visibility(folder, paths).ok().as_ref())
    });
    Ok(Gathered {
        findings,
        sources: files,
        notes,
        access: judgement.access,
    })
}
