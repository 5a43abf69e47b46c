//! What a provider does in its own time: it is asked for, is in progress, and has happened.

use std::net::Ipv4Addr;
use std::time::Instant;

use super::account::Status;

/// Something in progress, or done.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) id: u64,
    /// The API's name for it.
    pub(super) kind: String,
    pub(super) target: Target,
    pub(super) region: String,
    pub(super) started_at: String,
    pub(super) completed_at: Option<String>,
    /// Whether it ends, or has ended, without effect.
    pub(super) is_errored: bool,
    /// When it is done; never, for a droplet that is made to stay new.
    pub(super) due: Option<Instant>,
    pub(super) effect: Effect,
}

/// What an action changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Droplet(u64),
    ReservedIp(Ipv4Addr),
    Volume(String),
}

/// What has changed when an action is done.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    Nothing,
    Status(Status),
    Rename(String),
    Ipv6,
    Backups(bool),
    Resize {
        size: String,
        price: f64,
        /// The new disk in GiB, where the disk grows with the size.
        disk: Option<u32>,
    },
    /// An address or a volume belongs to a droplet.
    Lead(u64),
    /// An address or a volume belongs to none.
    Release,
    /// A volume has this many GiB.
    Grow(u64),
}

impl Effect {
    /// The droplet that something belongs to afterwards.
    pub(super) fn droplet(&self) -> Option<u64> {
        match self {
            Self::Lead(droplet) => Some(*droplet),
            _ => None,
        }
    }
}

/// How actions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Completed,
    Errored,
    Never,
}
