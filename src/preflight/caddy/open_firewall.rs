//! `caddy-open-firewall-default`

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
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; };
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
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; networking.firewall.allowedTCPPorts = [ 80 443 ];
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
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; networking.firewall.allowedTCPPorts = ports;
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
    id: "caddy-open-firewall-default",
    severity: Severity::Error,
    title: "NixOS does not open Caddy's ports",
    why: "`services.caddy` opens no port unless `openFirewall` says so. Without 80 and 443 there is no certificate and no site.",
    fix: "Add 80 and 443 to `networking.firewall.allowedTCPPorts`.",
    evidence: "NixOS' module of Caddy",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let closed = |system: &System| {
        let (name, place) = super::public_site(system)?;
        let tcp = system.tcp();
        let missing: Vec<String> = [80, 443]
            .into_iter()
            .filter(|port| !tcp.holds(*port))
            .map(|port| port.to_string())
            .collect();
        if !tcp.complete || missing.is_empty() {
            return None;
        }
        let message = format!(
            "Caddy serves `{name}`, and the firewall of NixOS does not open {}",
            missing.join(" and ")
        );
        let help = format!(
            "add `networking.firewall.allowedTCPPorts = [ {} ];`",
            missing.join(" ")
        );
        Some(
            facts
                .finding(&RULE, place.as_ref(), message, help)
                .labelled("not reachable"),
        )
    };
    facts
        .droplet_systems()
        .into_iter()
        .filter_map(closed)
        .collect()
}
