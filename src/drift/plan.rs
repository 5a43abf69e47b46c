//! What a generation would do, decided before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::error::{GenerateError, Obstacle};
use super::generation::{Action, FileAction, Generation, OnEdit, Refusal, Request};
use super::header::Hash;
use super::journal::{Change, FOLDER};
use super::merge::{self, Unmergeable};
use super::rules;
use super::state::{Cause, FileDrift, State, compare};
use crate::workspace::{EntryKind, Workspace, ancestors};

/// Everything that a generation would do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What to tell the user afterwards.
    pub(super) result: Generation,
    /// Changes in the order in which they are done.
    pub(super) changes: Vec<Change>,
    /// Texts of a person that are put aside before they are replaced.
    pub(super) keep: BTreeMap<String, Vec<u8>>,
    /// Folders of the user that the changes create, the deepest first.
    pub(super) created_folders: Vec<String>,
}

impl Plan {
    pub(super) fn make(
        request: &Request<'_>,
        workspace: &dyn Workspace,
    ) -> Result<Self, GenerateError> {
        let drift = compare(request.tree, request.skip, request.owned_ever, workspace)?;
        let mut plan = Self::default();
        let mut generated = Vec::new();
        for file in drift.drifted() {
            if plan.add(file, request, workspace)? {
                generated.push(file);
            }
        }
        for seed in &drift.seeds {
            plan.act(&seed.path, Action::Seeded);
            plan.change(
                seed.path.clone(),
                None,
                Some(seed.text.clone().into_bytes()),
            );
        }
        if !plan.result.refused.is_empty() {
            plan.result.files.clear();
            plan.result.edited.clear();
            return Ok(plan);
        }
        for file in generated {
            plan.change_base(file, workspace)?;
        }
        plan.result
            .files
            .sort_by(|left, right| left.path.cmp(&right.path));
        plan.check_way(workspace)?;
        Ok(plan)
    }

    /// A plan of these changes alone.
    pub(super) fn of(
        changes: Vec<Change>,
        workspace: &dyn Workspace,
    ) -> Result<Self, GenerateError> {
        let mut plan = Self {
            changes,
            ..Self::default()
        };
        plan.check_way(workspace)?;
        Ok(plan)
    }

    /// Whether there is nothing to carry out.
    pub(super) fn is_idle(&self) -> bool {
        self.changes.is_empty() || !self.result.refused.is_empty()
    }

    /// Decides about one file: whether it will hold the new generation, merged or not.
    fn add(
        &mut self,
        file: &FileDrift,
        request: &Request<'_>,
        workspace: &dyn Workspace,
    ) -> Result<bool, GenerateError> {
        if let Cause::Obstacle(kind) = file.cause {
            return Err(in_place(&file.path, kind, workspace)?);
        }
        let action = match (&file.expected, file.state) {
            (None, _) => Action::Removed,
            (Some(_), State::Missing) => Action::Created,
            (Some(_), _) => Action::Updated,
        };
        let old = content(file, workspace)?;
        let new = file.expected.clone();
        match request.on_edit {
            _ if file.state.is_safe_to_write() => {}
            OnEdit::Refuse => {
                self.refuse(file, file.cause.to_string(), rules::help(file), None);
                return Ok(false);
            }
            OnEdit::Force => {
                self.keep
                    .extend(old.clone().map(|old| (file.path.clone(), old)));
            }
            OnEdit::Merge => return Ok(self.merge(file, request, workspace)),
        }
        self.act(&file.path, action);
        self.change(file.path.clone(), old, new.map(String::into_bytes));
        Ok(true)
    }

    fn merge(
        &mut self,
        file: &FileDrift,
        request: &Request<'_>,
        workspace: &dyn Workspace,
    ) -> bool {
        let base_copy = |path: &str, _: &Hash| {
            // A base copy that cannot be read is as good as none: git is asked next.
            let bytes = workspace.read(&base_path(path)).ok()??;
            String::from_utf8(bytes).ok()
        };
        let merged = match merge::merge(file, &[&base_copy, request.history]) {
            Ok(merged) => merged,
            Err(unmergeable) => {
                self.refuse_merge(file, unmergeable);
                return false;
            }
        };
        if file.actual.as_deref() != Some(&merged) {
            self.act(&file.path, Action::Merged);
            let old = file.actual.clone().map(String::into_bytes);
            self.change(file.path.clone(), old, Some(merged.clone().into_bytes()));
        }
        if file.expected.as_ref() != Some(&merged) {
            self.result.edited.push(file.path.clone());
        }
        true
    }

