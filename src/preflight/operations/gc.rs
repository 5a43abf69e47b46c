//! `ops-gc`

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
  nix.gc = { automatic = true; options = "--delete-older-than 14d"; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ collect, ... }:
{
  nix.gc.automatic = collect;
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
    id: "ops-gc",
    severity: Severity::Advice,
    title: "old systems are never removed",
    why: "Every deployment leaves its system behind. When the disk is full, neither a deployment nor the renewal of a certificate works.",
    fix: "Set `nix.gc.automatic = true`, with `--delete-older-than 14d`.",
    evidence: "NixOS' module of garbage collection",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.droplet_systems();
    let judged = systems.into_iter().filter_map(|system| {
        let read = system.at("nix.gc.automatic").boolean();
        let is_on = *read.value()?;
        // Every old system is kept by its generation until something deletes that.
        let keeps = || system.at("nix.gc.options").is_defined() == Some(false);
        if is_on && !keeps() {
            return None;
        }
        if system.at("programs.nh.clean").is_defined() != Some(false) {
            return None;
        }
        let place = read.place().unwrap_or(&system.place);
        let finding = facts.finding(
            &RULE,
            Some(place),
            if is_on {
                "garbage collection removes no system, because every generation keeps its own"
            } else {
                "nothing removes old systems from the disk"
            },
            "set `nix.gc.automatic = true;` and `nix.gc.options = \"--delete-older-than 14d\";`",
        );
        Some(finding.labelled("kept for good"))
    });
    judged.collect()
}
