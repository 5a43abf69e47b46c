//! How bad a change is for the machine that runs.

use serde::Serialize;

/// What a change does to the running machine, least bad first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// Nothing that anyone would notice.
    None,
    /// Processes restart.
    Restart,
    /// The machine or the application is away for a while.
    Downtime,
    /// It cannot be taken back.
    Irreversible,
    /// What is on the disk, or an address, is lost.
    DataLoss,
}

impl Danger {
    /// The word that every format uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Restart => "restart",
            Self::Downtime => "downtime",
            Self::Irreversible => "irreversible",
            Self::DataLoss => "data-loss",
        }
    }

    /// The words of formats that people read.
    pub fn effect(self) -> &'static str {
        match self {
            Self::None => "no interruption",
            danger => danger.word(),
        }
    }

    /// Whether a reviewer must see it before anything else.
    pub fn is_grave(self) -> bool {
        self >= Self::Downtime
    }
}
