//! `[ports]`, `[dns]` and `[domains]`.

use std::collections::BTreeMap;

use super::Resolver;
use crate::deployment::{
    Cidr, DomainKey, DomainName, Port, PortName, Protocol, PublicPort, Refusal, ZoneId,
};
use crate::manifest::{defaults, v1};

/// The one port that speaks both transports by default: HTTP/3 is udp.
const HTTPS: u16 = 443;

impl Resolver<'_> {
    pub(super) fn dns(&mut self, raw: Option<&v1::Dns>) -> (Option<DomainName>, Option<ZoneId>) {
        let Some(raw) = raw else {
            return (None, None);
        };
        // The only provider of this version; the match fails to compile when there is another.
        match raw.provider {
            Some(v1::Provider::Cloudflare) | None => {}
        }
        (
            self.optional(&["dns", "zone"], raw.zone.as_ref()),
            self.optional(&["dns", "zone_id"], raw.zone_id.as_ref()),
        )
    }

    pub(super) fn domains(
        &mut self,
        raw: Option<&BTreeMap<String, String>>,
    ) -> BTreeMap<DomainKey, Option<DomainName>> {
        let mut domains = BTreeMap::new();
        for (key, name) in raw.into_iter().flatten() {
            let path = ["domains", key.as_str()];
            let name = self.text(&path, name);
            if let Some(key) = self.key(&path) {
                domains.insert(key, name);
            }
        }
        domains
    }

    pub(super) fn ports(
        &mut self,
        raw: Option<&BTreeMap<String, v1::PortEntry>>,
    ) -> BTreeMap<PortName, Option<PublicPort>> {
        if !self.document.has(&["ports"]) {
            return default_ports();
        }
        let mut ports = BTreeMap::new();
        for (name, entry) in raw.into_iter().flatten() {
            let path = ["ports", name.as_str()];
            let port = match entry {
                v1::PortEntry::Number(number) => self
                    .port(&path, *number)
                    .map(|port| open(port, None, Vec::new())),
                v1::PortEntry::Table(table) => self.port_table(name, table),
            };
            if let Some(name) = self.key(&path) {
                ports.insert(name, port);
            }
        }
        ports
    }

    fn port_table(&mut self, name: &str, table: &v1::PortTable) -> Option<PublicPort> {
        let from_path = ["ports", name, "from"];
        if table.from.as_ref().is_some_and(Vec::is_empty) {
            let refusal = Refusal::new(
                format!("`ports.{name}.from` is empty, which could mean everyone or nobody"),
                "list the networks, or remove `from` to open the port to everyone",
            );
            self.refuse(self.document.location(&from_path), refusal);
        }
        let from: Vec<(usize, Cidr)> = self.list(&from_path, table.from.as_ref());
        let from = from.into_iter().map(|(_, network)| network).collect();
        let port = self.port(&["ports", name, "port"], table.port?)?;
        Some(open(port, table.protocol, from))
    }
}

fn open(port: Port, protocol: Option<v1::Protocol>, from: Vec<Cidr>) -> PublicPort {
    let protocol = match protocol {
        Some(v1::Protocol::Udp) => Protocol::Udp,
        Some(v1::Protocol::Both) => Protocol::Both,
        None if port.number() == HTTPS => Protocol::Both,
        Some(v1::Protocol::Tcp) | None => Protocol::Tcp,
    };
    PublicPort {
        port,
        protocol,
        from,
    }
}

/// What an absent `[ports]` means.
fn default_ports() -> BTreeMap<PortName, Option<PublicPort>> {
    defaults::PORTS
        .into_iter()
        .filter_map(|(name, number)| {
            let port = Port::new(number)?;
            Some((
                PortName::try_from(name).ok()?,
                Some(open(port, None, Vec::new())),
            ))
        })
        .collect()
}
