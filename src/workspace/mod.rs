//! All file access of the offline verbs goes through [`Workspace`], so that a test can stop it
//! at any step.

use std::io;

mod memory;
mod os;
mod remember;

pub use memory::{Crash, MemoryWorkspace};
pub use os::OsWorkspace;
pub use remember::Remember;

/// A folder of files. Paths are relative to its root, `/` separated, and never leave it: a path
/// with `..`, an absolute one, or one that a symbolic link leads out of the root is refused.
/// The empty path is the root itself.
///
/// Reads answer `Ok(None)` for a path that does not exist; every other failure is an
/// [`io::Error`] whose text names the path.
pub trait Workspace {
    /// The whole content of a file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
    /// Whether something exists at the path, and what; follows a link within the root.
    fn kind(&self, path: &str) -> io::Result<Option<EntryKind>>;
    /// Whether the path itself is a symbolic link, wherever it leads.
    fn is_link(&self, path: &str) -> io::Result<bool>;
    /// Names in a folder, sorted; empty when the folder does not exist.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;
    /// Creates a folder and its parents; fine when it is there.
    fn create_folder(&self, path: &str) -> io::Result<()>;
    /// Creates or truncates a file, writes the bytes and syncs them to disk. A new file gets the
    /// ordinary permissions of the user's umask.
    fn write_synced(&self, path: &str, content: &[u8]) -> io::Result<()>;
    /// Copies a file like [`Self::write_synced`] writes one; a new copy is readable by nobody who
    /// could not read the original.
    fn copy_synced(&self, from: &str, to: &str) -> io::Result<()>;
    /// Moves a file to another path of the same filesystem, atomically. A file that it replaces
    /// hands its permissions on; a link that it replaces is not followed.
    fn replace(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file or a link; fine when it is gone.
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Removes an empty folder; fine when it is gone or not empty.
    fn remove_empty_folder(&self, path: &str) -> io::Result<()>;
    /// Makes creations, moves and removals in this folder durable; fine when it is gone.
    fn sync_folder(&self, path: &str) -> io::Result<()>;
    /// Takes the exclusive lock at `path`, held until the guard drops; `Ok(None)` when another
    /// process holds it. The lock file itself stays.
    fn lock(&self, path: &str) -> io::Result<Option<Box<dyn LockGuard>>>;
}

/// Releases a lock when dropped.
pub trait LockGuard {}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file (or a link to one).
    File,
    /// A folder (or a link to one).
    Folder,
    /// Anything else: a socket, a device, a link that is broken or leads out of the root.
    Other,
}

/// The folder that holds a path; the root for a path without a folder.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Every folder above a path, the nearest first, the root left out.
pub fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = parent(rest);
        (!rest.is_empty()).then_some(rest)
    })
}

/// Refuses a path that is not plainly relative; the empty path, the root, is fine.
fn check_path(path: &str) -> io::Result<()> {
    let plain = path
        .split('/')
        .all(|name| !name.is_empty() && name != "." && name != ".." && !name.contains('\0'));
    if plain || path.is_empty() {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("`{}` is not a path inside the project", path.escape_debug()),
    ))
}

/// An error of the same kind whose text says what was tried with which path.
fn explain(action: &str, path: &str, error: &io::Error) -> io::Error {
    let path = if path.is_empty() { "." } else { path };
    io::Error::new(error.kind(), format!("cannot {action} `{path}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_relative_paths_pass() {
        for good in ["", "a", "a/b.nix", ".seance/x", "a..b", "...", "ü/ß"] {
            assert!(check_path(good).is_ok(), "{good}");
        }
        for bad in [
            "/", "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "./a", "a\0b",
        ] {
            let error = check_path(bad).expect_err(bad);
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        }
    }

    #[test]
    fn ancestors_are_nearest_first_without_the_root() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(ancestors("a").count(), 0);
        assert_eq!(parent("a"), "");
    }
}
