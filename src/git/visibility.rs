//! Which files git knows, in one call.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{GitError, index, locate, process};

/// What git knows of the deployment's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// The folder is in no work tree: a tarball, a flake check, a fresh folder.
    OutsideRepository,
    /// Every asked path that exists, in the order asked.
    Inside(Vec<(String, Tracked)>),
}

/// What git knows of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tracked {
    /// In the index, sparse and conflicted entries included.
    Tracked,
    /// In the index without content: `git add --intent-to-add`. A flake sees it, a commit would
    /// not hold it.
    IntentToAdd,
    /// In the work tree only.
    Untracked,
    /// In the work tree only, and hidden by a pattern.
    Ignored(Option<Ignored>),
    /// Below a nested repository or a symbolic link, where this repository has no say.
    Elsewhere,
}

/// The pattern that hides a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The file that holds the pattern, relative to the asked folder when it lies in the
    /// repository (`../.gitignore` included), else as git names it.
    pub source: String,
    /// Its line, from 1.
    pub line: usize,
    /// The pattern as written.
    pub pattern: String,
}

/// Asks git which of the paths, relative to `root`, it knows. Paths that do not exist are left
/// out: a missing file is drift, not a matter of git.
pub fn visibility(root: &Path, paths: &[&str]) -> Result<Visibility, GitError> {
    visibility_while(root, paths, || ()).0
}

/// As [`visibility`], doing `work` while git looks.
pub fn visibility_while<T>(
    root: &Path,
    paths: &[&str],
    work: impl FnOnce() -> T,
) -> (Result<Visibility, GitError>, T) {
    let question = Question::ask(root, paths);
    let done = work();
    let answer = match question {
        Ok(Some(question)) => question.answer(),
        Ok(None) => Ok(Visibility::OutsideRepository),
        Err(error) => Err(error),
    };
    (answer, done)
}

/// A question that git is at work on.
struct Question<'a> {
    root: &'a Path,
    repository: PathBuf,
    /// Every path that exists, in the order asked.
    existing: Vec<&'a str>,
    /// Those that this repository has a say in.
    here: Vec<&'a str>,
    /// What is known of `here` already.
    known: BTreeMap<String, Tracked>,
    /// The listing of `here`; `None` when all is known.
    listing: Option<process::Running<'a>>,
}

impl<'a> Question<'a> {
    /// Starts the one call, unless the index names every path; `None` outside a repository.
    fn ask(root: &'a Path, paths: &[&'a str]) -> Result<Option<Self>, GitError> {
        let Some((repository, prefix)) = locate(root)? else {
            return Ok(None);
        };
        let exists = |path: &&str| root.join(path).symlink_metadata().is_ok();
        let existing: Vec<&str> = paths.iter().copied().filter(exists).collect();
        let mut folders = Folders {
            root,
            seen: BTreeMap::new(),
        };
        let mut here = existing.clone();
        here.retain(|path| folders.hold(path));
        let (known, listing) = match index::glance(&repository, &prefix, &here) {
            Some(known) => (known, None),
            None if here.is_empty() => (BTreeMap::new(), None),
            None => (BTreeMap::new(), Some(list(root, &here)?)),
        };
        Ok(Some(Self {
            root,
            repository,
            existing,
            here,
            known,
            listing,
        }))
    }

    fn answer(self) -> Result<Visibility, GitError> {
        let mut known = match self.listing.map(process::Running::finish).transpose() {
            Ok(Some(listing)) => listed(&listing),
            Ok(None) => self.known,
            Err(GitError::OutsideRepository { .. }) => return Ok(Visibility::OutsideRepository),
            Err(error) => return Err(error),
        };
        // Everything else was listed, so what is not must be hidden.
        let hidden = self
            .here
            .into_iter()
            .filter(|path| !known.contains_key(*path));
        let hidden: Vec<&str> = hidden.collect();
        if !hidden.is_empty() {
            let mut patterns = patterns(self.root, &self.repository, &hidden)?;
            for path in hidden {
                known.insert(path.to_owned(), Tracked::Ignored(patterns.remove(path)));
            }
        }
        let answer = self.existing.into_iter().map(|path| {
            let tracked = known.remove(path).unwrap_or(Tracked::Elsewhere);
            (path.to_owned(), tracked)
        });
        Ok(Visibility::Inside(answer.collect()))
    }
}

