//! `gen`: brings the working tree up to date, all of it or nothing.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::error::{Aftermath, GenerateError};
use super::header::Hash;
use super::journal::{self, Change, FOLDER, Journal, Recovery};
use super::plan::Plan;
use super::state::State;
use crate::render::Tree;
use crate::workspace::{LockGuard, Workspace, parent};

/// The file that one generation at a time holds locked.
const LOCK: &str = ".seance/lock";
/// Keeps everything in seance's folder out of git.
const IGNORE: (&str, &[u8]) = (".seance/.gitignore", b"*\n");

/// What to do with a file that a person wrote or edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnEdit {
    /// Write nothing at all.
    #[default]
    Refuse,
    /// Put the old text aside in `.seance/kept/` and write the file anew.
    Force,
    /// Bring the file up to date and keep the edit in it, or refuse where the two clash.
    Merge,
}

/// What is to be generated, and how.
pub struct Request<'a> {
    /// Everything that the deployment renders to.
    pub tree: &'a Tree,
    /// Paths that are kept by hand.
    pub skip: &'a BTreeSet<String>,
    /// Every path that any release of seance has owned.
    pub owned_ever: &'a [&'a str],
    /// What to do with a person's text.
    pub on_edit: OnEdit,
    /// An earlier committed text of the path whose header names the hash and fits its body;
    /// asked only for a merge whose base copy is gone. An answer that does not fit is not used.
    pub history: &'a dyn Fn(&str, &Hash) -> Option<String>,
}

/// What a generation did. When something was refused, nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Generation {
    /// What happened to which file, ordered by path; clean files are not listed.
    pub files: Vec<FileAction>,
    /// Texts of a person that were put aside.
    pub kept: Vec<Kept>,
    /// Files that stand in the way of this generation.
    pub refused: Vec<Refusal>,
    /// Files that carry a hand edit in this generation, merged now or before: the edit waits to be
    /// moved to a place of its own.
    pub edited: Vec<String>,
    /// An interrupted generation that was completed first.
    pub recovery: Option<Recovery>,
}

/// What happened to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAction {
    /// Path relative to the manifest's folder, `/` separated.
    pub path: String,
    /// What happened.
    pub action: Action,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was missing and is there now.
    Created,
    /// It was rewritten.
    Updated,
    /// It is no longer an output and is gone.
    Removed,
    /// It was written once and is the user's from now on.
    Seeded,
    /// It is up to date but for the hand edit in it, and still counts as edited.
    Merged,
}

/// A person's text that was replaced, and where it lies now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The file that was replaced or removed.
    pub path: String,
    /// The copy of its old text.
    pub copy: String,
}

/// A file that a person wrote or edited and that was therefore left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Path relative to the manifest's folder, `/` separated.
    pub path: String,
    /// Edited or foreign.
    pub state: State,
    /// Why it was refused, to follow the path and a colon.
    pub reason: String,
    /// The one command to continue.
    pub help: String,
    /// What would have been written, as a unified diff.
    pub diff: String,
    /// The whole text with diff3 markers where a merge clashed.
    pub conflict: Option<String>,
}

impl Generation {
    /// Whether everything was up to date already and nothing was written.
    pub fn is_idle(&self) -> bool {
        let edited = self.edited.clone();
        *self
            == Self {
                edited,
                ..Self::default()
            }
    }
}

/// Brings the working tree up to date.
///
/// Writes nothing at all when there is nothing to do or when a file is refused, and takes every
/// change back when one fails.
pub fn generate(
    request: &Request<'_>,
    workspace: &dyn Workspace,
) -> Result<Generation, GenerateError> {
    let answers = RefCell::new(BTreeMap::new());
    let request = &Request {
        history: &|path, hash| ask_once(&answers, request, path, hash),
        ..*request
    };
    if !journal::is_unfinished(workspace)? {
        let plan = Plan::make(request, workspace)?;
        if plan.is_idle() {
            return Ok(plan.result);
        }
    }
    let _lock = lock(workspace)?;
    let recovery = journal::recover(workspace)?;
    // Between the first look and the lock another generation may have run.
    let mut plan = Plan::make(request, workspace)?;
    plan.result.recovery = recovery;
    if !plan.is_idle() {
        plan.result.kept = keep(&plan.keep, workspace)?;
        carry_out(&plan, workspace)?;
    }
    Ok(plan.result)
}

