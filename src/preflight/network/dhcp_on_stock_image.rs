use super::{asks_for_lease, assigns_address};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, has_stock_image, is_off, on_droplets, report};
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
{ networking.useDHCP = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ lib, ... }: { networking.useDHCP = lib.mkForce false; services.cloud-init = { enable = true; network.enable = true; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ static, ... }: { networking.useDHCP = true; systemd.network.networks = static; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-dhcp-on-stock-image",
    severity: Severity::Error,
    title: "the system waits for DHCP, which a stock image's droplet does not get",
    why: "DigitalOcean answers DHCP only for droplets made from custom images. All others get static addresses over the config drive, so a NixOS that asks for a lease comes up without an address; the installer works, because it keeps the addresses of the stock system.",
    fix: "Let cloud-init translate the addresses, or declare them, and write `networking.useDHCP = lib.mkForce false;`.",
    evidence: "DigitalOcean: limits of custom images; nixos-anywhere-examples issues 4 and 5",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !has_stock_image(facts) {
        return Vec::new();
    }
    on_droplets(facts, |system| {
        let lease = asks_for_lease(system)?;
        if assigns_address(facts, system) != Some(false)
            || !is_off(system, "services.cloud-init.enable")
        {
            return None;
        }
        let place =
            lease.or_else(|| beside(system, &["networking.hostName", "networking", "imports"]));
        let message =
            "the system asks for a DHCP lease, which DigitalOcean gives to custom images only";
        let help = "add `services.cloud-init = { enable = true; network.enable = true; };` and \
                    `networking.useDHCP = lib.mkForce false;`";
        let finding = report(facts, &RULE, system, place.as_ref(), message, help);
        let mut droplets = facts.tofu().resources("digitalocean_droplet");
        let image = droplets.find_map(|(_, it)| it.body().attribute("image"));
        Some(match image {
            Some(image) => finding.related(image.place.location(), "a stock image"),
            None => finding,
        })
    })
}
