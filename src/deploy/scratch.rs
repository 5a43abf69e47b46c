//! Folders for what nobody else on the machine may read: plans, and the host's private key.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;

use tempfile::{Builder, TempDir};

/// A folder that only this user can open, gone when the result drops.
pub fn folder() -> io::Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix("seance-");
    builder.permissions(Permissions::from_mode(0o700)).tempdir()
}
