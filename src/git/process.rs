//! One child process of git.

use std::io::{Error, ErrorKind, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::{GitError, repository_root};

/// What git sets for its hooks, and what would change how it reads paths. The list is that of
/// `git rev-parse --local-env-vars` without the configuration that `git -c` passes on, because
/// `safe.directory` may be among it.
const REMOVED: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// What git answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// The exit code; `None` when a signal ended it.
    pub(super) code: Option<i32>,
    /// Its standard output.
    pub(super) out: Vec<u8>,
    /// Its standard error.
    pub(super) err: String,
}

/// A git command that changes nothing, in a folder.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // A repository's own configuration may name a program as its file system monitor.
    command.args(["--no-pager", "-c", "core.fsmonitor=false"]);
    command.args(arguments).current_dir(folder);
    for name in REMOVED {
        command.env_remove(name);
    }
    command
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    command
}

/// A git command at work. It waits while nobody reads what it says beyond a pipe's capacity.
#[derive(Debug)]
pub(super) struct Running<'a> {
    folder: &'a Path,
    child: Child,
}

/// Starts git and does not wait for it.
pub(super) fn start<'a>(folder: &'a Path, arguments: &[&str]) -> Result<Running<'a>, GitError> {
    let mut command = command(folder, arguments);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    match child {
        Ok(child) => Ok(Running { folder, child }),
        Err(error) => Err(cannot_start(folder, error)),
    }
}

impl Running<'_> {
    /// Waits for its output; everything but exit code 0 is an error.
    pub(super) fn finish(self) -> Result<Vec<u8>, GitError> {
        let answer = answer(self.child.wait_with_output()?);
        if answer.code == Some(0) {
            Ok(answer.out)
        } else {
            Err(explain(self.folder, &answer))
        }
    }
}

/// Runs git; an exit code is an answer, not an error.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Answer, GitError> {
    let output = command(folder, arguments).output();
    output
        .map(answer)
        .map_err(|error| cannot_start(folder, error))
}

/// Runs git with a text on its standard input.
pub(super) fn ask_about(
    folder: &Path,
    arguments: &[&str],
    input: &[u8],
) -> Result<Answer, GitError> {
    let mut child = command(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(folder, error))?;
    let stdin = child.stdin.take();
    // Written from a second thread, so that neither side waits for the other with a full pipe. A
    // write fails only when git ends early, and then its exit code tells more.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })?;
    Ok(answer(output))
}

fn answer(output: Output) -> Answer {
    Answer {
        code: output.status.code(),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A missing folder is `NotFound` too, and no reason to install git.
fn cannot_start(folder: &Path, error: Error) -> GitError {
    if error.kind() == ErrorKind::NotFound && folder.is_dir() {
        GitError::Missing
    } else {
        GitError::Run(error)
    }
}

/// Runs git; everything but exit code 0 is an error.
pub(super) fn run(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    start(folder, arguments)?.finish()
}

/// The error behind a failed call.
pub(super) fn explain(folder: &Path, answer: &Answer) -> GitError {
    if answer.err.contains("dubious ownership") {
        let root = repository_root(folder).ok().flatten();
        return GitError::Untrusted {
            folder: root.unwrap_or_else(|| folder.to_path_buf()),
        };
    }
    if answer.err.contains("not a git repository")
        || answer.err.contains("must be run in a work tree")
    {
        return GitError::OutsideRepository {
            folder: folder.to_path_buf(),
        };
    }
    let fatal = answer
        .err
        .lines()
        .find_map(|line| {
            line.strip_prefix("fatal: ")
                .or_else(|| line.strip_prefix("error: "))
        })
        .or_else(|| answer.err.lines().next());
    GitError::Failed {
        message: fatal.unwrap_or("it ended without a word").to_owned(),
    }
}
