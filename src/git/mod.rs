//! What git tracks and ignores: a flake sees only what git knows.
//!
//! Git runs as a child process with argument vectors, never through a shell, and with the
//! variables removed that a hook sets. `GIT_DIR`, `GIT_WORK_TREE` and `GIT_INDEX_FILE` describe
//! the commit that is being made (for a partial commit a throw-away index), while Nix looks for
//! `.git` upwards and reads the real index, and that is the view that matters here.

use std::path::{Path, PathBuf};

mod history;
mod index;
mod process;
pub mod rules;
mod visibility;

pub use history::{blob_by_body, show};
pub use rules::findings;
pub use visibility::{Ignored, Tracked, Visibility, visibility, visibility_while};

/// Why git could not answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git` on PATH.
    #[error("`git` is not on PATH")]
    Missing,
    /// Git refuses a repository that another user owns.
    #[error("git does not trust `{}`, which another user owns", folder.display())]
    Untrusted {
        /// The repository's root.
        folder: PathBuf,
    },
    /// The folder is in no work tree.
    #[error("`{}` is not in a git repository", folder.display())]
    OutsideRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// No commit has this name.
    #[error("`{revision}` names no commit of this repository")]
    UnknownRevision {
        /// What was asked for.
        revision: String,
        /// A branch or tag whose name is close.
        nearest: Option<String>,
    },
    /// The name cannot be that of a revision, and could be taken for an option.
    #[error("`{revision}` is not the name of a revision")]
    NotARevision {
        /// What was asked for.
        revision: String,
    },
    /// The committed file is not text.
    #[error("`{path}` at `{revision}` is not UTF-8 text")]
    NotText {
        /// The path.
        path: String,
        /// The revision.
        revision: String,
    },
    /// Anything else that git says.
    #[error("git failed: {message}")]
    Failed {
        /// The first line of what git wrote to its standard error.
        message: String,
    },
    /// Git could not be started, or its output not be read.
    #[error("cannot run `git`: {0}")]
    Run(#[from] std::io::Error),
}

impl GitError {
    /// What to do about it, imperative, without a final period.
    pub fn help(&self) -> String {
        match self {
            Self::Missing | Self::Run(_) => "install git, or put it on PATH".to_owned(),
            Self::Untrusted { folder } => format!(
                "run `git config --global --add safe.directory {}` if you trust it",
                crate::shell::quote(&folder.to_string_lossy())
            ),
            Self::OutsideRepository { .. } => {
                "run `git init`, or change to a folder inside a repository".to_owned()
            }
            Self::UnknownRevision {
                nearest: Some(name),
                ..
            } => format!("write `{name}`, or run `git fetch` if it is on the remote only"),
            Self::UnknownRevision { .. } => {
                "correct the name, or run `git fetch` if it is on the remote only (in CI: fetch the \
                 whole history)"
                    .to_owned()
            }
            Self::NotARevision { .. } => {
                "write a branch, a tag or a commit, such as `origin/main`".to_owned()
            }
            Self::NotText { .. } => "name a revision at which the file is text".to_owned(),
            Self::Failed { .. } => {
                "run `git status` in that folder and mend what it says".to_owned()
            }
        }
    }
}

/// The nearest folder upwards that holds `.git`, a folder or (in worktrees and submodules) a file.
fn repository_root(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    Ok(locate(folder)?.map(|(root, _)| root))
}

/// What leads from the nearest `.git` upwards to a folder, `/` separated; empty outside a
/// repository.
pub fn prefix(folder: &Path) -> String {
    let located = locate(folder).ok().flatten();
    let names = located.iter().flat_map(|(_, prefix)| prefix.components());
    let names = names.map(|name| name.as_os_str().to_string_lossy());
    names.collect::<Vec<_>>().join("/")
}

/// The [root](repository_root) of the repository, and what leads from there to the folder.
fn locate(folder: &Path) -> std::io::Result<Option<(PathBuf, PathBuf)>> {
    let folder = folder.canonicalize()?;
    let mut ancestors = folder.ancestors();
    let root = ancestors.find(|ancestor| ancestor.join(".git").exists());
    Ok(root.map(|root| {
        let prefix = folder.strip_prefix(root).unwrap_or(Path::new(""));
        (root.to_path_buf(), prefix.to_path_buf())
    }))
}
