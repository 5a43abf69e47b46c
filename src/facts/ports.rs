//! The ports that a system's own firewall lets in.

use crate::evaluation::Value;
use crate::nixos::{System, View};
use crate::reading::{Place, Read};

/// One or several ports that are open to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPorts {
    /// The first of them.
    pub first: u16,
    /// The last of them.
    pub last: u16,
    /// Whether a service opened them, rather than a list of ports.
    pub implied: bool,
    /// Where they are written.
    pub place: Option<Place>,
}

/// What the firewall lets in of one protocol.
#[derive(Debug, Clone, Default)]
pub struct LetIn {
    /// What certainly comes in.
    pub ports: Vec<OpenPorts>,
    /// Whether nothing else does.
    pub complete: bool,
}

impl LetIn {
    /// Whether a port is certainly open.
    pub fn holds(&self, port: u16) -> bool {
        let mut ports = self.ports.iter();
        ports.any(|it| (it.first..=it.last).contains(&port))
    }
}

/// Services that open ports of their own when they are told to, and those ports.
const OPENERS: [(&str, &[u16], &[u16]); 1] = [("caddy", &[80, 443], &[443])];

/// Services and settings that open ports without saying which, or by other means.
const HIDDEN: [&str; 9] = [
    "networking.firewall.extraCommands",
    "networking.firewall.extraInputRules",
    "networking.firewall.interfaces",
    "networking.nftables.ruleset",
    "networking.nftables.rulesetFile",
    "networking.nftables.tables",
    "programs.mosh.enable",
    "services.avahi.enable",
    "virtualisation.libvirtd.enable",
];

impl System {
    /// The TCP ports that the firewall lets in.
    pub fn tcp(&self) -> LetIn {
        self.let_in("TCP")
    }

    /// The UDP ports that the firewall lets in.
    pub fn udp(&self) -> LetIn {
        self.let_in("UDP")
    }

    fn let_in(&self, protocol: &str) -> LetIn {
        let firewall = self.at("networking.firewall");
        let mut let_in = LetIn {
            ports: Vec::new(),
            complete: firewall.at("enable").boolean().value() == Some(&true)
                && HIDDEN
                    .iter()
                    .all(|option| self.at(*option).is_defined() == Some(false)),
        };
        let list = firewall.at(&[format!("allowed{protocol}Ports").as_str()]);
        let_in.listed(&list);
        let_in.ranges(&firewall.at(&[format!("allowed{protocol}PortRanges").as_str()]));
        // What a service opens is one more definition of the list, and falls to `mkForce`.
        if list.is_forced() {
            return let_in;
        }
        if protocol == "TCP" {
            let_in.ssh(&self.at("services.openssh"));
        }
        for (name, service) in self.at("services").children() {
            let opens = service.at("openFirewall").boolean();
            if &*name == "openssh" || matches!(opens, Read::Absent | Read::Known(false, _)) {
                continue;
            }
            let opener = OPENERS.iter().find(|(opener, ..)| *opener == &*name);
            match (opener, opens) {
                (Some((_, tcp, udp)), Read::Known(true, place)) => {
                    let ports = if protocol == "TCP" { tcp } else { udp };
                    for port in *ports {
                        let_in.add(*port, *port, true, place.clone());
                    }
                }
                _ => let_in.complete = false,
            }
        }
        let_in
    }
}

impl LetIn {
    fn add(&mut self, first: u16, last: u16, implied: bool, place: Option<Place>) {
        self.ports.push(OpenPorts {
            first,
            last,
            implied,
            place,
        });
    }

    fn listed(&mut self, list: &View) {
        let items = list.list();
        self.complete &= items.complete;
        for item in items.items {
            match port(&item.value) {
                Some(port) => self.add(port, port, false, item.place),
                None => self.complete = false,
            }
        }
    }

    fn ranges(&mut self, list: &View) {
        let items = list.list();
        // Their ends are not looked at: what a range holds is not known.
        self.complete &= items.complete && items.items.is_empty();
    }

    fn ssh(&mut self, ssh: &View) {
        let (enable, opens) = (ssh.at("enable").boolean(), ssh.at("openFirewall").boolean());
        match (enable.value(), opens.value()) {
            (Some(false), _) | (_, Some(false)) => {}
            (Some(true), Some(true)) => {
                let ports = ssh.at("ports").list();
                self.complete &= ports.complete;
                for item in ports.items {
                    match port(&item.value) {
                        Some(port) => self.add(port, port, true, item.place),
                        None => self.complete = false,
                    }
                }
            }
            _ => self.complete = false,
        }
    }
}

fn port(value: &Value) -> Option<u16> {
    match value {
        Value::Integer(number) => u16::try_from(*number).ok(),
        _ => None,
    }
}
