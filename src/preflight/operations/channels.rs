//! `ops-channels-nixpath`

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
  nixpkgs.flake.setNixPath = false;
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
  nixpkgs.flake.setNixPath = true;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pinned, ... }:
{
  nixpkgs.flake.setNixPath = pinned;
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
    id: "ops-channels-nixpath",
    severity: Severity::Advice,
    title: "commands on the server use another nixpkgs",
    why: "NixOS points the registry and NIX_PATH of a flake's system to the nixpkgs that it was built from. Without that `nix shell` and its like download another one.",
    fix: "Remove the line.",
    evidence: "NixOS' module of nixpkgs in flakes",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.droplet_systems() {
        for option in ["nixpkgs.flake.setNixPath", "nixpkgs.flake.setFlakeRegistry"] {
            let read = system.at(option).boolean();
            if read.value() != Some(&false) {
                continue;
            }
            let message =
                format!("`{option} = false` lets commands on the server use another nixpkgs");
            let finding = facts.finding(&RULE, read.place(), message, "remove the line");
            let patch = read
                .place()
                .and_then(|place| facts.replacement(place, "true"));
            findings.push(finding.labelled("another nixpkgs").patched_if(patch));
        }
    }
    findings
}
