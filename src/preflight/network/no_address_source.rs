use super::{assigns_address, is_without_leases};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, is_off, on_droplets, report};
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
{ networking.useDHCP = false; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ networking.useDHCP = false; services.cloud-init = { enable = true; network.enable = true; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ addresses, ... }: { networking.useDHCP = false; networking.interfaces.eth0.ipv4.addresses = addresses; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-no-address-source",
    severity: Severity::Error,
    title: "nothing gives the server an address",
    why: "With DHCP off and no address declared the system boots, sshd runs, and nobody reaches it. nixpkgs' DigitalOcean module configures no address either.",
    fix: "Let cloud-init translate the addresses of the config drive, or declare them.",
    evidence: "nixpkgs: nixos/modules/virtualisation/digital-ocean-config.nix; srvos pull request 412",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        if !is_without_leases(system)
            || assigns_address(facts, system) != Some(false)
            || !is_off(system, "services.cloud-init.enable")
        {
            return None;
        }
        let place = beside(system, &["networking.useDHCP", "networking"]);
        let message = "DHCP is off and nothing else gives the server an address";
        let help = "add `services.cloud-init = { enable = true; network.enable = true; };`";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}
