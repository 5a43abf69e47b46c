//! `check --fix`: makes the edits of findings, round by round, until none is left.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::failure::Failure;
use super::super::project::Project;
use super::gather::Gathered;
use crate::drift::header::{self, Header};
use crate::drift::{self, Rewrite};
use crate::finding::{Finding, Patch};
use crate::fix::{self, Round};
use crate::render::outputs;
use crate::report::{self, Terminal};
use crate::workspace::{OsWorkspace, Workspace};

/// An edit may uncover the next, but not for ever.
const ROUNDS: usize = 16;

/// What is there after every edit.
pub(super) struct Fixed {
    pub(super) project: Option<Project>,
    pub(super) gathered: Gathered,
    pub(super) changes: Vec<Change>,
}

/// A file that was edited.
pub(super) struct Change {
    path: String,
    before: String,
    after: String,
    edits: usize,
}

impl Change {
    /// The edits as a diff for a person.
    pub(super) fn shown(&self, terminal: Terminal) -> String {
        let diff = drift::unified(&self.path, Some(&self.before), Some(&self.after));
        report::fixed(terminal, &self.path, self.edits, diff)
    }
}

type Look<'a> = dyn Fn() -> Result<(Option<Project>, Gathered), Failure> + 'a;

/// Looks, edits and looks again until nothing more can be edited.
pub(super) fn run(look: &Look<'_>, start: &Path) -> Result<Fixed, Failure> {
    let (mut project, mut gathered) = look()?;
    let mut changes: BTreeMap<String, Change> = BTreeMap::new();
    let mut notes = BTreeSet::new();
    for _ in 0..ROUNDS {
        let workspace = OsWorkspace::new(project.as_ref().map_or(start, |project| &project.folder));
        let patches = writable(project.as_ref(), &gathered, &workspace, &mut notes)?;
        let round = fix::round(patches, &gathered.sources);
        notes.extend(round.refused.iter().map(|patch| refusal(patch, &gathered)));
        if round.files.is_empty() {
            break;
        }
        write(round, &gathered, &workspace, &mut changes)?;
        (project, gathered) = look()?;
    }
    gathered.notes.extend(notes);
    Ok(Fixed {
        project,
        gathered,
        changes: changes.into_values().collect(),
    })
}

/// The edits of files that a person wrote and that can be written.
fn writable<'a>(
    project: Option<&Project>,
    gathered: &'a Gathered,
    workspace: &OsWorkspace,
    notes: &mut BTreeSet<String>,
) -> Result<Vec<&'a Patch>, Failure> {
    let owned = project.and_then(Project::deployment).map(outputs::owned);
    let patches: Vec<&Patch> = gathered.findings.iter().filter_map(edit).collect();
    let paths: BTreeSet<&str> = patches.iter().map(|patch| patch.file.as_str()).collect();
    let mut writable = BTreeSet::new();
    for path in paths {
        let Some(text) = gathered.sources.get(path) else {
            continue;
        };
        let is_owned = owned.as_ref().is_some_and(|owned| owned.contains(path));
        // What seance generates changes through seance.toml alone, wherever it lies.
        if is_owned || !matches!(header::parse(text), Header::None) {
            continue;
        }
        if workspace.is_link(path)? {
            notes.insert(format!(
                "`{path}` was not fixed, because it is a symbolic link"
            ));
        } else if workspace.read(path)?.as_deref() == Some(text.as_bytes()) {
            writable.insert(path);
        } else {
            notes.insert(format!(
                "`{path}` was not fixed, because it is not UTF-8 text"
            ));
        }
    }
    Ok(patches
        .into_iter()
        .filter(|patch| writable.contains(patch.file.as_str()))
        .collect())
}

fn edit(finding: &Finding) -> Option<&Patch> {
    finding.patch.as_ref()
}

fn refusal(patch: &Patch, gathered: &Gathered) -> String {
    let line = gathered.sources.get(&patch.file).map_or(0, |text| {
        crate::finding::Position::of(text, patch.range.start).line
    });
    format!(
        "the edit at {}:{line} was not made, because the file would no longer parse",
        patch.file
    )
}

fn write(
    round: Round,
    gathered: &Gathered,
    workspace: &OsWorkspace,
    changes: &mut BTreeMap<String, Change>,
) -> Result<(), Failure> {
    let mut rewrites = Vec::new();
    for (path, edited) in round.files {
        let old = gathered.sources.get(&path).cloned().unwrap_or_default();
        let change = changes.entry(path.clone()).or_insert_with(|| Change {
            path: path.clone(),
            before: old.clone(),
            after: String::new(),
            edits: 0,
        });
        change.after.clone_from(&edited.text);
        change.edits += edited.edits;
        rewrites.push(Rewrite {
            path,
            old,
            new: edited.text,
        });
    }
    drift::rewrite(rewrites, workspace).map_err(|error| {
        let failure = Failure::from(error);
        let help = failure
            .help
            .replace("`seance gen` again", "`seance check --fix` again");
        Failure::new(failure.exit, failure.message, help)
    })
}
