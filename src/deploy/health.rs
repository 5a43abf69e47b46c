//! What a deployment promises, as something that can be looked at from outside.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::deployment::{CertificateAuthority, Deployment};
use crate::remote::certificate::Trust;
use crate::remote::dns::Servers;
use crate::remote::ssh::{Host, Ssh};
use crate::remote::verify::{Expectation, Record, Site};

/// How long each single look may take.
const PATIENCE: Duration = Duration::from_secs(15);
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// What the engine's state says about a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The address that the records point to.
    pub ipv4: IpAddr,
    /// The other one, when the droplet has it.
    pub ipv6: Option<IpAddr>,
    /// The host key that was made for it, as `TYPE BASE64`.
    pub host_key: Option<String>,
}

impl Outputs {
    /// Reads the module's outputs; `None` when there is no server yet.
    pub fn read(outputs: &BTreeMap<String, Value>) -> Option<Self> {
        let text = |name: &str| outputs.get(name).and_then(Value::as_str);
        let address = |name: &str| text(name)?.parse().ok();
        Some(Self {
            ipv4: address("ipv4_address")?,
            ipv6: address("ipv6_address"),
            host_key: text("ssh_host_public_key").map(str::to_owned),
        })
    }
}

/// The way into a server, by the keys and the configuration of the person.
pub fn ssh(deployment: &Deployment, outputs: &Outputs, known_hosts: PathBuf) -> Ssh {
    let port = deployment.ports.get("ssh");
    Ssh::new(Host {
        address: outputs.ipv4.to_string(),
        port: port.map_or(22, |ssh| ssh.port.number()),
        user: "root".to_owned(),
        known_hosts,
        identity: None,
    })
}

/// Everything that must be so. `system` is the store path that was deployed, when it is known.
pub fn expectation(
    deployment: &Deployment,
    outputs: &Outputs,
    ssh: Ssh,
    system: Option<String>,
    now: i64,
) -> Expectation {
    let server = deployment.server();
    let records = deployment.domains.values().flat_map(|domain| {
        let addresses = [Some(outputs.ipv4), outputs.ipv6.filter(|_| server.ipv6)];
        addresses.into_iter().flatten().map(|address| Record {
            name: domain.to_string(),
            address,
        })
    });
    Expectation {
        address: outputs.ipv4,
        ssh,
        system,
        units: vec![format!("{}.service", server.name)],
        sites: health_paths(deployment),
        zone: Some(deployment.dns.zone.to_string()),
        records: records.collect(),
        name_servers: Servers::OfZone,
        http_port: HTTP,
        https_port: HTTPS,
        trust: Trust::Public,
        staging: deployment.caddy.ca == CertificateAuthority::Staging,
        now,
        patience: PATIENCE,
    }
}

/// The health paths of every site that Caddy serves under the server's profile.
fn health_paths(deployment: &Deployment) -> Vec<Site> {
    let served = deployment.services.values().flat_map(|service| {
        let paths: Vec<String> = service.health.iter().map(ToString::to_string).collect();
        let domains = service
            .domains
            .iter()
            .filter_map(|key| deployment.domains.get(key));
        domains.map(move |domain| Site {
            domain: domain.to_string(),
            paths: paths.clone(),
        })
    });
    served.collect()
}
