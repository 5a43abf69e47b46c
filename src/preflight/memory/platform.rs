use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{beside, on_droplets, replacing, report, undefined};
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
}
-- configuration.nix --
{ nixpkgs.hostPlatform = "aarch64-linux"; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ nixpkgs.hostPlatform = "x86_64-linux"; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ system, ... }: { nixpkgs.hostPlatform = system; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "build-arch-mismatch",
    severity: Severity::Error,
    title: "the system is built for another processor, or for none",
    why: "Every droplet is an x86_64 machine. A system for another platform installs and does not start.",
    fix: "Write `nixpkgs.hostPlatform = \"x86_64-linux\";`.",
    evidence: "DigitalOcean: the list of sizes",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        other(facts, system).or_else(|| missing(facts, system))
    })
}

fn other(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let option = system.at("nixpkgs.hostPlatform");
    let whole = option.string();
    let platform = match whole.value() {
        Some(_) => whole,
        None => option.at("system").string(),
    };
    let name = platform
        .value()
        .filter(|name| !name.starts_with("x86_64-"))?;
    let message = format!("the system is built for `{name}`, and droplets are `x86_64-linux`");
    let help = "write `nixpkgs.hostPlatform = \"x86_64-linux\";`";
    let finding = report(facts, &RULE, system, platform.place(), message, help);
    Some(replacing(
        facts,
        finding,
        platform.place(),
        "\"x86_64-linux\"",
    ))
}

/// A flake is evaluated without knowing the machine it is evaluated on.
fn missing(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    system.name.as_ref()?;
    let ways = [
        "hostPlatform",
        "localSystem",
        "crossSystem",
        "buildPlatform",
        "system",
        "pkgs",
    ];
    if !undefined(&system.at("nixpkgs"), &ways)
        || !undefined(system, &["hardware.facter", "facter"])
    {
        return None;
    }
    let place = beside(system, &["system.stateVersion", "networking.hostName"]);
    let message = "nothing says which platform the system is built for, which a flake has to";
    let help = "add `nixpkgs.hostPlatform = \"x86_64-linux\";`";
    Some(report(facts, &RULE, system, place.as_ref(), message, help))
}
