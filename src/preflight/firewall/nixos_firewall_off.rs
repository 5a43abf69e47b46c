//! `fw-nixos-firewall-off`

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
  networking.firewall.enable = false;
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
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  networking.firewall.enable = true;
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
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, wall, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ wall, pkgs, ... }:
{
  networking.firewall.enable = wall;
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
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-nixos-firewall-off",
    severity: Severity::Warning,
    title: "the firewall of the server is off",
    why: "The firewall of DigitalOcean no longer protects a droplet once a tag or an id is missing, and every service that listens is then open to everybody.",
    fix: "Remove the line, and list the open ports in `networking.firewall.allowedTCPPorts`.",
    evidence: "DigitalOcean's documentation of firewalls",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let off = |system: &System| {
        let enable = system.at("networking.firewall.enable").boolean();
        let own = [
            "networking.nftables",
            "services.firewalld",
            "services.ferm",
            "networking.nftables.ruleset",
        ];
        if enable.value() != Some(&false)
            || own
                .iter()
                .any(|it| system.at(*it).is_defined() != Some(false))
        {
            return None;
        }
        let message = "`networking.firewall.enable = false` leaves the server to the firewall of DigitalOcean alone";
        let patch = enable
            .place()
            .and_then(|place| facts.replacement(place, "true"));
        let finding = facts.finding(&RULE, enable.place(), message, "write `true`");
        Some(finding.labelled("off").patched_if(patch))
    };
    facts
        .droplet_systems()
        .into_iter()
        .filter_map(off)
        .collect()
}
