//! A folder in memory, for tests.

/// A folder in memory.
#[derive(Debug)]
pub struct MemoryWorkspace;
