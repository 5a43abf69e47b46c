//! Why a generation failed.

use std::io::{self, ErrorKind};

use crate::workspace::EntryKind;

/// Why a generation failed.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// Another `seance gen` is at work in this folder.
    #[error("another `seance gen` is running in this folder")]
    Locked,
    /// A generation was stopped half-way; nothing else is written before it is completed.
    #[error("an earlier `seance gen` was interrupted, and nothing was changed")]
    Interrupted,
    /// Something that is not a plain file, or not a folder, is in the way. Nothing was changed.
    #[error("cannot write `{output}`: {obstacle}, and nothing was changed")]
    Obstacle {
        /// The file that was to be written.
        output: String,
        /// What is in its way.
        obstacle: Obstacle,
    },
    /// A file was changed by somebody else while seance was writing.
    #[error("`{path}` was changed while seance was writing{aftermath}")]
    Changed {
        /// The file.
        path: String,
        /// What became of the other files.
        aftermath: Aftermath,
    },
    /// The filesystem refused; the source names the path.
    #[error("{source}{aftermath}")]
    Io {
        /// What was tried, with which path, and what the system said.
        source: io::Error,
        /// What became of the files.
        aftermath: Aftermath,
    },
}

/// What is in the way of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// A folder or something special where the file should be.
    #[error("{} `{path}` is in its place", kind_name(*kind))]
    InPlace {
        /// Where.
        path: String,
        /// What it is.
        kind: EntryKind,
    },
    /// A file where a folder above the file should be.
    #[error("{} `{path}` is where a folder should be", kind_name(*kind))]
    NoFolder {
        /// Where.
        path: String,
        /// What it is.
        kind: EntryKind,
    },
    /// A symbolic link in the file's place: replacing it would undo what a person arranged, and
    /// writing through it would change a file elsewhere.
    #[error("`{path}` is a symbolic link, which seance neither replaces nor writes through")]
    Link {
        /// Where.
        path: String,
    },
}

fn kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "the file",
        EntryKind::Folder => "the folder",
        EntryKind::Other => "the special file or broken link",
    }
}

/// What a failed generation left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aftermath {
    /// Every file is as it was before.
    Unchanged,
    /// Some files are new and could not be taken back; the next `seance gen` goes on from there.
    Unfinished,
}

impl std::fmt::Display for Aftermath {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Unchanged => ", and nothing was changed",
            Self::Unfinished => ", and some files are already new",
        })
    }
}

impl From<io::Error> for GenerateError {
    /// For failures before anything was changed.
    fn from(source: io::Error) -> Self {
        Self::Io {
            source,
            aftermath: Aftermath::Unchanged,
        }
    }
}

impl GenerateError {
    /// The one command or edit that fixes it, imperative, without a final period.
    pub fn help(&self) -> String {
        match self {
            Self::Locked => "wait until it ends and run `seance gen` again".to_owned(),
            Self::Interrupted => "run `seance gen` to complete it".to_owned(),
            Self::Obstacle { obstacle, .. } => obstacle.help(),
            Self::Changed { .. } => "run `seance gen` again".to_owned(),
            Self::Io { source, .. } => io_help(source.kind()).to_owned(),
        }
    }
}

impl Obstacle {
    fn help(&self) -> String {
        match self {
            Self::InPlace { path, .. } | Self::NoFolder { path, .. } => {
                format!("move `{path}` elsewhere and run `seance gen` again")
            }
            Self::Link { path } => format!(
                "remove the link `{path}`, or list it under `[generate] skip` to keep it by hand"
            ),
        }
    }
}

fn io_help(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space on this disk and run `seance gen` again"
        }
        ErrorKind::ReadOnlyFilesystem => {
            "run `seance gen` where this folder is mounted for writing"
        }
        ErrorKind::PermissionDenied => {
            "make the named file and its folder writable for you and run `seance gen` again"
        }
        ErrorKind::IsADirectory | ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "move what is in the way elsewhere and run `seance gen` again"
        }
        ErrorKind::CrossesDevices => {
            "put the named file and `.seance/` on one filesystem and run `seance gen` again"
        }
        _ => "fix what the message names and run `seance gen` again",
    }
}
