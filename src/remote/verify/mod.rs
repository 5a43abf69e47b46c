//! Whether the machine is what it should be, seen the way its visitors and its owner see it.

mod machine;
mod report;
mod wait;
mod web;

use std::net::IpAddr;
use std::time::Duration;

pub use report::{Check, Outcome, Report};
pub use wait::{Expired, Waiting, wait_for_health, wait_for_login, wait_until};

use super::certificate::Trust;
use super::dns::Servers;
use super::ssh::Ssh;

/// A site with the paths that must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name.
    pub domain: String,
    /// Health paths, each with the slash at its start.
    pub paths: Vec<String>,
}

/// A DNS record that must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The whole name.
    pub name: String,
    /// The address that it must have.
    pub address: IpAddr,
}

/// What should be so.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// The machine's public address.
    pub address: IpAddr,
    /// The way in.
    pub ssh: Ssh,
    /// The store path that must be active; any NixOS when unknown.
    pub system: Option<String>,
    /// Units that must be active, with suffix.
    pub units: Vec<String>,
    /// What must answer over HTTPS.
    pub sites: Vec<Site>,
    /// The DNS zone; no record is looked at without one.
    pub zone: Option<String>,
    /// What the zone's own servers must say.
    pub records: Vec<Record>,
    /// The servers to ask.
    pub name_servers: Servers,
    /// The port for HTTP, 80 but in tests.
    pub http_port: u16,
    /// The port for HTTPS, 443 but in tests.
    pub https_port: u16,
    /// Whose certificates count.
    pub trust: Trust,
    /// Whether a certificate of Let's Encrypt's rehearsal is what was asked for.
    pub staging: bool,
    /// The present time, in seconds since 1970.
    pub now: i64,
    /// How long each single look may take.
    pub patience: Duration,
}

/// Looks at everything, from the cheapest to the dearest; what depends on a failure is skipped.
pub async fn verify(expectation: &Expectation) -> Report {
    let (machine, records, web) = tokio::join!(
        Box::pin(machine::checks(expectation)),
        Box::pin(web::records(expectation)),
        Box::pin(web::sites(expectation)),
    );
    let (mut checks, system) = machine;
    checks.extend(records);
    checks.extend(web);
    Report { checks, system }
}
