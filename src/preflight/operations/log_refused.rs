//! `ops-log-refused`

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
-- configuration.nix --
{ pkgs, lib, ... }:
{
  
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, lib, ... }:
{
  networking.firewall.logRefusedConnections = false;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ verbose, ... }:
{
  networking.firewall.logRefusedConnections = verbose;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-log-refused",
    severity: Severity::Advice,
    title: "every refused connection is logged",
    why: "A public address is scanned all day. A line for each refused connection fills the journal and pushes out what matters.",
    fix: "Set `networking.firewall.logRefusedConnections = false`.",
    evidence: "NixOS' module of the firewall",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.droplet_systems();
    let judged = systems.into_iter().filter_map(|system| {
        let read = system
            .at("networking.firewall.logRefusedConnections")
            .boolean();
        if read.value() != Some(&true) {
            return None;
        }
        if system.at("networking.firewall.enable").boolean().value() != Some(&true) {
            return None;
        }
        let patch = read
            .place()
            .and_then(|place| facts.replacement(place, "false"));
        let place = read.place().unwrap_or(&system.place);
        let finding = facts.finding(
            &RULE,
            Some(place),
            "the firewall writes a line into the journal for every refused connection",
            "set `networking.firewall.logRefusedConnections = false;`",
        );
        Some(finding.labelled("fills the journal").patched_if(patch))
    });
    judged.collect()
}
