//! `ops-zram`

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
  zramSwap.enable = true;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ compressed, ... }:
{
  zramSwap.enable = compressed;
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
    id: "ops-zram",
    severity: Severity::Advice,
    title: "little memory, and no compressed swap",
    why: "Evaluating a system and building need more memory for minutes than the application for months. Compressed swap in memory is enough for most of that.",
    fix: "Set `zramSwap.enable = true`.",
    evidence: "NixOS' module of zram swap",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.droplet_systems();
    let judged = systems.into_iter().filter_map(|system| {
        let read = system.at("zramSwap.enable").boolean();
        if read.value() != Some(&false) {
            return None;
        }
        let sizes = facts
            .tofu()
            .resources("digitalocean_droplet")
            .map(|(_, droplet)| {
                let size = droplet.block.body.text("size");
                size.value().and_then(|slug| crate::catalog::size(slug))
            });
        let sizes: Vec<_> = sizes.collect();
        let is_small = sizes
            .iter()
            .all(|size| size.is_some_and(|size| size.memory_mib <= 4096));
        let most = sizes.iter().flatten().map(|size| size.memory_mib).max()?;
        if !is_small {
            return None;
        }
        let place = read.place().unwrap_or(&system.place);
        let finding = facts.finding(
            &RULE,
            Some(place),
            format!("the droplet has {most} MB of memory and no compressed swap"),
            "set `zramSwap.enable = true;`",
        );
        Some(finding.labelled("without it"))
    });
    judged.collect()
}
