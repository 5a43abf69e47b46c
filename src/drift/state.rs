//! Which state every owned file is in, decided without git and without a network.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use serde::Serialize;

use super::header::{self, Breakage, Header, neutral};
use super::{diff, likeness};
use crate::render::{Ownership, Tree};
use crate::workspace::{EntryKind, Workspace};

/// How a file on disk relates to what seance would write there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Equal, line endings aside.
    Clean,
    /// Not there.
    Missing,
    /// Different, but nobody wrote in it: an older generation, or a formatter went over it.
    Stale,
    /// Somebody wrote in it.
    Edited,
    /// Something that seance never wrote is in its place.
    Foreign,
    /// An untouched file of an earlier generation that is no longer an output.
    Orphan,
}

impl State {
    /// The name used in reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Edited => "edited",
            Self::Foreign => "foreign",
            Self::Orphan => "orphan",
        }
    }

    /// Whether `gen` may change the file without losing what a person wrote.
    pub fn is_safe_to_write(self) -> bool {
        matches!(self, Self::Missing | Self::Stale | Self::Orphan)
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a file is in its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The file is as seance would write it.
    Equal,
    /// There is no file.
    Absent,
    /// It is an untouched older generation.
    Older,
    /// It differs in layout alone.
    Formatted,
    /// Its body does not have the hash that its header names.
    Body,
    /// Its header was changed.
    Header(Breakage),
    /// It has no header.
    NoHeader,
    /// It is not UTF-8.
    NotText,
    /// It is no file that could be read.
    Obstacle(EntryKind),
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Equal => "it is as seance would write it",
            Self::Absent => "it does not exist",
            Self::Older => "seance.toml or seance changed",
            Self::Formatted => "it was reformatted",
            Self::Body => "it was changed after seance wrote it",
            Self::Header(breakage) => return breakage.fmt(formatter),
            Self::NoHeader => "it has no seance header",
            Self::NotText => "it is not UTF-8 text",
            Self::Obstacle(EntryKind::Folder) => "it is a folder",
            Self::Obstacle(EntryKind::File | EntryKind::Other) => {
                "it is a special file, or a symbolic link that is broken or leaves the project"
            }
        })
    }
}

/// One owned path and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDrift {
    /// Path relative to the manifest's folder, `/` separated.
    pub path: String,
    /// How it stands.
    pub state: State,
    /// Why.
    pub cause: Cause,
    /// The whole text that seance would write; `None` when it is no longer an output.
    pub expected: Option<String>,
    /// The text on disk, broken bytes replaced; `None` when there is no file to read.
    pub actual: Option<String>,
}

impl FileDrift {
    /// The unified diff that `gen` would apply; empty for a clean file.
    pub fn diff(&self) -> String {
        if self.state == State::Clean {
            return String::new();
        }
        diff::unified(&self.path, self.actual.as_deref(), self.expected.as_deref())
    }
}

/// A file that is written once and is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// Path relative to the manifest's folder, `/` separated.
    pub path: String,
    /// What `gen` writes there, without a header.
    pub text: String,
}

/// How the working tree stands against one rendered tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// Every owned path that is an output or an orphan, ordered by path.
    pub files: Vec<FileDrift>,
    /// Seeded files that are missing. They are the user's: never drift.
    pub seeds: Vec<Seed>,
}

impl Drift {
    /// Whether any owned file is not clean.
    pub fn is_drifted(&self) -> bool {
        self.drifted().next().is_some()
    }

    /// The files that are not clean.
    pub fn drifted(&self) -> impl Iterator<Item = &FileDrift> {
        self.files.iter().filter(|file| file.state != State::Clean)
    }
}

/// Compares a rendered tree with the working tree.
///
/// Paths in `skip` are kept by hand and left out. Orphans are sought only among `owned_ever`,
/// the paths that any release of seance has owned.
pub fn compare(
    tree: &Tree,
    skip: &BTreeSet<String>,
    owned_ever: &[&str],
    workspace: &dyn Workspace,
) -> io::Result<Drift> {
    let mut drift = Drift::default();
    for (path, file) in &tree.files {
        if skip.contains(path) {
            continue;
        }
        match file.ownership {
            Ownership::Owned => drift.files.push(output(path, &file.body, workspace)?),
            Ownership::Seeded if workspace.kind(path)?.is_none() => drift.seeds.push(Seed {
                path: path.clone(),
                text: file.body.clone(),
            }),
            Ownership::Seeded => {}
        }
    }
    for path in owned_ever {
        if !tree.files.contains_key(*path) && !skip.contains(*path) {
            drift.files.extend(former_output(path, workspace)?);
        }
    }
    drift
        .files
        .sort_by(|left, right| left.path.cmp(&right.path));
    drift.files.dedup_by(|left, right| left.path == right.path);
    Ok(drift)
}

