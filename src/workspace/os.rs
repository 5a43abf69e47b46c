//! The real filesystem.

/// A folder on disk.
#[derive(Debug)]
pub struct OsWorkspace;
