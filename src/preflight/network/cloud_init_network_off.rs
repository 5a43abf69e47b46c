use super::{is_addressed_by_hand, is_without_leases};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{has_stock_image, is_off, is_on, on_droplets, switch};
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
{ services.cloud-init.enable = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.cloud-init = { enable = true; network.enable = true; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ network, ... }: { services.cloud-init = { enable = true; inherit network; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-cloud-init-network-off",
    severity: Severity::Error,
    title: "cloud-init may not configure the network",
    why: "`services.cloud-init.network.enable` is off unless it is set, and only with it does systemd-networkd read what cloud-init writes.",
    fix: "Add `services.cloud-init.network.enable = true;`.",
    evidence: "nixpkgs: nixos/modules/services/system/cloud-init.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let option = "services.cloud-init.network.enable";
        let needs_address = has_stock_image(facts) || is_without_leases(system);
        if !is_on(system, "services.cloud-init.enable")
            || !is_off(system, option)
            || !needs_address
            || is_addressed_by_hand(facts, system) != Some(false)
        {
            return None;
        }
        let neighbours = ["services.cloud-init.enable", "services.cloud-init"];
        let message = "cloud-init runs without configuring the network, and nothing else does";
        Some(switch(
            facts,
            &RULE,
            system,
            option,
            "true",
            &neighbours,
            message,
        ))
    })
}
