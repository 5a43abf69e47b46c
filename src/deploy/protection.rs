//! Lifting the protection of the droplet and its address, for one run and no longer.
//!
//! `prevent_destroy` takes no variable, so an override file says otherwise for as long as a run
//! that was confirmed by name lasts. One that a killed run left behind is removed by the next.

use std::io;

use crate::workspace::Workspace;

/// The override file, below the manifest's folder; git ignores it.
pub const PATH: &str = "terraform/seance_override.tf";
const FOLDER: &str = "terraform";

const TEXT: &str = "\
# Written by seance for one confirmed run and removed after it. Remove it if you find it.

resource \"digitalocean_droplet\" \"server\" {
  lifecycle {
    prevent_destroy = false
  }
}

resource \"digitalocean_reserved_ip\" \"server\" {
  lifecycle {
    prevent_destroy = false
  }
}
";

/// The protection is lifted as long as this lives.
pub struct Lifted<'a> {
    workspace: &'a dyn Workspace,
}

/// Lifts the protection.
pub fn lift(workspace: &dyn Workspace) -> io::Result<Lifted<'_>> {
    let lifted = Lifted { workspace };
    workspace.write_synced(PATH, TEXT.as_bytes())?;
    Ok(lifted)
}

impl Lifted<'_> {
    /// Puts the protection back.
    pub fn restore(self) -> io::Result<()> {
        remove(self.workspace).map(|_| ())
    }
}

impl Drop for Lifted<'_> {
    fn drop(&mut self) {
        // Whoever wants to know whether it worked calls `restore`; the next run looks again.
        let _ = remove(self.workspace);
    }
}

/// Removes an override file that a killed run left behind; whether there was one. A file of that
/// name with another text is somebody's own and stays.
pub fn remove(workspace: &dyn Workspace) -> io::Result<bool> {
    let Some(text) = workspace.read(PATH)? else {
        return Ok(false);
    };
    // A torn file is the beginning of ours.
    if !TEXT.as_bytes().starts_with(&text) {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!(
                "`{PATH}` is not seance's: rename it, because seance writes a file of that name"
            ),
        ));
    }
    workspace.remove(PATH)?;
    workspace.sync_folder(FOLDER)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::MemoryWorkspace;

    fn workspace() -> MemoryWorkspace {
        MemoryWorkspace::with([("terraform/main.tf", "")])
    }

    #[test]
    fn it_lasts_as_long_as_the_run() {
        let workspace = workspace();
        let lifted = lift(&workspace).unwrap();
        assert!(
            workspace
                .text(PATH)
                .unwrap()
                .contains("prevent_destroy = false")
        );
        lifted.restore().unwrap();
        assert_eq!(workspace.text(PATH), None);
        drop(lift(&workspace).unwrap());
        assert_eq!(workspace.text(PATH), None);
    }

    #[test]
    fn a_leftover_is_removed_even_when_it_is_torn() {
        for text in [TEXT, "", &TEXT[..40]] {
            let workspace = workspace();
            workspace.put(PATH, text);
            assert!(remove(&workspace).unwrap());
            assert!(!remove(&workspace).unwrap());
        }
    }

    #[test]
    fn a_file_of_somebody_else_is_never_removed() {
        let workspace = workspace();
        workspace.put(PATH, "resource \"a\" \"b\" {}\n");
        let error = remove(&workspace).unwrap_err().to_string();
        assert!(error.contains("rename it"), "{error}");
        assert!(workspace.text(PATH).is_some());
    }
}
