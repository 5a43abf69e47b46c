//! Open ports against services, Caddy and SSH.

use std::collections::{BTreeMap, BTreeSet};

use super::{Relations, rules};
use crate::deployment::{Port, Protocol, PublicPort, Run};
use crate::manifest::defaults;
use crate::manifest::resolve::PORT;

impl Relations<'_> {
    pub(super) fn ports(&mut self) {
        self.ssh_port();
        self.caddy_ports();
        self.duplicate_ports();
        self.shared_ports();
        self.unowned_ports();
        self.reserved_ports();
        self.local_ports();
        self.port_variables();
    }

    fn ssh_port(&mut self) {
        if !self.document.has(&["ports", "ssh"]) {
            if self.document.has(&["ports"]) {
                self.report(
                    &rules::SSH_PORT_MISSING,
                    &["ports"],
                    "`[ports]` has no `ssh`, so nobody could reach the server".to_owned(),
                    "add `ssh = 22`; a written `[ports]` is the complete list of open ports"
                        .to_owned(),
                );
            }
        } else if self.public("ssh").is_some_and(|ssh| !ssh.protocol.tcp()) {
            self.report(
                &rules::SSH_PORT_MISSING,
                &["ports", "ssh", "protocol"],
                "`ports.ssh` is open over udp only, and SSH is tcp".to_owned(),
                "remove `protocol`".to_owned(),
            );
        }
    }

    fn caddy_ports(&mut self) {
        let has_sites = self
            .draft
            .services
            .values()
            .any(|service| !service.domains.is_empty());
        if !has_sites || !self.document.has(&["ports"]) {
            return;
        }
        for (name, number) in defaults::PORTS
            .into_iter()
            .filter(|(name, _)| *name != "ssh")
        {
            if !self.document.has(&["ports", name]) {
                self.report(
                    &rules::CADDY_PORTS,
                    &["ports"],
                    format!("`[ports]` has no `{name}`, but there are domains to serve"),
                    format!("add `{name} = {number}`; a written `[ports]` is the complete list"),
                );
                continue;
            }
            let Some(public) = self.public(name) else {
                continue;
            };
            if public.port.number() != number || !public.protocol.tcp() {
                self.report(
                    &rules::CADDY_PORTS,
                    &["ports", name],
                    format!("`ports.{name}` must be {number} over tcp, where Caddy listens"),
                    format!("write `{name} = {number}`"),
                );
            }
        }
        let closed = |name| {
            self.public(name)
                .is_some_and(|public| !public.from.is_empty())
        };
        if closed("http") && closed("https") {
            self.report(
                &rules::CADDY_PORTS,
                &["ports", "http", "from"],
                "both `http` and `https` are open to some networks only, so no certificate can be \
                 issued"
                    .to_owned(),
                "remove `from` of `http`: Let's Encrypt asks from addresses that it does not \
                 announce"
                    .to_owned(),
            );
        }
    }

    fn public(&self, name: &str) -> Option<&PublicPort> {
        self.draft.ports.get(name)?.as_ref()
    }

    fn duplicate_ports(&mut self) {
        let mut seen: BTreeMap<Port, Vec<(&str, Protocol)>> = BTreeMap::new();
        for (name, public) in &self.draft.ports {
            let Some(public) = public else { continue };
            let earlier = seen.entry(public.port).or_default();
            let overlap = earlier
                .iter()
                .find(|(_, protocol)| overlap(*protocol, public.protocol));
            if let Some((other, _)) = overlap {
                let other = *other;
                self.report(
                    &rules::PORT_DUPLICATE,
                    &["ports", name.as_str()],
                    format!(
                        "port {} is open twice, as `{other}` and as `{name}`",
                        public.port
                    ),
                    format!("remove `{other}` or `{name}`"),
                );
                self.compare(&["ports", other], "the other one");
            }
            earlier.push((name.as_str(), public.protocol));
        }
    }

    fn shared_ports(&mut self) {
        let mut owners: BTreeMap<Port, &str> = BTreeMap::new();
        for (name, service) in &self.draft.services {
            let Some(port) = service.port else { continue };
            if let Some(other) = owners.get(&port).copied() {
                self.report(
                    &rules::PORT_TWO_OWNERS,
                    &["services", name.as_str(), "port"],
                    format!("services `{other}` and `{name}` both listen on port {port}"),
                    format!("give `{name}` another port"),
                );
                self.compare(&["services", other, "port"], "the other one");
            } else {
                owners.insert(port, name.as_str());
            }
        }
    }

    fn unowned_ports(&mut self) {
        // A service whose port was refused may be the owner.
        let unknown = self
            .draft
            .services
            .values()
            .any(|service| service.port.is_none());
        if unknown || !self.services_are_whole() {
            return;
        }
        let owned: BTreeSet<Option<Port>> = self
            .draft
            .services
            .values()
            .map(|service| service.port)
            .collect();
        let own = |name: &str| defaults::PORTS.iter().any(|(known, _)| *known == name);
        // A second name for SSH, HTTP or HTTPS is reported as a duplicate.
        let doubled: BTreeSet<Port> = defaults::PORTS
            .iter()
            .filter_map(|(name, _)| Some(self.public(name)?.port))
            .collect();
        for (name, public) in &self.draft.ports {
            let Some(public) = public else { continue };
            let port = public.port;
            if own(name.as_str()) || owned.contains(&Some(port)) || doubled.contains(&port) {
                continue;
            }
            self.report(
                &rules::PORT_UNOWNED,
                &["ports", name.as_str()],
                format!(
                    "port {} is open as `{name}`, but no service listens on it",
                    public.port
                ),
                format!("remove `{name}`, or write the `port` of the service that it is for"),
            );
        }
    }

    fn reserved_ports(&mut self) {
        let ssh = self.public("ssh").map(|ssh| ssh.port.number());
        for (name, service) in &self.draft.services {
            let Some(port) = service.port.map(Port::number) else {
                continue;
            };
            let owner = match port {
                80 | 443 => "Caddy listens for visitors",
                port if Some(port) == ssh => "SSH listens",
                _ => continue,
            };
            self.report(
                &rules::SERVICE_PORT_RESERVED,
                &["services", name.as_str(), "port"],
                format!("`services.{name}` cannot have port {port}, where {owner}"),
                "give the service another port, such as 3000; visitors reach it through Caddy"
                    .to_owned(),
            );
        }
    }

    /// A developer's Caddy and service on one port: fine on the server, so only a warning.
    fn local_ports(&mut self) {
        let Some(local) = self.local_port() else {
            return;
        };
        for (name, service) in &self.draft.services {
            if service.port.map(Port::number) != Some(local) || matches!(local, 80 | 443) {
                continue;
            }
            self.report(
                &rules::LOCAL_PORT_TAKEN,
                &["services", name.as_str(), "port"],
                format!(
                    "`services.{name}` has port {local}, where Caddy listens in the default profile"
                ),
                "give the service another port, or write another `CADDY_DOMAIN`, such as \
                 `localhost:8081`, in `[profiles.default.env]`"
                    .to_owned(),
            );
        }
    }

    /// The port of Caddy in the base environment.
    fn local_port(&self) -> Option<u16> {
        let base = self.draft.profiles.get(defaults::BASE_PROFILE)?;
        let site = base.caddy_domain.as_ref()?.as_ref()?;
        Some(
            site.port()
                .unwrap_or(if site.is_loopback() { 80 } else { 443 }),
        )
    }

    fn port_variables(&mut self) {
        for (name, service) in &self.draft.services {
            let Some(written) = service.env.get(PORT) else {
                continue;
            };
            let (port, place) = match &service.run {
                Some(Run::Process { .. }) => (service.port, "port"),
                Some(Run::Container { port, .. }) => (Some(*port), "container_port"),
                None => continue,
            };
            let Some(port) = port else { continue };
            if *written == port.to_string() {
                continue;
            }
            self.report(
                &rules::SERVICE_PORT_ENV,
                &["services", name.as_str(), "env", PORT],
                format!("`PORT` differs from `{place}` {port}, where requests to `{name}` go"),
                format!("write `{place}` and `PORT` alike, or remove `PORT`"),
            );
        }
    }
}

fn overlap(one: Protocol, other: Protocol) -> bool {
    (one.tcp() && other.tcp()) || (one.udp() && other.udp())
}
