//! `caddy-port80-closed`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::firewall::{all_rules, both_layers, covers};
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
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; };
}
-- main.tf --
variable "port" {}
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
  inbound_rule {
    protocol         = "tcp"
    port_range       = "${var.port}"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-port80-closed",
    severity: Severity::Error,
    title: "the certificate authority cannot reach Caddy",
    why: "To prove who owns a name, Let's Encrypt connects from addresses that nobody knows to port 80 or 443. With one of them closed a kind of proof and the redirect to HTTPS are gone, with both everything.",
    fix: "Open 80 and 443 for everybody, in both firewalls.",
    evidence: "Caddy's documentation of automatic HTTPS",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((system, firewalls)) = both_layers(facts) else {
        return Vec::new();
    };
    let Some(site) = super::public_site(system) else {
        return Vec::new();
    };
    let Some(rules) = all_rules(&firewalls, "inbound_rule") else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for port in [80, 443] {
        let mut open = rules.iter().map(|rule| is_open_to_all(rule, port));
        if open.any(|it| it != Some(false)) {
            continue;
        }
        let message = format!(
            "Caddy serves `{}`, and the firewall of DigitalOcean does not open port {port} for everybody",
            site.0
        );
        let help = format!("add an `inbound_rule` for tcp {port} from `0.0.0.0/0` and `::/0`");
        let finding = facts
            .finding(&RULE, Some(&firewalls[0].block.header), message, help)
            .labelled("closed here");
        findings.push(match &site.1 {
            Some(place) => finding.related(place.location(), "the site"),
            None => finding,
        });
    }
    findings
}

/// Whether a rule opens a port for everybody; `None` when that is not known.
fn is_open_to_all(rule: &Block, port: u16) -> Option<bool> {
    if !covers(rule, "tcp", port)? {
        return Some(false);
    }
    let sources = rule.body.texts("source_addresses");
    sources
        .value()
        .map(|sources| sources.iter().any(|it| it == "0.0.0.0/0" || it == "::/0"))
}
