//! `ops-fail2ban-self-ban`

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
  services.fail2ban.enable = true;
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
  services.fail2ban = { enable = true; ignoreIP = [ "203.0.113.0/24" ]; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ addresses, ... }:
{
  services.fail2ban = { enable = true; ignoreIP = addresses; };
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
    id: "ops-fail2ban-self-ban",
    severity: Severity::Advice,
    title: "fail2ban may lock you out",
    why: "The tools that install and deploy try to connect again and again, which looks like an attack. Without `ignoreIP` it bans their address too.",
    fix: "Add your own addresses to `services.fail2ban.ignoreIP`.",
    evidence: "NixOS' module of fail2ban",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.droplet_systems();
    let judged = systems.into_iter().filter_map(|system| {
        let read = system.at("services.fail2ban.enable").boolean();
        if read.value() != Some(&true) {
            return None;
        }
        let spared = system.at("services.fail2ban.ignoreIP").list();
        if !spared.items.is_empty() || !spared.complete {
            return None;
        }
        let place = read.place().unwrap_or(&system.place);
        let finding = facts.finding(
            &RULE,
            Some(place),
            "fail2ban bans every address that fails to connect, yours too",
            "add your own addresses to `services.fail2ban.ignoreIP`",
        );
        Some(finding.labelled("spares nobody"))
    });
    judged.collect()
}
