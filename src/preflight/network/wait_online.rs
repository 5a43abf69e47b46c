use super::{networks, wants_lease};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{has_stock_image, is_off, is_on, on_droplets, switch, undefined};
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
{ systemd.network.enable = true; systemd.network.networks."50-private" = { matchConfig.Name = "eth1"; networkConfig.DHCP = "ipv4"; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ systemd.network.enable = true; systemd.network.wait-online.anyInterface = true; systemd.network.networks."50-private" = { matchConfig.Name = "eth1"; networkConfig.DHCP = "ipv4"; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ dhcp, ... }: { systemd.network.enable = true; systemd.network.networks."50-private" = { matchConfig.Name = "eth1"; networkConfig.DHCP = dhcp; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-wait-online-blocks",
    severity: Severity::Warning,
    title: "the boot waits for an interface that never comes up",
    why: "systemd waits two minutes for every link that networkd manages. A link that asks for a lease nobody gives holds up the boot and fails the deployment.",
    fix: "Add `systemd.network.wait-online.anyInterface = true;`.",
    evidence: "nixos-facter-modules issue 62; srvos: nixos/common/networking.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !has_stock_image(facts) {
        return Vec::new();
    }
    on_droplets(facts, |system| {
        let option = "systemd.network.wait-online.anyInterface";
        let runs =
            is_on(system, "systemd.network.enable") || is_on(system, "networking.useNetworkd");
        if !runs || !is_on(system, "systemd.network.wait-online.enable") || !is_off(system, option)
        {
            return None;
        }
        let network = networks(system).into_iter().find(|network| {
            let name = network.at("matchConfig.Name").string();
            let is_private = name.value().is_some_and(|it| it == "eth1" || it == "ens4");
            let others = [
                "address",
                "addresses",
                "linkConfig",
                "networkConfig.Address",
            ];
            is_private && wants_lease(network) == Some(true) && undefined(network, &others)
        })?;
        let message = "the boot waits for a lease on the private interface, which never comes";
        let finding = switch(
            facts,
            &RULE,
            system,
            option,
            "true",
            &["systemd.network.wait-online", "systemd.network"],
            message,
        );
        Some(match network.place() {
            Some(place) => finding.related(place.location(), "waits for this"),
            None => finding,
        })
    })
}
