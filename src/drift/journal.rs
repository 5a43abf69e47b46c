//! The journal of a generation: how many files become new together.
//!
//! Every new text is staged and synced first, then the journal is put in place, then the staged
//! files are renamed to where they belong, then the journal is removed. Without a journal nothing
//! has happened yet; with one, everything needed to finish is on disk. A step is done only while
//! its file is still what the journal says it was, so that what a person wrote after a kill is
//! never touched.

use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};

use super::error::{Aftermath, GenerateError};
use super::header::hex;
use crate::workspace::{Workspace, ancestors, parent};

/// The folder of seance's own files, ignored by git.
pub const FOLDER: &str = ".seance";
/// Where the journal lies while a generation is under way.
pub const JOURNAL: &str = ".seance/journal.json";
/// Where new texts lie until they are renamed.
pub(super) const STAGE: &str = ".seance/stage";

/// A generation that was stopped after its journal was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interrupted {
    /// The files that it was about to change, ordered; empty when the journal cannot be read.
    pub paths: Vec<String>,
}

/// What recovering an interrupted generation did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Files that are as the interrupted generation wanted them.
    pub completed: Vec<String>,
    /// Files that were changed since, or whose staged text is gone: left as they are.
    pub left: Vec<String>,
}

/// One file that becomes another, or comes, or goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    /// Where.
    pub(super) path: String,
    /// The SHA-256 of the bytes that were there; `None` when there was no file.
    old: Option<String>,
    /// The SHA-256 of the bytes that come; `None` when the file goes.
    new: Option<String>,
}

/// All steps of one generation, in the order in which they are done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    steps: Vec<Step>,
}

/// A change of one file, with its bytes.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) path: String,
    pub(super) old: Option<Vec<u8>>,
    pub(super) new: Option<Vec<u8>>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// The file is as wanted.
    Yes,
    /// Somebody changed the file, or the staged text is gone.
    Changed,
}

/// A generation that was stopped half-way, found without writing anything.
///
/// While another process generates, its journal is seen too.
pub fn interrupted(workspace: &dyn Workspace) -> io::Result<Option<Interrupted>> {
    Ok(read(workspace)?.map(|journal| {
        let steps = journal.steps.into_iter();
        let mut paths: Vec<String> = steps
            .map(|step| step.path)
            .filter(|path| !is_private(path))
            .collect();
        paths.sort();
        Interrupted { paths }
    }))
}

/// Whether an earlier generation left something to finish or to clear away.
pub fn is_unfinished(workspace: &dyn Workspace) -> io::Result<bool> {
    Ok(workspace.kind(JOURNAL)?.is_some() || workspace.kind(STAGE)?.is_some())
}

/// Completes an interrupted generation as far as nobody has changed its files since, and clears
/// what is staged.
pub(super) fn recover(workspace: &dyn Workspace) -> Result<Option<Recovery>, GenerateError> {
    let recovery = match read(workspace)? {
        None => None,
        Some(journal) => {
            let recovery = journal.complete(workspace);
            Some(recovery.map_err(|source| GenerateError::Io {
                source,
                aftermath: Aftermath::Unfinished,
            })?)
        }
    };
    // What is left in the stage without a journal is never read again.
    let _ = clear_stage(workspace);
    Ok(recovery)
}

/// The journal, if there is one; one that cannot be read has no steps.
fn read(workspace: &dyn Workspace) -> io::Result<Option<Journal>> {
    let Some(bytes) = workspace.read(JOURNAL)? else {
        return Ok(None);
    };
    // It was renamed into place whole; what cannot be read was damaged by someone else, and
    // every output is whole without it.
    Ok(Some(serde_json::from_slice(&bytes).unwrap_or_default()))
}

/// Whether a path is seance's own, not the user's.
fn is_private(path: &str) -> bool {
    path.strip_prefix(FOLDER)
        .is_some_and(|rest| rest.starts_with('/'))
}

impl Journal {
    /// Stages every change and puts the journal in place: from here on it will be completed.
    pub(super) fn begin(changes: &[Change], workspace: &dyn Workspace) -> io::Result<Self> {
        workspace.create_folder(STAGE)?;
        let mut journal = Self::default();
        for (index, change) in changes.iter().enumerate() {
            if let Some(new) = &change.new {
                workspace.write_synced(&staged(index), new)?;
                if change.old.is_some() {
                    workspace.copy_synced(&change.path, &aside(index))?;
                }
            }
            journal.steps.push(Step {
                path: change.path.clone(),
                old: change.old.as_deref().map(hex),
                new: change.new.as_deref().map(hex),
            });
        }
        let text = serde_json::to_vec_pretty(&journal)?;
        let draft = format!("{STAGE}/journal.json");
        workspace.write_synced(&draft, &text)?;
        sync(&[STAGE], workspace)?;
        workspace.replace(&draft, JOURNAL)?;
        sync(&[FOLDER], workspace)?;
        Ok(journal)
    }

