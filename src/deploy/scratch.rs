//! Folders for what nobody else on the machine may read: plans, and the host's private key.

use std::fs::Permissions;
use std::io;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use crate::workspace::Workspace;

/// Every such folder is called so.
const PREFIX: &str = "seance-";
/// Where the path of the folder with the private key is written down as long as it exists.
const WRITTEN_DOWN: &str = ".seance/host-files";

/// A folder that only this user can open, gone when the result drops.
pub fn folder() -> io::Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX);
    builder.permissions(Permissions::from_mode(0o700)).tempdir()
}

/// Writes the path of a folder down, so that the next run removes it if this one is killed.
pub fn write_down(folder: &Path, workspace: &dyn Workspace) -> io::Result<()> {
    workspace.create_folder(".seance")?;
    workspace.write_synced(WRITTEN_DOWN, folder.as_os_str().as_bytes())
}

/// Removes the folder that was written down last, whether or not its run came to its end.
pub fn sweep(workspace: &dyn Workspace) -> io::Result<()> {
    let Some(bytes) = workspace.read(WRITTEN_DOWN)? else {
        return Ok(());
    };
    let path = PathBuf::from(std::ffi::OsString::from_vec(bytes));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    // Whatever was written there, nothing but a folder of ours is removed.
    let is_ours = path.is_absolute() && name.is_some_and(|name| name.starts_with(PREFIX));
    if is_ours && path.is_dir() {
        std::fs::remove_dir_all(&path)?;
    }
    workspace.remove(WRITTEN_DOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::MemoryWorkspace;

    #[test]
    fn what_a_killed_run_left_is_swept_and_nothing_else() {
        let workspace = MemoryWorkspace::new();
        let left = folder().unwrap().keep();
        std::fs::write(left.join("key"), "private").unwrap();
        write_down(&left, &workspace).unwrap();
        sweep(&workspace).unwrap();
        assert!(!left.exists());
        sweep(&workspace).unwrap();
        let own = tempfile::tempdir().unwrap();
        write_down(own.path(), &workspace).unwrap();
        sweep(&workspace).unwrap();
        assert!(own.path().exists(), "not ours");
    }
}
