//! What an apply has done so far, so that another one can go on after a power cut.

use std::io;

use serde::{Deserialize, Serialize};

use crate::workspace::Workspace;

/// The folder of everything that seance keeps for itself; git does not see it.
const FOLDER: &str = ".seance";
const PATH: &str = ".seance/apply.json";
const STAGED: &str = ".seance/apply.json.new";

/// The version of the file; another one is refused rather than guessed at.
const VERSION: u32 = 1;

/// How far an apply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The plan was agreed to; nothing was done.
    Agreed,
    /// The engine works.
    Applying,
    /// The droplet is made at its final size; CPU and memory are still to be raised.
    Made,
    /// NixOS is on the disk; CPU and memory are still to be lowered again.
    Installed,
    /// Everything is as the manifest wants it; it was not verified.
    Applied,
}

impl Step {
    /// How far it came, in words that go on from "it".
    pub fn words(self) -> &'static str {
        match self {
            Self::Agreed => "was agreed to and had not begun",
            Self::Applying => "stopped while the engine worked",
            Self::Made => "had made the droplet and not yet raised its size for the installation",
            Self::Installed => "had installed NixOS and not yet lowered the size again",
            Self::Applied => "was done and not yet verified",
        }
    }
}

/// Where the installation itself writes down how far it came: it goes on when seance is killed.
pub const INSTALLATION: &str = ".seance/installation";

/// What is known of the installation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Installation {
    /// It did not begin: the droplet runs the stock image, which nobody misses.
    #[default]
    NotBegun,
    /// It began, and nobody knows how far it came.
    Begun,
    /// It is done.
    Done,
}

impl Installation {
    /// What the last installation wrote down.
    pub fn read(workspace: &dyn Workspace) -> io::Result<Self> {
        let text = workspace.read(INSTALLATION)?;
        Ok(match text.as_deref().map(<[u8]>::trim_ascii) {
            None => Self::NotBegun,
            Some(b"done") => Self::Done,
            // A torn word was being written, so it began.
            Some(_) => Self::Begun,
        })
    }
}

/// One apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    version: u32,
    /// The server's name.
    pub server: String,
    /// How far it came.
    pub step: Step,
    /// Whether this apply makes the droplet; only then may it install without a question.
    pub makes_droplet: bool,
}

impl Journal {
    /// An apply that was just agreed to; what an earlier one wrote down is forgotten.
    pub fn begin(server: &str, makes_droplet: bool, workspace: &dyn Workspace) -> io::Result<Self> {
        workspace.remove(INSTALLATION)?;
        let journal = Self {
            version: VERSION,
            server: server.to_owned(),
            step: Step::Agreed,
            makes_droplet,
        };
        journal.write(workspace)?;
        Ok(journal)
    }

    /// The apply that did not come to its end; `None` when there is none.
    pub fn read(workspace: &dyn Workspace) -> io::Result<Option<Self>> {
        let Some(bytes) = workspace.read(PATH)? else {
            return Ok(None);
        };
        let journal: Self = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
        if journal.version == VERSION {
            Ok(Some(journal))
        } else {
            let text = format!("version {} is not known to this seance", journal.version);
            Err(unreadable(&text))
        }
    }

    /// Writes it down, durably, before the step is taken.
    pub fn write(&self, workspace: &dyn Workspace) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        workspace.create_folder(FOLDER)?;
        workspace.sync_folder("")?;
        workspace.write_synced(STAGED, &text)?;
        workspace.replace(STAGED, PATH)?;
        workspace.sync_folder(FOLDER)
    }

    /// The apply is over, or another begins: nothing is left to go on with.
    pub fn clear(workspace: &dyn Workspace) -> io::Result<()> {
        workspace.remove(PATH)?;
        workspace.remove(INSTALLATION)?;
        workspace.remove(STAGED)?;
        workspace.sync_folder(FOLDER)
    }
}

fn unreadable(why: &dyn std::fmt::Display) -> io::Error {
    let text = format!(
        "`{PATH}` cannot be read: {why}; look at `seance plan`, then remove the file to start over"
    );
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Crash, MemoryWorkspace};

    #[test]
    fn what_was_written_is_read_again_and_can_be_cleared() {
        let workspace = MemoryWorkspace::new();
        assert_eq!(Journal::read(&workspace).unwrap(), None);
        let mut journal = Journal::begin("web", true, &workspace).unwrap();
        journal.step = Step::Applying;
        journal.write(&workspace).unwrap();
        assert_eq!(Journal::read(&workspace).unwrap(), Some(journal));
        Journal::clear(&workspace).unwrap();
        assert_eq!(Journal::read(&workspace).unwrap(), None);
    }

    #[test]
    fn a_crash_leaves_the_old_or_the_new_text() {
        let old = Journal::begin("web", true, &MemoryWorkspace::new()).unwrap();
        let new = Journal {
            step: Step::Installed,
            ..old.clone()
        };
        for operation in 1..8 {
            for crash in [Crash::Kill, Crash::PowerLoss] {
                let workspace = MemoryWorkspace::new();
                old.write(&workspace).unwrap();
                let before = workspace.operations();
                workspace.crash_at(before + operation, crash);
                let _ = new.write(&workspace);
                workspace.restart();
                let found = Journal::read(&workspace).unwrap().unwrap();
                assert!(found == old || found == new, "{operation} {crash:?}");
            }
        }
    }

    #[test]
    fn a_torn_word_of_the_installation_means_that_it_began() {
        let read = |files: &[(&str, &str)]| {
            Installation::read(&MemoryWorkspace::with(files.iter().copied())).unwrap()
        };
        assert_eq!(read(&[]), Installation::NotBegun);
        assert_eq!(read(&[(INSTALLATION, "")]), Installation::Begun);
        assert_eq!(read(&[(INSTALLATION, "begun\n")]), Installation::Begun);
        assert_eq!(read(&[(INSTALLATION, "done\n")]), Installation::Done);
    }

    #[test]
    fn another_version_and_garbage_are_refused_with_a_way_out() {
        for text in [
            r#"{"version":2,"server":"a","step":"agreed","makes_droplet":false}"#,
            "{",
        ] {
            let workspace = MemoryWorkspace::with([(PATH, text)]);
            let error = Journal::read(&workspace).unwrap_err().to_string();
            assert!(error.contains("remove the file"), "{error}");
        }
    }
}
