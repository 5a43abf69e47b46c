//! Public ports and DNS records.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::deployment::{Deployment, PublicPort};

/// One transport of one public port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OpenPort {
    /// The number.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    /// Its key in `[ports]`.
    pub name: String,
    /// The networks that may reach it; empty means everyone.
    pub from: Vec<String>,
}

impl OpenPort {
    /// `22/tcp (ssh)`.
    pub(super) fn label(&self) -> String {
        format!("{}/{} ({})", self.port, self.protocol, self.name)
    }
}

/// A port that stays open to other networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortChange {
    /// The port as it will be.
    #[serde(flatten)]
    pub port: OpenPort,
    /// The networks before; empty means everyone.
    pub from_before: Vec<String>,
}

/// What changes in both firewalls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ports {
    /// Newly reachable.
    pub opened: Vec<OpenPort>,
    /// No longer reachable.
    pub closed: Vec<OpenPort>,
    /// Reachable from other networks than before.
    pub changed: Vec<PortChange>,
}

impl Ports {
    /// Compares what can be reached; a port that only changed its key is no change.
    pub(super) fn compare(before: Option<&Deployment>, after: &Deployment) -> Self {
        let old = before.map(open_ports).unwrap_or_default();
        let new = open_ports(after);
        let mut ports = Self::default();
        for (key, port) in &new {
            match old.get(key) {
                None => ports.opened.push(port.clone()),
                Some(before) if before.from != port.from => ports.changed.push(PortChange {
                    port: port.clone(),
                    from_before: before.from.clone(),
                }),
                Some(_) => {}
            }
        }
        let closed = old.into_iter().filter(|(key, _)| !new.contains_key(key));
        ports.closed.extend(closed.map(|(_, port)| port));
        ports
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub(super) fn count(&self) -> usize {
        self.opened.len() + self.closed.len() + self.changed.len()
    }
}

/// `everyone`, or the networks.
pub(super) fn sources(from: &[String]) -> String {
    if from.is_empty() {
        "everyone".to_owned()
    } else {
        from.join(", ")
    }
}

fn open_ports(deployment: &Deployment) -> BTreeMap<(u16, &'static str), OpenPort> {
    let mut open = BTreeMap::new();
    for (name, public) in &deployment.ports {
        for protocol in transports(public) {
            let mut from: Vec<String> = public.from.iter().map(ToString::to_string).collect();
            from.sort();
            let port = public.port.number();
            let entry = OpenPort {
                port,
                protocol,
                name: name.to_string(),
                from,
            };
            open.insert((port, protocol), entry);
        }
    }
    open
}

fn transports(port: &PublicPort) -> impl Iterator<Item = &'static str> {
    let tcp = port.protocol.tcp().then_some("tcp");
    let udp = port.protocol.udp().then_some("udp");
    tcp.into_iter().chain(udp)
}

/// One DNS record that leads to the server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DnsRecord {
    /// Fully qualified name.
    pub name: String,
    /// `A` or `AAAA`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// What changes in the zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Domains {
    /// Records that appear.
    pub added: Vec<DnsRecord>,
    /// Records that disappear.
    pub removed: Vec<DnsRecord>,
}

impl Domains {
    pub(super) fn compare(before: Option<&Deployment>, after: &Deployment) -> Self {
        let old = before.map(records).unwrap_or_default();
        let new = records(after);
        Self {
            added: new.difference(&old).cloned().collect(),
            removed: old.difference(&new).cloned().collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}

fn records(deployment: &Deployment) -> BTreeSet<DnsRecord> {
    let kinds: &[&str] = if deployment.server().ipv6 {
        &["A", "AAAA"]
    } else {
        &["A"]
    };
    let names = deployment.domains.values();
    names
        .flat_map(|name| {
            kinds.iter().map(|kind| DnsRecord {
                name: name.to_string(),
                kind,
            })
        })
        .collect()
}
