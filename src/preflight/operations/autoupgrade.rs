//! `ops-autoupgrade-vs-push`

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
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; }; }; }
-- configuration.nix --
{ pkgs, lib, ... }:
{
  system.autoUpgrade.enable = true;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; }; }; }
-- configuration.nix --
{ pkgs, lib, ... }:
{
  system.autoUpgrade = { enable = true; flake = "github:example/web"; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; }; }; }
-- configuration.nix --
{ upgrade, ... }:
{
  system.autoUpgrade.enable = upgrade;
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
    id: "ops-autoupgrade-vs-push",
    severity: Severity::Warning,
    title: "the server upgrades itself beside the deployments",
    why: "Without `system.autoUpgrade.flake` the upgrade looks for a channel and `/etc/nixos/configuration.nix`, which a system that was installed from a flake does not have. It fails every night, or undoes what was deployed.",
    fix: "Remove `system.autoUpgrade`, and update `flake.lock` where you deploy from.",
    evidence: "NixOS' module of automatic upgrades",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.droplet_systems();
    let judged = systems.into_iter().filter_map(|system| {
        let read = system.at("system.autoUpgrade.enable").boolean();
        if read.value() != Some(&true) {
            return None;
        }
        if facts.flake().is_none()
            || system.at("system.autoUpgrade.flake").is_defined() != Some(false)
        {
            return None;
        }
        let place = read.place().unwrap_or(&system.place);
        let finding = facts.finding(
            &RULE,
            Some(place),
            "`system.autoUpgrade` upgrades from a channel, and this system is made from a flake",
            "remove `system.autoUpgrade`, or name the flake in `system.autoUpgrade.flake`",
        );
        Some(finding.labelled("from a channel"))
    });
    judged.collect()
}
