//! `ops-emergency-mode`

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
  systemd.enableEmergencyMode = false;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ prompt, ... }:
{
  systemd.enableEmergencyMode = prompt;
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
    id: "ops-emergency-mode",
    severity: Severity::Advice,
    title: "a failed mount asks for a password that nobody can type",
    why: "In emergency mode the boot stops at a prompt on the console, and sshd never starts. On a server the machine is better off going on.",
    fix: "Set `systemd.enableEmergencyMode = false`.",
    evidence: "NixOS' module of systemd",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.droplet_systems();
    let judged = systems.into_iter().filter_map(|system| {
        let read = system.at("systemd.enableEmergencyMode").boolean();
        if read.value() != Some(&true) {
            return None;
        }
        let patch = read
            .place()
            .and_then(|place| facts.replacement(place, "false"));
        let place = read.place().unwrap_or(&system.place);
        let finding = facts.finding(
            &RULE,
            Some(place),
            "the boot stops at a prompt when a mount fails",
            "set `systemd.enableEmergencyMode = false;`",
        );
        Some(finding.labelled("waits for a person").patched_if(patch))
    });
    judged.collect()
}
