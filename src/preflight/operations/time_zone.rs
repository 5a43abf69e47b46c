//! `ops-time-zone-locale`

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
-- configuration.nix --
{ pkgs, lib, ... }:
{
  time.timeZone = "Europe/Berlin";
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
  time.timeZone = "UTC";
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ zone, ... }:
{
  time.timeZone = zone;
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
    id: "ops-time-zone-locale",
    severity: Severity::Advice,
    title: "the clock of the server is not UTC",
    why: "Logs, timers and windows for reboots then mean something else twice a year, and never what other machines say.",
    fix: "Set `time.timeZone = \"UTC\"`.",
    evidence: "NixOS' module of the time zone",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let local = |system: &System| {
        let zone = system.at("time.timeZone").string();
        let name = zone
            .value()
            .filter(|it| !["UTC", "Etc/UTC", "Universal", "Zulu"].contains(&it.as_str()))?;
        let message = format!("the server runs in the time zone `{name}`");
        let patch = zone
            .place()
            .and_then(|place| facts.replacement(place, "\"UTC\""));
        let place = facts.decided_by(&["server", "timezone"], zone.place())?;
        let finding = facts.finding_at(&RULE, place, message, "write `UTC`");
        Some(finding.labelled("not UTC").patched_if(patch))
    };
    // A zone that the manifest names is meant.
    let systems = facts
        .droplet_systems()
        .into_iter()
        .filter(|_| facts.manifest.is_none());
    systems.filter_map(local).collect()
}
