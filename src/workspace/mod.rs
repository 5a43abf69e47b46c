//! All file access of the offline verbs goes through [`Workspace`], so that a test can stop it
//! at any step.

use std::io;

mod memory;
mod os;

pub use memory::MemoryWorkspace;
pub use os::OsWorkspace;

/// A folder of files. Paths are relative to its root, `/` separated, and never leave it.
///
/// Reads answer `Ok(None)` for a path that does not exist; every other failure is an
/// [`io::Error`] whose text names the path.
pub trait Workspace {
    /// The whole content of a file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
    /// Whether something exists at the path, and what.
    fn kind(&self, path: &str) -> io::Result<Option<EntryKind>>;
    /// Names in a folder, sorted; empty when the folder does not exist.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;
    /// Creates a folder and its parents; fine when it is there.
    fn create_folder(&self, path: &str) -> io::Result<()>;
    /// Creates or truncates a file, writes the bytes and syncs them to disk.
    fn write_synced(&self, path: &str, content: &[u8]) -> io::Result<()>;
    /// Renames a file over another, atomically, within the same filesystem.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file; fine when it is gone.
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Removes an empty folder; fine when it is gone or not empty.
    fn remove_empty_folder(&self, path: &str) -> io::Result<()>;
    /// Makes renames and removals in this folder durable.
    fn sync_folder(&self, path: &str) -> io::Result<()>;
    /// Takes the exclusive lock at `path`, held until the guard drops; `Ok(None)` when another
    /// process holds it.
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
    /// Anything else: a socket, a device, a broken link.
    Other,
}
