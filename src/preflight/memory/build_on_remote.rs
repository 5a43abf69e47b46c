use crate::facts::{Facts, Part};
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{installers, replacing, size};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/install"
  flake = ".#a"
  build_on_remote = true
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-2vcpu-4gb"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/install"
  flake = ".#a"
  build_on_remote = true
}
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
variable "remote" {}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/install"
  flake = ".#a"
  build_on_remote = var.remote
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ram-build-on-remote-small",
    severity: Severity::Warning,
    title: "the installer builds the system in too little memory",
    why: "While the installer runs its store lies in memory, and everything that is built there fills it.",
    fix: "Remove `build_on_remote`, or choose a size with 4 GB.",
    evidence: "nixos-anywhere: docs/reference.md, issue 348",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((size, size_place)) = size(facts).filter(|(size, _)| size.memory_mib <= 2048) else {
        return Vec::new();
    };
    let installers = installers(facts).into_iter();
    installers
        // The whole module builds locally whatever it is told.
        .filter(|installer| installer.part == Part::Install)
        .filter_map(|installer| {
            let remote = installer.body().boolean("build_on_remote");
            if !remote.is(&true) {
                return None;
            }
            let message = format!(
                "the system is built in an installer with {} MB of memory",
                size.memory_mib
            );
            let help = "write `build_on_remote = false`, or choose a size with 4 GB";
            let finding = facts.finding(&RULE, remote.place(), message, help);
            let finding = replacing(facts, finding, remote.place(), "false");
            Some(finding.related(size_place.location(), format!("{} MB", size.memory_mib)))
        })
        .collect()
}
