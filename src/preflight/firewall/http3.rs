//! `fw-http3-udp443`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::rules::Rule;

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
  services.caddy.enable = true; networking.firewall.allowedTCPPorts = [ 80 443 ];
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
    port_range       = "443"
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
  services.caddy.enable = true; networking.firewall.allowedTCPPorts = [ 80 443 ]; networking.firewall.allowedUDPPorts = [ 443 ];
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
  services.caddy.enable = true; networking.firewall.allowedTCPPorts = [ 80 443 ]; networking.firewall.allowedUDPPorts = ports;
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
    port_range       = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-http3-udp443",
    severity: Severity::Advice,
    title: "Caddy offers HTTP/3, and its port is closed",
    why: "Caddy tells browsers that it speaks HTTP/3 on 443/udp. With that closed they try, wait, and go back.",
    fix: "Open 443/udp in both firewalls, or leave h3 out of `protocols` in Caddy's global options.",
    evidence: "Caddy's documentation of `protocols`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let closed = |system: &System| {
        let caddy = system.at("services.caddy");
        let global = caddy.at("globalConfig").string();
        let limited = global.is_unknown()
            || global
                .value()
                .is_some_and(|text| text.contains("protocols"));
        let (tcp, udp) = (system.tcp(), system.udp());
        let certain =
            caddy.at("enable").boolean().value() == Some(&true) && !limited && udp.complete;
        if !certain || !tcp.holds(443) || udp.holds(443) {
            return None;
        }
        let open = tcp.ports.iter().find(|it| it.first == 443)?;
        let message = "443 is open for tcp and closed for udp, which Caddy's HTTP/3 uses";
        let help = "add `networking.firewall.allowedUDPPorts = [ 443 ];`, and the same to the firewall of DigitalOcean";
        Some(
            facts
                .finding(&RULE, open.place.as_ref(), message, help)
                .labelled("tcp alone"),
        )
    };
    facts
        .droplet_systems()
        .into_iter()
        .filter_map(closed)
        .collect()
}