/// What was found at a path.
enum Found {
    Nothing,
    Text(String),
    NotText(String),
    Obstacle(EntryKind),
}

fn look(path: &str, workspace: &dyn Workspace) -> io::Result<Found> {
    match workspace.read(path) {
        Ok(None) => Ok(Found::Nothing),
        Ok(Some(bytes)) => Ok(match String::from_utf8(bytes) {
            Ok(text) => Found::Text(text),
            Err(error) => Found::NotText(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }),
        Err(error) => match workspace.kind(path)? {
            Some(kind @ (EntryKind::Folder | EntryKind::Other)) => Ok(Found::Obstacle(kind)),
            Some(EntryKind::File) | None => Err(error),
        },
    }
}

fn output(path: &str, body: &str, workspace: &dyn Workspace) -> io::Result<FileDrift> {
    let expected = header::stamp(body);
    let (state, cause, actual) = match look(path, workspace)? {
        Found::Nothing => (State::Missing, Cause::Absent, None),
        Found::Obstacle(kind) => (State::Foreign, Cause::Obstacle(kind), None),
        Found::NotText(text) => {
            let state = match header::parse(&text) {
                Header::None => State::Foreign,
                Header::Valid { .. } | Header::Broken { .. } => State::Edited,
            };
            (state, Cause::NotText, Some(text))
        }
        Found::Text(text) => {
            let (state, cause) = judge(path, &expected, &text);
            (state, cause, Some(text))
        }
    };
    Ok(FileDrift {
        path: path.to_owned(),
        state,
        cause,
        expected: Some(expected),
        actual,
    })
}

fn judge(path: &str, expected: &str, actual: &str) -> (State, Cause) {
    if neutral(actual) == expected {
        return (State::Clean, Cause::Equal);
    }
    let expected_body = expected.split_once('\n').map_or("", |(_, body)| body);
    let header = header::parse(actual);
    let fits = header.fits();
    match header {
        Header::None => (State::Foreign, Cause::NoHeader),
        Header::Valid { .. } if fits => (State::Stale, Cause::Older),
        Header::Valid { body, .. } if likeness::alike(path, expected_body, &body) => {
            (State::Stale, Cause::Formatted)
        }
        Header::Valid { .. } => (State::Edited, Cause::Body),
        Header::Broken { breakage, .. } => (State::Edited, Cause::Header(breakage)),
    }
}

/// A path that seance owned once: an orphan if it still carries a header, nothing otherwise.
fn former_output(path: &str, workspace: &dyn Workspace) -> io::Result<Option<FileDrift>> {
    let (text, is_text) = match look(path, workspace)? {
        Found::Text(text) => (text, true),
        Found::NotText(text) => (text, false),
        Found::Nothing | Found::Obstacle(_) => return Ok(None),
    };
    let header = header::parse(&text);
    let (state, cause) = match header {
        Header::None => return Ok(None),
        _ if !is_text => (State::Edited, Cause::NotText),
        Header::Valid { .. } if header.fits() => (State::Orphan, Cause::Older),
        Header::Valid { .. } => (State::Edited, Cause::Body),
        Header::Broken { breakage, .. } => (State::Edited, Cause::Header(breakage)),
    };
    Ok(Some(FileDrift {
        path: path.to_owned(),
        state,
        cause,
        expected: None,
        actual: Some(text),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::RenderedFile;
    use crate::workspace::MemoryWorkspace;

    const BODY: &str = "{\n  a = 1;\n}\n";

    fn tree() -> Tree {
        let file = |ownership, body: &str| RenderedFile {
            ownership,
            body: body.to_owned(),
        };
        Tree {
            files: [
                ("flake.nix".to_owned(), file(Ownership::Seeded, "{ }\n")),
                ("nix/a.nix".to_owned(), file(Ownership::Owned, BODY)),
            ]
            .into(),
        }
    }

    /// The state of `nix/a.nix` with this content.
    fn state(content: impl AsRef<[u8]>) -> (State, Cause) {
        let workspace = MemoryWorkspace::new();
        workspace.put("nix/a.nix", content);
        let drift = compare(&tree(), &BTreeSet::new(), &[], &workspace).unwrap();
        assert_eq!(drift.files.len(), 1);
        let file = &drift.files[0];
        let is_drifted = file.state != State::Clean;
        assert_eq!(drift.is_drifted(), is_drifted);
        assert_eq!(file.diff().is_empty(), !is_drifted);
        (file.state, file.cause)
    }

    #[test]
    fn every_state_of_an_output() {
        let ours = header::stamp(BODY);
        assert_eq!(state(&ours), (State::Clean, Cause::Equal));
        assert_eq!(
            state(ours.replace('\n', "\r\n")),
            (State::Clean, Cause::Equal)
        );
        assert_eq!(state(header::stamp("{ }\n")), (State::Stale, Cause::Older));
        assert_eq!(
            state(ours.replace("  a = 1;", "a=1;")),
            (State::Stale, Cause::Formatted)
        );
        assert_eq!(
            state(ours.replace("a = 1", "a = 2")),
            (State::Edited, Cause::Body)
        );
        assert_eq!(
            state(format!("# mine\n{ours}")),
            (State::Edited, Cause::Header(Breakage::NotFirst))
        );
        assert_eq!(state(BODY), (State::Foreign, Cause::NoHeader));
        assert_eq!(state(""), (State::Foreign, Cause::NoHeader));
        assert_eq!(state(b"\xff\xfe"), (State::Foreign, Cause::NotText));
        assert_eq!(
            state([ours.as_bytes(), b"\xff"].concat()),
            (State::Edited, Cause::NotText)
        );
    }

    #[test]
    fn a_missing_file_and_a_folder_in_its_place() {
        let workspace = MemoryWorkspace::with([("flake.nix", "mine")]);
        let drift = compare(&tree(), &BTreeSet::new(), &[], &workspace).unwrap();
        assert_eq!(drift.files[0].state, State::Missing);
        assert!(drift.files[0].diff().contains("+++ b/nix/a.nix"));
        assert_eq!(drift.seeds, []);

        let workspace = MemoryWorkspace::with([("nix/a.nix/x", "")]);
        let drift = compare(&tree(), &BTreeSet::new(), &[], &workspace).unwrap();
        assert_eq!(drift.files[0].cause, Cause::Obstacle(EntryKind::Folder));
        assert_eq!(drift.files[0].state, State::Foreign);
        assert_eq!(drift.seeds[0].path, "flake.nix");
    }

    #[test]
    fn orphans_are_sought_among_owned_paths_that_carry_a_header() {
        let orphan = header::stamp("old\n");
        let edited = format!("{orphan}more\n");
        let workspace = MemoryWorkspace::with([
            ("flake.nix", ""),
            ("nix/a.nix", header::stamp(BODY).as_str()),
            ("orphan.tf", &orphan),
            ("edited.tf", &edited),
            ("own.tf", "mine\n"),
            ("skipped.tf", &orphan),
            ("unknown.tf", &orphan),
            ("folder.tf/x", ""),
        ]);
        let skip = BTreeSet::from(["skipped.tf".to_owned()]);
        let ever = [
            "orphan.tf",
            "nix/a.nix",
            "edited.tf",
            "own.tf",
            "skipped.tf",
            "folder.tf",
            "gone.tf",
        ];
        let drift = compare(&tree(), &skip, &ever, &workspace).unwrap();
        let states: Vec<_> = drift
            .files
            .iter()
            .map(|file| (file.path.as_str(), file.state))
            .collect();
        assert_eq!(
            states,
            [
                ("edited.tf", State::Edited),
                ("nix/a.nix", State::Clean),
                ("orphan.tf", State::Orphan),
            ]
        );
        assert!(drift.files[2].diff().contains("+++ /dev/null"));
    }

    #[test]
    fn a_skipped_output_is_left_out() {
        let skip = BTreeSet::from(["nix/a.nix".to_owned(), "flake.nix".to_owned()]);
        let drift = compare(&tree(), &skip, &["nix/a.nix"], &MemoryWorkspace::new()).unwrap();
        assert_eq!(drift, Drift::default());
    }
}
