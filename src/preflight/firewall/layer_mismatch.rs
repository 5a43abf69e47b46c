//! `fw-layer-mismatch`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::rules::Rule;
use crate::tofu::Block;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  networking.firewall.allowedTCPPorts = [ 80 8443 ];
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name  = "nixos"
  image = "debian-12-x64"
  size  = "s-2vcpu-4gb"
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "80"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "9000"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name  = "nixos"
  image = "debian-12-x64"
  size  = "s-2vcpu-4gb"
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "80"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, ports, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ ports, pkgs, ... }:
{
  networking.firewall.allowedTCPPorts = ports;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name  = "nixos"
  image = "debian-12-x64"
  size  = "s-2vcpu-4gb"
}
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-layer-mismatch",
    severity: Severity::Error,
    title: "a port is open in one firewall only",
    why: "The firewall of DigitalOcean and that of NixOS each judge for themselves. A port that only one of them opens is closed: connections to it run into a timeout.",
    fix: "Open the port in both, or in none.",
    evidence: "DigitalOcean's documentation of firewalls; NixOS' module of the firewall",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((system, firewalls)) = super::both_layers(facts) else {
        return Vec::new();
    };
    let Some(rules) = super::all_rules(&firewalls, "inbound_rule") else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (protocol, let_in) in [("tcp", system.tcp()), ("udp", system.udp())] {
        // What a service opens by itself need not be meant for everybody.
        for open in let_in.ports.iter().filter(|it| !it.implied) {
            let covered: Option<Vec<bool>> = rules
                .iter()
                .map(|rule| super::covers(rule, protocol, open.first))
                .collect();
            if covered.is_some_and(|covered| !covered.contains(&true)) {
                let port = open.first;
                let message = format!(
                    "NixOS opens port {port} ({protocol}), and the firewall of DigitalOcean does not"
                );
                let help = format!(
                    "add an `inbound_rule` for {port} ({protocol}), or remove the port here"
                );
                let finding = facts.finding(&RULE, open.place.as_ref(), message, help);
                findings.push(
                    finding
                        .related(firewalls[0].block.header.location(), "closed here")
                        .labelled("closed further out"),
                );
            }
        }
        for rule in &rules {
            let Some(port) = single(rule, protocol).filter(|port| *port != SSH) else {
                continue;
            };
            let is_promised = is_caddys(facts, port);
            let comes_in =
                let_in.holds(port) || !is_promised && opens_past_the_firewall(system, protocol);
            if !let_in.complete || comes_in {
                continue;
            }
            let message = format!(
                "the firewall of DigitalOcean opens port {port} ({protocol}), and NixOS does not"
            );
            let list = format!(
                "networking.firewall.allowed{}Ports",
                protocol.to_uppercase()
            );
            let source = if is_promised {
                "take it out of `[ports]` in seance.toml"
            } else {
                "remove the rule"
            };
            let help = format!("add {port} to `{list}`, or {source}");
            let list = system.at(list.as_str()).place();
            // The rules of a manifest are generated; what disagrees with them is the list.
            findings.push(match list {
                Some(list) if is_promised => facts
                    .finding(&RULE, Some(&list), message, help)
                    .labelled("closed here")
                    .related(rule.header.location(), "open here"),
                Some(list) => facts
                    .finding(&RULE, Some(&rule.header), message, help)
                    .labelled("closed further in")
                    .related(list.location(), "not among these"),
                None => facts
                    .finding(&RULE, Some(&rule.header), message, help)
                    .labelled("closed further in"),
            });
        }
    }
    findings
}

/// The installer needs it, whatever the installed system uses.
const SSH: u16 = 22;

/// The only port of a rule for everybody or for a few.
fn single(rule: &Block, protocol: &str) -> Option<u16> {
    let known = rule.body.text("protocol");
    let (first, last) = super::ports(rule)?;
    (known.value()? == protocol && first == last).then_some(first)
}

/// Whether the manifest keeps a port for Caddy, which is no container.
fn is_caddys(facts: &Facts<'_>, port: u16) -> bool {
    let ports = facts
        .manifest
        .into_iter()
        .flat_map(|it| &it.deployment.ports);
    let mut named = ports.filter(|(name, _)| matches!(name.as_str(), "http" | "https"));
    named.any(|(_, it)| it.port.number() == port)
}

/// Containers open their ports themselves, and tunnels get through from inside.
fn opens_past_the_firewall(system: &System, protocol: &str) -> bool {
    let containers = [
        "virtualisation.docker",
        "virtualisation.podman",
        "virtualisation.oci-containers",
        "containers",
    ];
    let tunnels = [
        "services.tailscale",
        "services.netbird",
        "services.zerotierone",
        "networking.wireguard",
        "networking.wg-quick",
    ];
    let may_be = |options: &[&str]| {
        options
            .iter()
            .any(|it| system.at(*it).is_defined() != Some(false))
    };
    may_be(&containers) || (protocol == "udp" && may_be(&tunnels))
}