/// The folders below a root that are this repository's own: neither links nor repositories.
struct Folders<'a> {
    root: &'a Path,
    /// What was found of each folder so far.
    seen: BTreeMap<PathBuf, bool>,
}

impl Folders<'_> {
    /// Whether every folder on the way to the path is this repository's own.
    fn hold(&mut self, path: &str) -> bool {
        let folders = Path::new(path).ancestors().skip(1);
        let mut folders = folders.filter(|folder| !folder.as_os_str().is_empty());
        folders.all(|folder| self.is_own(folder))
    }

    fn is_own(&mut self, folder: &Path) -> bool {
        if let Some(own) = self.seen.get(folder) {
            return *own;
        }
        let place = self.root.join(folder);
        let own = !place.is_symlink() && !place.join(".git").exists();
        self.seen.insert(folder.to_path_buf(), own);
        own
    }
}

/// The one call: entries of the index with their object ids, and untracked files that no pattern
/// hides.
fn list<'a>(root: &'a Path, paths: &[&str]) -> Result<process::Running<'a>, GitError> {
    let mut arguments = vec![
        "--literal-pathspecs",
        "ls-files",
        "-z",
        "-t",
        "--stage",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
    ];
    arguments.extend(paths);
    process::start(root, &arguments)
}

/// What the listing says of each path.
fn listed(listing: &[u8]) -> BTreeMap<String, Tracked> {
    let mut known = BTreeMap::new();
    for record in records(listing) {
        if let Some(path) = record.strip_prefix("? ") {
            known.insert(path.to_owned(), Tracked::Untracked);
        } else if let Some((entry, path)) = record.split_once('\t') {
            // An entry without content names the empty blob. A staged empty file looks the same
            // and is just as visible.
            let empty = entry.split(' ').any(|word| EMPTY_BLOBS.contains(&word));
            let tracked = if empty {
                Tracked::IntentToAdd
            } else {
                Tracked::Tracked
            };
            known.insert(path.to_owned(), tracked);
        }
    }
    known
}

/// The object ids of the empty blob, by SHA-1 and by SHA-256.
const EMPTY_BLOBS: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// The second call, only for hidden files: which pattern hides each.
fn patterns(
    root: &Path,
    repository: &Path,
    paths: &[&str],
) -> Result<BTreeMap<String, Ignored>, GitError> {
    let input = paths.join("\0");
    let arguments = ["check-ignore", "--verbose", "-z", "--stdin"];
    let answer = process::ask_about(root, &arguments, input.as_bytes())?;
    // Exit code 1 means that no pattern matches.
    if !matches!(answer.code, Some(0 | 1)) {
        return Err(process::explain(root, &answer));
    }
    let depth = root
        .canonicalize()?
        .strip_prefix(repository)
        .map_or(0, |below| below.components().count());
    let fields = records(&answer.out);
    let mut found = BTreeMap::new();
    for record in fields.chunks_exact(4) {
        let [source, line, pattern, path] = record else {
            continue;
        };
        let ignored = Ignored {
            source: from_folder(root, repository, depth, source),
            line: line.parse().unwrap_or(0),
            pattern: pattern.clone(),
        };
        found.insert(path.clone(), ignored);
    }
    Ok(found)
}

/// Git names a `.gitignore` from the repository's root; a person sits in the manifest's folder.
fn from_folder(root: &Path, repository: &Path, depth: usize, source: &str) -> String {
    if Path::new(source).is_absolute() || depth == 0 || !repository.join(source).exists() {
        return source.to_owned();
    }
    let folder = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    match repository.join(source).strip_prefix(&folder) {
        Ok(inside) => inside.to_string_lossy().into_owned(),
        Err(_) => format!("{}{source}", "../".repeat(depth)),
    }
}

/// NUL-terminated records; a path that is not UTF-8 is none of ours.
fn records(out: &[u8]) -> Vec<String> {
    let records = out
        .split(|byte| *byte == 0)
        .filter(|record| !record.is_empty());
    records
        .map(|record| String::from_utf8_lossy(record).into_owned())
        .collect()
}
