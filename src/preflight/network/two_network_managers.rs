use super::{public_interface, runs_cloud_init_network};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{is_on, on_droplets, report, switch};
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
{ networking.networkmanager.enable = true; services.cloud-init = { enable = true; network.enable = true; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ networking.useNetworkd = true; services.cloud-init = { enable = true; network.enable = true; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ it, ... }: { networking.networkmanager.enable = it; services.cloud-init = { enable = true; network.enable = true; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-two-network-managers",
    severity: Severity::Warning,
    title: "two programs configure the public interface",
    why: "They take each other's addresses away, and which one is last differs from boot to boot.",
    fix: "Keep one: write `networking.useNetworkd = true;` and remove the other.",
    evidence: "nixpkgs: the ordering in cloud-init.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        if !runs_cloud_init_network(system) {
            return None;
        }
        let manager = "networking.networkmanager.enable";
        if is_on(system, manager) {
            let message = "NetworkManager and cloud-init both configure the network";
            return Some(switch(facts, &RULE, system, manager, "false", &[], message));
        }
        scripted(facts, system)
    })
}

/// Addresses that NixOS' scripts or networkd set beside cloud-init's.
fn scripted(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let (name, interface) = public_interface(system)?;
    let message = format!("cloud-init and `networking.interfaces.{name}` both give addresses");
    let help = format!("remove `networking.interfaces.{name}`, or switch cloud-init's network off");
    Some(report(
        facts,
        &RULE,
        system,
        interface.place().as_ref(),
        message,
        help,
    ))
}
