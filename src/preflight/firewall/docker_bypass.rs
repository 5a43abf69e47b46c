//! `fw-docker-bypass`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
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
  virtualisation.oci-containers.containers.db = { image = "postgres"; ports = [ "5432:5432" ]; };
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
    port_range       = "1-65535"
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
  virtualisation.oci-containers.containers.db = { image = "postgres"; ports = [ "127.0.0.1:5432:5432" ]; };
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
    port_range       = "1-65535"
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
  virtualisation.oci-containers.containers.db = { image = "postgres"; inherit ports; };
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
    port_range       = "1-65535"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-docker-bypass",
    severity: Severity::Error,
    title: "a container's port is open to everybody, past the firewall",
    why: "Docker and podman put their own rules before those of NixOS. A port that is published without an address is reachable from everywhere, whatever `networking.firewall` says.",
    fix: "Publish it on loopback: `127.0.0.1:PORT:PORT`.",
    evidence: "nixpkgs issues 111852 and 40507",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.droplet_systems() {
        let tcp = system.tcp();
        for (name, container) in system
            .at("virtualisation.oci-containers.containers")
            .children()
        {
            for item in container.at("ports").list().items {
                let Value::Text(text) = &item.value else {
                    continue;
                };
                let Some(text) = text.known() else { continue };
                let Some((port, inner)) = text.split_once(':') else {
                    continue;
                };
                let Ok(port) = port.parse::<u16>() else {
                    continue;
                };
                // A port that the firewall opens as well is meant.
                let is_plain = !inner.contains(':') && !inner.ends_with("/udp");
                if !is_plain
                    || !tcp.complete
                    || tcp.holds(port)
                    || super::is_closed_outside(facts, port)
                {
                    continue;
                }
                let message = format!(
                    "the container `{name}` opens port {port} to everybody, past the firewall of NixOS"
                );
                let patch = item
                    .place
                    .as_ref()
                    .and_then(|place| facts.replacement(place, format!("\"127.0.0.1:{text}\"")));
                let help = format!("write `127.0.0.1:{text}`");
                let finding = facts.finding(&RULE, item.place.as_ref(), message, help);
                findings.push(finding.labelled("on every address").patched_if(patch));
            }
        }
    }
    findings
}
