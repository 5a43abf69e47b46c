//! Exit codes: stable, one meaning each.

use std::process::ExitCode;

/// Shown at the end of `--help`.
pub(super) const HELP: &str = "\
Exit codes:
  0    fine
  1    the operation failed
  2    there are differences (diff, diff --against, gen --check, plan --detailed-exitcode)
  3    the manifest is invalid, or check found an error
  4    refused: it would destroy data or overwrite a person's edit
  5    deployed but unhealthy, or rolled back
  6    another seance is at work here
  7    a tool or a credential is missing
  64   the command line is wrong
  70   a bug in seance
  130  interrupted";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well.
    Fine,
    /// An operation failed.
    Failed,
    /// There are differences.
    Differences,
    /// The manifest is invalid, or a finding of severity error.
    Invalid,
    /// It would destroy data or overwrite a person's edit.
    Refused,
    /// It was deployed and does not do what was promised.
    Unhealthy,
    /// Another process holds the lock.
    Locked,
    /// A program that is needed is not there.
    Missing,
    /// The command line is wrong.
    Usage,
    /// A bug in seance.
    Bug,
    /// Stopped by the person.
    Interrupted,
}

impl Exit {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Failed => 1,
            Self::Differences => 2,
            Self::Invalid => 3,
            Self::Refused => 4,
            Self::Unhealthy => 5,
            Self::Locked => 6,
            Self::Missing => 7,
            Self::Usage => 64,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
