//! `fw-smtp-blocked`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
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
  services.postfix.enable = true; programs.msmtp.accounts.default.port = 587;
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
  programs.msmtp.accounts.default.port = 2525;
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
{ outputs = { nixpkgs, port, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ port, pkgs, ... }:
{
  programs.msmtp.accounts.default.port = port;
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
    id: "fw-smtp-blocked",
    severity: Severity::Warning,
    title: "mail is sent through a port that DigitalOcean blocks",
    why: "DigitalOcean lets no mail out through port 25, and for new accounts not through 465 and 587 either. Messages stay in the queue and nobody is told.",
    fix: "Send through the HTTP interface of a mail provider, or through its port 2525.",
    evidence: "DigitalOcean's documentation: why SMTP is blocked",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.droplet_systems() {
        for (name, account) in system.at("programs.msmtp.accounts").children() {
            let port = account.at("port").integer();
            let Some(number @ (25 | 465 | 587)) = port.value() else {
                continue;
            };
            let message = format!(
                "the account `{name}` of msmtp sends through port {number}, which DigitalOcean blocks"
            );
            let patch = port
                .place()
                .and_then(|place| facts.replacement(place, "2525"));
            let finding = facts.finding(
                &RULE,
                port.place(),
                message,
                "write `2525`, if the provider offers it",
            );
            findings.push(finding.labelled("blocked").patched_if(patch));
        }
        let postfix = system.at("services.postfix");
        let enable = postfix.at("enable").boolean();
        let relays = [
            "relayHost",
            "settings",
            "config",
            "transport",
            "extraConfig",
        ];
        let is_direct = relays
            .iter()
            .all(|name| postfix.at(*name).is_defined() == Some(false));
        if enable.value() == Some(&true) && is_direct {
            let message = "postfix delivers mail through port 25, which DigitalOcean blocks";
            let help = "set `services.postfix.relayHost` to a provider that offers port 2525";
            findings.push(
                facts
                    .finding(&RULE, enable.place(), message, help)
                    .labelled("blocked"),
            );
        }
    }
    findings
}
