//! `ops-journald-cap`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::reading::Read;
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
  services.journald.extraConfig = "SystemMaxUse=500M";
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ journal, ... }:
{
  imports = [ journal ];
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
    id: "ops-journald-cap",
    severity: Severity::Advice,
    title: "the journal may take a tenth of the disk",
    why: "Without a limit the journal grows to ten percent of the file system, up to 4 GB: much of a small droplet's disk.",
    fix: "Set `services.journald.extraConfig = \"SystemMaxUse=500M\";`.",
    evidence: "journald.conf(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let uncapped = |system: &System| {
        let journald = system.at("services.journald");
        let capped = match journald.at("extraConfig").string() {
            Read::Known(text, _) => {
                text.contains("SystemMaxUse") || text.contains("Storage=volatile")
            }
            Read::Absent => false,
            Read::Unknown => true,
        };
        let others = ["settings", "storage"];
        if capped
            || others
                .iter()
                .any(|name| journald.at(*name).is_defined() != Some(false))
        {
            return None;
        }
        let message = "the journal has no limit of its own";
        let help = "add `services.journald.extraConfig = \"SystemMaxUse=500M\";`";
        Some(
            facts
                .finding(&RULE, Some(&system.place), message, help)
                .labelled("grows to 4 GB"),
        )
    };
    let systems = facts.droplet_systems();
    systems.into_iter().filter_map(uncapped).collect()
}