    /// Does every step. `Ok(Some(path))` names a file that somebody changed in the meantime.
    pub(super) fn perform(&self, workspace: &dyn Workspace) -> io::Result<Option<&str>> {
        for (index, step) in self.steps.iter().enumerate() {
            if step.perform(index, workspace)? == Done::Changed {
                return Ok(Some(&step.path));
            }
        }
        Ok(None)
    }

    /// Does what an interrupted generation did not come to, file by file.
    fn complete(&self, workspace: &dyn Workspace) -> io::Result<Recovery> {
        let mut recovery = Recovery::default();
        for (index, step) in self.steps.iter().enumerate() {
            let done = step.perform(index, workspace)?;
            if is_private(&step.path) {
                continue;
            }
            match done {
                Done::Yes => recovery.completed.push(step.path.clone()),
                Done::Changed => recovery.left.push(step.path.clone()),
            }
        }
        recovery.completed.sort();
        recovery.left.sort();
        self.finish(workspace)?;
        Ok(recovery)
    }

    /// Makes all steps durable, then forgets the journal.
    pub(super) fn finish(&self, workspace: &dyn Workspace) -> io::Result<()> {
        for step in &self.steps {
            if step.new.is_none() {
                remove_empty_folders(&step.path, workspace)?;
            }
        }
        let folders: Vec<&str> = self.steps.iter().map(|step| parent(&step.path)).collect();
        sync(&folders, workspace)?;
        // Should a power loss bring the journal back, all its steps are found done.
        workspace.remove(JOURNAL)
    }

    /// Takes every step back, the last first, then forgets the journal. `created` are the folders
    /// that were not there before.
    pub(super) fn undo(&self, created: &[String], workspace: &dyn Workspace) -> io::Result<()> {
        for (index, step) in self.steps.iter().enumerate().rev() {
            step.undo(index, workspace)?;
        }
        for folder in created {
            workspace.remove_empty_folder(folder)?;
        }
        let folders: Vec<&str> = self.steps.iter().map(|step| parent(&step.path)).collect();
        sync(&folders, workspace)?;
        workspace.remove(JOURNAL)
    }

    /// Withdraws a journal of which no step was done.
    pub(super) fn withdraw(workspace: &dyn Workspace) -> io::Result<()> {
        workspace.remove(JOURNAL)?;
        clear_stage(workspace)
    }
}

impl Step {
    fn perform(&self, index: usize, workspace: &dyn Workspace) -> io::Result<Done> {
        let current = digest(&self.path, workspace)?;
        if current == self.new {
            return Ok(Done::Yes);
        }
        if current != self.old {
            return Ok(Done::Changed);
        }
        if self.new.is_none() {
            workspace.create_folder(STAGE)?;
            workspace.replace(&self.path, &aside(index))?;
            return Ok(Done::Yes);
        }
        if digest(&staged(index), workspace)? != self.new {
            return Ok(Done::Changed);
        }
        workspace.create_folder(parent(&self.path))?;
        workspace.replace(&staged(index), &self.path)?;
        Ok(Done::Yes)
    }

    fn undo(&self, index: usize, workspace: &dyn Workspace) -> io::Result<()> {
        let current = digest(&self.path, workspace)?;
        // Not reached yet, or changed by somebody: not ours to take back.
        if current != self.new || current == self.old {
            return Ok(());
        }
        if self.old.is_none() {
            return workspace.remove(&self.path);
        }
        workspace.create_folder(parent(&self.path))?;
        workspace.replace(&aside(index), &self.path)
    }
}

/// Where the new text of a step waits.
fn staged(index: usize) -> String {
    format!("{STAGE}/{index}.new")
}

/// Where the old text of a step is kept until the generation ends.
fn aside(index: usize) -> String {
    format!("{STAGE}/{index}.old")
}

fn digest(path: &str, workspace: &dyn Workspace) -> io::Result<Option<String>> {
    Ok(workspace.read(path)?.as_deref().map(hex))
}

/// Removes what is staged.
pub(super) fn clear_stage(workspace: &dyn Workspace) -> io::Result<()> {
    for name in workspace.list(STAGE)? {
        workspace.remove(&format!("{STAGE}/{name}"))?;
    }
    workspace.remove_empty_folder(STAGE)
}

/// Removes the folders above a file that is gone, as long as they are empty.
fn remove_empty_folders(path: &str, workspace: &dyn Workspace) -> io::Result<()> {
    for folder in ancestors(path) {
        workspace.remove_empty_folder(folder)?;
    }
    Ok(())
}

/// Makes the entries of these folders durable, and the folders themselves in theirs.
pub(super) fn sync(folders: &[&str], workspace: &dyn Workspace) -> io::Result<()> {
    let mut all = BTreeSet::from([""]);
    for folder in folders {
        all.insert(folder);
        all.extend(ancestors(folder));
    }
    // Deepest first: a folder is durable before the name that leads to it.
    for folder in all.iter().rev() {
        workspace.sync_folder(folder)?;
    }
    Ok(())
}
