//! `seance gen`: brings the generated files up to date, all of them or none.

use super::arguments::{Gen, Global};
use super::console::{self, Console};
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::deployment::Deployment;
use crate::drift::header::{self, Hash};
use crate::drift::{self, Action, GenerateError, Generation, OnEdit, Refusal, Request};
use crate::git;
use crate::render::{self, Ownership, Tree, outputs};
use crate::report;
use crate::workspace::Workspace;

const UP_TO_DATE: &str = "everything is up to date";

pub(super) fn run(global: &Global, request: &Gen, console: &Console) -> Result<Exit, Failure> {
    let project = Project::open(global)?;
    let Some(deployment) = project.deployment() else {
        return Ok(super::check::report_invalid(&project, console));
    };
    if let Some(path) = &request.stdout {
        return print_one(&render::render(deployment)?, path);
    }
    if request.check {
        let (_, drift) = project.compare(deployment)?;
        let differs = drift.is_drifted() && !request.exit_zero;
        return Ok(if differs {
            Exit::Differences
        } else {
            Exit::Fine
        });
    }
    super::check::report_doubts(&project, console);
    // A seeded file that is there is the user's, whatever it would be today.
    let absent = |path: &str| !matches!(project.workspace.kind(path), Ok(Some(_)));
    let (tree, drift) = project.compare_with(deployment, &|path, ownership| {
        ownership == Ownership::Owned || absent(path)
    })?;
    let owned = drift.drifted().map(|file| file.path.as_str());
    let seeded = drift.seeds.iter().map(|seed| seed.path.as_str());
    tree.prove(owned.chain(seeded))?;
    let idle = !drift.is_drifted() && drift.seeds.is_empty();
    if idle && !drift::is_unfinished(&project.workspace)? {
        console.note(UP_TO_DATE);
        return Ok(Exit::Fine);
    }
    write(&project, deployment, &tree, request, console)
}

fn print_one(tree: &Tree, path: &str) -> Result<Exit, Failure> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let Some(file) = tree.files.get(path) else {
        let nearest = crate::deployment::nearest(path, tree.files.keys().map(String::as_str));
        let help = if let Some(nearest) = nearest {
            format!("run `seance gen --stdout {nearest}`")
        } else {
            let paths: Vec<&str> = tree.files.keys().map(String::as_str).collect();
            format!("write one of {}", paths.join(", "))
        };
        return Err(Failure::new(
            Exit::Usage,
            format!("`{path}` is not a generated file"),
            help,
        ));
    };
    let text = match file.ownership {
        Ownership::Owned => header::stamp(&file.body),
        Ownership::Seeded => file.body.clone(),
    };
    console::data(&text)?;
    Ok(Exit::Fine)
}

fn write(
    project: &Project,
    deployment: &Deployment,
    tree: &Tree,
    request: &Gen,
    console: &Console,
) -> Result<Exit, Failure> {
    let history = |path: &str, hash: &Hash| {
        let fits = |text: &str| header::is_generation(text, hash);
        git::blob_by_body(&project.folder, path, &fits)
    };
    let generation = drift::generate(
        &Request {
            tree,
            skip: &deployment.skip,
            owned_ever: outputs::OWNED_EVER,
            on_edit: match (request.force, request.merge) {
                (true, _) => OnEdit::Force,
                (_, true) => OnEdit::Merge,
                _ => OnEdit::Refuse,
            },
            history: &history,
        },
        &project.workspace,
    )?;
    tell(&generation, console);
    if generation.refused.is_empty() {
        return Ok(Exit::Fine);
    }
    refuse(&generation.refused, console)
}

fn tell(generation: &Generation, console: &Console) {
    if generation.recovery.is_some() {
        console.note("completed an interrupted generation first");
    }
    for file in &generation.files {
        let (verb, remark) = match file.action {
            Action::Created => ("created", ""),
            Action::Updated => ("updated", ""),
            Action::Removed => ("removed", ", which is no longer generated"),
            Action::Seeded => ("wrote", ", which is yours from now on"),
            Action::Merged => ("merged", ""),
        };
        console.note(&format!("{verb} {}{remark}", file.path));
    }
    for kept in &generation.kept {
        console.note(&format!(
            "kept the old text of {} as {}",
            kept.path, kept.copy
        ));
    }
    for path in &generation.edited {
        console.note(&format!(
            "{path} holds a hand edit: move it to nix/extra.nix, an own .tf file or caddy/, or keep \
             the whole file yourself with `[generate] skip`"
        ));
    }
    if generation.is_idle() && generation.edited.is_empty() {
        console.note(UP_TO_DATE);
    }
}

/// Shows what would be lost, and ends with one command.
fn refuse(refused: &[Refusal], console: &Console) -> Result<Exit, Failure> {
    let terminal = console.stdout_terminal();
    for refusal in refused {
        let file = report::FileDiff {
            path: refusal.path.clone(),
            state: refusal.state.name(),
            because: refusal.reason.clone(),
            diff: refusal
                .conflict
                .clone()
                .unwrap_or_else(|| refusal.diff.clone()),
        };
        console::data(&report::file_diff(terminal, &file))?;
    }
    let paths: Vec<&str> = refused
        .iter()
        .map(|refusal| refusal.path.as_str())
        .collect();
    let help = refused
        .first()
        .map_or_else(String::new, |refusal| refusal.help.clone());
    Err(Failure::new(
        Exit::Refused,
        format!(
            "nothing was written, because it would overwrite {}",
            paths.join(", ")
        ),
        help,
    ))
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        let exit = match error {
            GenerateError::Locked => Exit::Locked,
            _ => Exit::Failed,
        };
        Self::new(exit, error.to_string(), error.help())
    }
}
