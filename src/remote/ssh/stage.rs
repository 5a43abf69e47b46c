//! How far a login came, and what that means.

use std::fmt;

use super::{Host, advice};
use crate::remote::Advice;
use crate::remote::system::Kind;

/// Where a login or a command over it ended, in the order in which things happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// There is no `ssh` on this machine, or it did not start, with the reason.
    NoProgram(String),
    /// The name has no address.
    NoName,
    /// There is no way to the address, with the system's own words.
    NoRoute(String),
    /// Nothing answers.
    TimedOut,
    /// The machine answers that nothing listens.
    Refused,
    /// Something listens that is no ssh server, with its first words if it said any.
    NotSsh(Option<String>),
    /// The connection was closed before anybody could log in.
    Closed,
    /// Nobody has said yet that this host key is the right one.
    HostKeyUnknown {
        /// Fingerprint of the key that the machine showed.
        offered: Option<String>,
    },
    /// The machine shows another host key than the pinned one.
    HostKeyChanged {
        /// Fingerprint of the pinned key.
        known: Option<String>,
        /// Fingerprint of the key that the machine showed.
        offered: Option<String>,
    },
    /// The machine accepts none of the keys.
    KeyRefused {
        /// The ways to log in that the machine offers.
        methods: Vec<String>,
        /// How many keys were shown to it.
        shown: usize,
        /// What kept a key from being shown or counted.
        problem: Option<KeyProblem>,
    },
    /// Logged in, but into something else than the machine that was meant.
    WrongSystem(Kind),
    /// The script or command ran and failed.
    CommandFailed {
        /// Its exit status; -1 when a signal killed it.
        status: i32,
        /// The last lines that it wrote about it.
        said: Vec<String>,
    },
    /// The script or command did not end in time.
    TooSlow {
        /// The time that it had.
        seconds: u64,
    },
    /// The connection broke while the script or command ran.
    Lost,
    /// None of the above; ssh's last words.
    Unclear(Vec<String>),
}

/// Why a key that exists was of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// ssh ignores a private key that others may read.
    Readable,
    /// The machine would accept it, but it has a passphrase and no agent holds it.
    Locked,
    /// The file that was named does not exist.
    Missing,
    /// The agent holds so many keys that the machine hung up before the right one.
    TooMany,
}

impl Stage {
    /// How far this is on the way to a command that ran; larger is farther.
    pub fn rank(&self) -> u8 {
        match self {
            Stage::NoProgram(_) => 0,
            Stage::NoName => 1,
            Stage::NoRoute(_) => 2,
            Stage::TimedOut => 3,
            Stage::Refused => 4,
            Stage::NotSsh(_) => 5,
            Stage::Closed | Stage::Unclear(_) => 6,
            Stage::HostKeyUnknown { .. } | Stage::HostKeyChanged { .. } => 7,
            Stage::KeyRefused { .. } => 8,
            Stage::WrongSystem(_) => 9,
            Stage::CommandFailed { .. } | Stage::TooSlow { .. } | Stage::Lost => 10,
        }
    }

    /// Whether waiting may help: a machine that boots or is installed passes through it. Host keys
    /// and accounts differ between the stock image, the installer and the system.
    pub fn may_pass(&self) -> bool {
        match self {
            Stage::NoRoute(_)
            | Stage::TimedOut
            | Stage::Refused
            | Stage::NotSsh(None)
            | Stage::Closed
            | Stage::WrongSystem(_)
            | Stage::TooSlow { .. }
            | Stage::Lost
            | Stage::Unclear(_)
            | Stage::HostKeyChanged { .. }
            | Stage::KeyRefused { .. } => true,
            Stage::NoProgram(_)
            | Stage::NoName
            | Stage::NotSsh(Some(_))
            | Stage::HostKeyUnknown { .. }
            | Stage::CommandFailed { .. } => false,
        }
    }
}

/// A login or a command that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Where it ended.
    pub stage: Stage,
    host: Box<Host>,
}

impl Failure {
    /// A failure of this host; for what only the caller can tell, such as the wrong system.
    pub fn new(stage: Stage, host: &Host) -> Self {
        Self {
            stage,
            host: Box::new(host.clone()),
        }
    }

    /// What it means and what comes next.
    pub fn advice(&self) -> Advice {
        advice::of(&self.stage, &self.host)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.advice().what)
    }
}

impl std::error::Error for Failure {}