    /// Keeps a copy of what was generated, for the next merge; removes it with its file.
    fn change_base(&mut self, file: &FileDrift, workspace: &dyn Workspace) -> io::Result<()> {
        let path = base_path(&file.path);
        let old = workspace.read(&path)?;
        let new = file.expected.clone().map(String::into_bytes);
        if old != new {
            self.change(path, old, new);
        }
        Ok(())
    }

    fn refuse_merge(&mut self, file: &FileDrift, unmergeable: Unmergeable) {
        let (reason, conflict) = match unmergeable {
            Unmergeable::NoOutput => (
                "it is no longer an output, so there is nothing to merge the edit with".to_owned(),
                None,
            ),
            Unmergeable::NoHeader => (file.cause.to_string(), None),
            Unmergeable::NoBase => (
                "the generated text that it was made from is neither in `.seance/base/` nor in git"
                    .to_owned(),
                None,
            ),
            Unmergeable::Conflict(conflict) => (
                "the edit and `seance.toml` change the same lines".to_owned(),
                Some(conflict),
            ),
        };
        self.refuse(
            file,
            reason,
            "run `seance gen --force`".to_owned(),
            conflict,
        );
    }

    fn refuse(&mut self, file: &FileDrift, reason: String, help: String, conflict: Option<String>) {
        self.result.refused.push(Refusal {
            path: file.path.clone(),
            state: file.state,
            reason,
            help,
            diff: file.diff(),
            conflict,
        });
    }

    fn act(&mut self, path: &str, action: Action) {
        self.result.files.push(FileAction {
            path: path.to_owned(),
            action,
        });
    }

    fn change(&mut self, path: String, old: Option<Vec<u8>>, new: Option<Vec<u8>>) {
        self.changes.push(Change { path, old, new });
    }

    /// Makes sure that every file can come to its place: no link there, and only folders above.
    fn check_way(&mut self, workspace: &dyn Workspace) -> Result<(), GenerateError> {
        let mut created = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for change in &self.changes {
            let output = change.path.as_str();
            let fail = |obstacle| GenerateError::Obstacle {
                output: output.to_owned(),
                obstacle,
            };
            if workspace.is_link(output)? {
                let path = output.to_owned();
                return Err(fail(Obstacle::Link { path }));
            }
            for folder in ancestors(output) {
                if !seen.insert(folder.to_owned()) {
                    continue;
                }
                match workspace.kind(folder)? {
                    Some(EntryKind::Folder) => {}
                    None => {
                        created.insert(folder.to_owned());
                    }
                    Some(kind) => {
                        let path = folder.to_owned();
                        return Err(fail(Obstacle::NoFolder { path, kind }));
                    }
                }
            }
        }
        let is_ours = |folder: &String| folder.split('/').next() == Some(FOLDER);
        self.created_folders = created
            .into_iter()
            .rev()
            .filter(|it| !is_ours(it))
            .collect();
        Ok(())
    }
}

/// Where the copy of the last generated text of a file lies.
pub(super) fn base_path(path: &str) -> String {
    format!("{FOLDER}/base/{path}")
}

/// The bytes that are at the file's path.
fn content(file: &FileDrift, workspace: &dyn Workspace) -> io::Result<Option<Vec<u8>>> {
    match &file.actual {
        // What is not text was read with its broken bytes replaced.
        Some(_) if file.cause == Cause::NotText => workspace.read(&file.path),
        Some(text) => Ok(Some(text.clone().into_bytes())),
        None => Ok(None),
    }
}

fn in_place(path: &str, kind: EntryKind, workspace: &dyn Workspace) -> io::Result<GenerateError> {
    let output = path.to_owned();
    let path = path.to_owned();
    let obstacle = if workspace.is_link(&path)? {
        Obstacle::Link { path }
    } else {
        Obstacle::InPlace { path, kind }
    };
    Ok(GenerateError::Obstacle { output, obstacle })
}
