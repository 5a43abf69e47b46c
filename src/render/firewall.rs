//! One list of ports for both firewalls.

use std::collections::BTreeSet;

use crate::deployment::{Deployment, Port};

/// Every IPv4 and IPv6 address.
const EVERYONE: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// One inbound rule of the `DigitalOcean` firewall.
pub(super) struct InboundRule {
    pub(super) protocol: &'static str,
    pub(super) port: Port,
    pub(super) sources: Vec<String>,
}

/// The ports that the NixOS firewall opens, in ascending order.
pub(super) fn open_ports(deployment: &Deployment, udp: bool) -> BTreeSet<Port> {
    let ports = deployment.ports.values();
    ports
        .filter(|public| {
            if udp {
                public.protocol.udp()
            } else {
                public.protocol.tcp()
            }
        })
        .map(|public| public.port)
        .collect()
}

/// The same ports as rules of the `DigitalOcean` firewall, by port and protocol.
pub(super) fn inbound_rules(deployment: &Deployment) -> Vec<InboundRule> {
    let mut rules = Vec::new();
    for public in deployment.ports.values() {
        let sources: Vec<String> = if public.from.is_empty() {
            EVERYONE.map(str::to_owned).to_vec()
        } else {
            public.from.iter().map(ToString::to_string).collect()
        };
        let transports = [
            (public.protocol.tcp(), "tcp"),
            (public.protocol.udp(), "udp"),
        ];
        for (_, protocol) in transports.into_iter().filter(|(speaks, _)| *speaks) {
            rules.push(InboundRule {
                protocol,
                port: public.port,
                sources: sources.clone(),
            });
        }
    }
    rules.sort_by_key(|rule| (rule.port, rule.protocol));
    rules
}

/// The port of sshd on the installed system.
pub(super) fn ssh_port(deployment: &Deployment) -> Port {
    // The manifest refuses a `[ports]` without `ssh`.
    deployment
        .ports
        .get("ssh")
        .map_or(Port::SSH, |public| public.port)
}
