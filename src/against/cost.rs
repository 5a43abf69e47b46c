//! Price and transfer of the droplet's size, from dated facts.

use serde::Serialize;

use crate::catalog;
use crate::deployment::{Deployment, Server};

/// The price of the droplet, weekly backups included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cost {
    /// A month before; absent when there was no droplet.
    pub before: Option<f64>,
    /// A month after.
    pub after: f64,
    /// Always `USD`.
    pub currency: &'static str,
    /// When the prices were read.
    pub as_of: &'static str,
    /// Whether both prices come from a reliable list.
    pub certain: bool,
    /// What the figures leave out, one sentence each.
    pub notes: Vec<&'static str>,
}

impl Cost {
    pub(super) fn compare(before: Option<&Deployment>, after: &Deployment) -> Self {
        let before = before.map(Deployment::server);
        let after = after.server();
        let backups = after.backups || before.is_some_and(|server| server.backups);
        let mut notes = Vec::new();
        if backups {
            notes.push("weekly backups are counted as a share of the droplet's price");
        }
        if after.install_size.is_some() {
            notes.push("the installation size is charged while the installation lasts");
        }
        Self {
            before: before.map(monthly),
            after: monthly(after),
            currency: "USD",
            as_of: catalog::sizes_as_of(),
            certain: after.size.certain
                && before.is_none_or(|server| server.size.certain)
                && (!backups || catalog::backup_price().certain),
            notes,
        }
    }

    /// `$18.00 -> $24.00 a month (+$6.00)`.
    pub(super) fn sentence(&self) -> String {
        let after = self.after;
        match self.before {
            Some(before) if (before - after).abs() > 0.005 => {
                let sign = if after > before { '+' } else { '-' };
                let difference = (after - before).abs();
                format!("${before:.2} -> ${after:.2} a month ({sign}${difference:.2})")
            }
            Some(_) => format!("${after:.2} a month, as before"),
            None => format!("${after:.2} a month"),
        }
    }

    /// Where the price comes from.
    pub(super) fn source(&self) -> String {
        let doubt = if self.certain {
            ""
        } else {
            ", from a less certain list"
        };
        format!("list price as of {}{doubt}", self.as_of)
    }
}

fn monthly(server: &Server) -> f64 {
    server.size.monthly_usd(server.backups)
}

/// The outbound transfer that the price includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// GiB a month before; absent when unknown or when there was no droplet.
    pub before: Option<u32>,
    /// GiB a month after; absent when unknown.
    pub after: Option<u32>,
    /// Always `GiB`.
    pub unit: &'static str,
    /// When the facts were read.
    pub as_of: &'static str,
}

impl Transfer {
    pub(super) fn compare(before: Option<&Deployment>, after: &Deployment) -> Self {
        Self {
            before: before.and_then(|deployment| deployment.server().size.transfer_gib()),
            after: after.server().size.transfer_gib(),
            unit: "GiB",
            as_of: catalog::sizes_as_of(),
        }
    }

    /// `3000 -> 4000 GiB of transfer included`; `None` when the facts do not tell.
    pub(super) fn sentence(&self) -> Option<String> {
        let after = self.after?;
        Some(match self.before {
            Some(before) if before != after => {
                format!("{before} -> {after} GiB of transfer a month included")
            }
            _ => format!("{after} GiB of transfer a month included"),
        })
    }
}