/// A person's file that gets a new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Path relative to the workspace's root, `/` separated.
    pub path: String,
    /// The text that is there; nothing is written when it is not.
    pub old: String,
    /// The text that comes.
    pub new: String,
}

/// Gives files of a person their new texts, all of them or none, as a generation does.
pub fn rewrite(texts: Vec<Rewrite>, workspace: &dyn Workspace) -> Result<(), GenerateError> {
    let _lock = lock(workspace)?;
    if journal::interrupted(workspace)?.is_some() {
        return Err(GenerateError::Interrupted);
    }
    let changes = texts.into_iter().map(|text| Change {
        path: text.path,
        old: Some(text.old.into_bytes()),
        new: Some(text.new.into_bytes()),
    });
    carry_out(&Plan::of(changes.collect(), workspace)?, workspace)
}

/// Asks history once for each path and hash, although the plan is made twice.
fn ask_once(
    answers: &RefCell<BTreeMap<(String, Hash), Option<String>>>,
    request: &Request<'_>,
    path: &str,
    hash: &Hash,
) -> Option<String> {
    let mut answers = answers.borrow_mut();
    let answer = answers.entry((path.to_owned(), hash.clone()));
    answer
        .or_insert_with(|| (request.history)(path, hash))
        .clone()
}

fn lock(workspace: &dyn Workspace) -> Result<Box<dyn LockGuard>, GenerateError> {
    workspace.create_folder(FOLDER)?;
    let lock = workspace.lock(LOCK)?.ok_or(GenerateError::Locked)?;
    let (path, content) = IGNORE;
    if workspace.read(path)?.as_deref() != Some(content) {
        workspace.write_synced(path, content)?;
    }
    Ok(lock)
}

/// Puts a person's texts aside, durably, before anything else happens.
fn keep(texts: &BTreeMap<String, Vec<u8>>, workspace: &dyn Workspace) -> io::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for (path, text) in texts {
        let copy = keep_one(path, text, workspace)?;
        journal::sync(&[parent(&copy)], workspace)?;
        kept.push(Kept {
            path: path.clone(),
            copy,
        });
    }
    Ok(kept)
}

/// Writes the first free number, or finds the number that holds this very text already.
fn keep_one(path: &str, text: &[u8], workspace: &dyn Workspace) -> io::Result<String> {
    let mut number = 1_u32;
    loop {
        let copy = format!("{FOLDER}/kept/{path}.{number}");
        if workspace.kind(&copy)?.is_none() {
            workspace.create_folder(parent(&copy))?;
            return match workspace.copy_synced(path, &copy) {
                Ok(()) => Ok(copy),
                Err(error) => {
                    // Half a copy helps nobody; if it cannot go, the next one gets its own number.
                    let _ = workspace.remove(&copy);
                    Err(error)
                }
            };
        }
        if workspace
            .read(&copy)
            .is_ok_and(|old| old.as_deref() == Some(text))
        {
            return Ok(copy);
        }
        number += 1;
    }
}

fn carry_out(plan: &Plan, workspace: &dyn Workspace) -> Result<(), GenerateError> {
    let journal = match Journal::begin(&plan.changes, workspace) {
        Ok(journal) => journal,
        Err(error) => {
            // Nothing was changed yet, so that what cannot be cleared now does no harm later.
            let _ = Journal::withdraw(workspace);
            return Err(error.into());
        }
    };
    let performed = journal.perform(workspace);
    let finished = match performed {
        Ok(None) => journal.finish(workspace),
        Ok(Some(path)) => {
            return Err(GenerateError::Changed {
                path: path.to_owned(),
                aftermath: undo(&journal, plan, workspace),
            });
        }
        Err(error) => Err(error),
    };
    if let Err(source) = finished {
        return Err(GenerateError::Io {
            source,
            aftermath: undo(&journal, plan, workspace),
        });
    }
    // All is written and durable; a stage that cannot be cleared now is cleared next time.
    let _ = journal::clear_stage(workspace);
    Ok(())
}

fn undo(journal: &Journal, plan: &Plan, workspace: &dyn Workspace) -> Aftermath {
    if journal.undo(&plan.created_folders, workspace).is_err() {
        return Aftermath::Unfinished;
    }
    // Every file is as before; what is left in the stage is cleared next time.
    let _ = journal::clear_stage(workspace);
    Aftermath::Unchanged
}
