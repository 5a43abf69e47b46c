//! What a change of the manifest means: which files, ports, DNS records and services change,
//! what it costs, and what it would destroy.
//!
//! Pure: two deployments and what they render to in, one [`Change`] out. The classes follow
//! version 2.99.1 of the `DigitalOcean` provider and the module that seance generates, whose
//! droplet ignores what only the stock image reads; `apply` asks the real plan again.

use serde::Serialize;

pub use crate::danger::Danger;
use crate::deployment::Deployment;
use crate::render::Tree;
use crate::report::{FileDiff, Format};

mod cost;
mod differences;
mod files;
mod network;
mod project;
mod server;
mod services;

mod github;
mod human;
mod json;
mod markdown;

#[cfg(test)]
mod tests;

pub use cost::{Cost, Transfer};
pub use network::{DnsRecord, Domains, OpenPort, PortChange, Ports};
pub use services::Services;

/// One value of the manifest that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttributeChange {
    /// Its key, such as `server.size`.
    pub key: String,
    /// The value before; `None` when it was not there.
    pub before: Option<String>,
    /// The value after; `None` when it is gone.
    pub after: Option<String>,
    /// What the change does to the running machine.
    pub danger: Danger,
    /// Why, one sentence each.
    pub because: Vec<String>,
}

/// Everything that a change of the manifest means.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The server's name after the change.
    pub server: String,
    /// Why there is nothing to compare with, when there is not.
    pub note: Option<String>,
    /// The values that change, worst first, then by key.
    pub changes: Vec<AttributeChange>,
    /// Public ports.
    pub ports: Ports,
    /// DNS records.
    pub domains: Domains,
    /// Processes and containers.
    pub services: Services,
    /// Monthly price.
    pub cost: Cost,
    /// Included transfer.
    pub transfer: Transfer,
    /// The files that are rendered differently, by path: `added`, `removed` or `changed`.
    pub files: Vec<FileDiff>,
}

impl Change {
    /// Whether nothing at all is different.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.files.is_empty()
            && self.ports.is_empty()
            && self.domains.is_empty()
            && self.services.is_empty()
    }

    /// The worst that happens.
    pub fn danger(&self) -> Danger {
        let dangers = self.changes.iter().map(|change| change.danger);
        dangers.max().unwrap_or(Danger::None)
    }

    /// The grave changes, worst first.
    fn grave(&self) -> impl Iterator<Item = &AttributeChange> {
        self.changes
            .iter()
            .filter(|change| change.danger.is_grave())
    }

    /// The other changes, worst first.
    fn mild(&self) -> impl Iterator<Item = &AttributeChange> {
        self.changes
            .iter()
            .filter(|change| !change.danger.is_grave())
    }
}

/// What changes between two deployments and what they render to.
pub fn compare(
    before: &Deployment,
    after: &Deployment,
    before_tree: &Tree,
    after_tree: &Tree,
) -> Change {
    let mut changes = server::compare(before, after);
    changes.extend(project::compare(before, after));
    let (services, service_changes) = services::compare(before, after);
    changes.extend(service_changes);
    changes.sort_by(|a, b| b.danger.cmp(&a.danger).then_with(|| a.key.cmp(&b.key)));
    Change {
        server: after.server().name.to_string(),
        note: None,
        services: services.restarting(&changes, before, after),
        changes,
        ports: Ports::compare(Some(before), after),
        domains: Domains::compare(Some(before), after),
        cost: Cost::compare(Some(before), after),
        transfer: Transfer::compare(Some(before), after),
        files: files::compare(before_tree, after_tree, &after.skip),
    }
}

/// A deployment that has nothing to be compared with, and why: everything is new.
pub fn introduce(after: &Deployment, after_tree: &Tree, why: impl Into<String>) -> Change {
    Change {
        server: after.server().name.to_string(),
        note: Some(why.into()),
        changes: Vec::new(),
        ports: Ports::compare(None, after),
        domains: Domains::compare(None, after),
        services: Services::introduced(after),
        cost: Cost::compare(None, after),
        transfer: Transfer::compare(None, after),
        files: files::compare(&Tree::default(), after_tree, &after.skip),
    }
}

/// The report of `diff --against` in one format; `None` for SARIF, which knows findings only.
/// `prefix` is as in [`crate::report::Check::prefix`].
pub fn report(format: Format, change: &Change, revision: &str, prefix: &str) -> Option<String> {
    let change = &Change {
        files: crate::report::masked(&change.files),
        ..change.clone()
    };
    Some(match format {
        Format::Human(terminal) => human::report(terminal, change, revision),
        Format::Json => json::report(change, revision),
        Format::Github => github::report(change, revision, prefix),
        Format::Markdown => markdown::report(change, revision),
        Format::Sarif => return None,
    })
}

/// One line about how much changes.
fn summary(change: &Change) -> String {
    use crate::report::counted;
    if change.is_empty() {
        return "nothing changes".to_owned();
    }
    let mut words = vec![counted(change.files.len(), "file", "files")];
    let grave = change.grave().count();
    if grave > 0 {
        words.push(counted(grave, "danger", "dangers"));
    }
    let ports = change.ports.count();
    if ports > 0 {
        words.push(counted(ports, "port", "ports"));
    }
    let records = change.domains.added.len() + change.domains.removed.len();
    if records > 0 {
        words.push(counted(records, "DNS record", "DNS records"));
    }
    let restarted = change.services.restarted.len();
    if restarted > 0 {
        words.push(format!(
            "{} restarted",
            counted(restarted, "service", "services")
        ));
    }
    words.join(", ")
}
