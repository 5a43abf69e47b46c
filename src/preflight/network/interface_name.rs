use super::{networks, public_interface};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, texts, undefined};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
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
{ networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ networking.usePredictableInterfaceNames = false; networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ it, ... }: { networking.usePredictableInterfaceNames = it; networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ]; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-interface-name-hardcoded",
    severity: Severity::Warning,
    title: "the network hangs on the name of an interface",
    why: "NixOS names interfaces by their slot, cloud-init renames them to eth0 and eth1, and the slots of droplets have changed before. Under another name there is no network at all.",
    fix: "Match the interface by `matchConfig.MACAddress`, or switch predictable names off and say `eth0`.",
    evidence: "nixops-digitalocean issue 10; nixos-anywhere-examples issue 5",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let (name, place) = fixed_name(system)?;
        // Whoever names interfaces knows their names.
        if !undefined(
            system,
            &["services.udev.extraRules", "systemd.network.links"],
        ) {
            return None;
        }
        let predictable = *system.at(PREDICTABLE).boolean().value()?;
        let parameters = texts(&system.at("boot.kernelParams"))?;
        let of_slots = predictable && !parameters.iter().any(|it| it == "net.ifnames=0");
        let message = match (of_slots, name.starts_with("eth")) {
            (false, true) => return None,
            (true, false) => format!("the address hangs on the slot of `{name}`"),
            _ => format!("the address hangs on `{name}`, which NixOS does not call it by itself"),
        };
        let help = "match the interface by `matchConfig.MACAddress` in `systemd.network.networks`";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}

const PREDICTABLE: &str = "networking.usePredictableInterfaceNames";

/// A name of an Ethernet interface that static addresses are declared for.
fn fixed_name(system: &System) -> Option<(String, Option<Place>)> {
    let is_ethernet = |name: &str| {
        let slot = name
            .strip_prefix("eth")
            .or(name.strip_prefix("ens"))
            .or(name.strip_prefix("enp"));
        slot.is_some_and(|slot| slot.starts_with(|c: char| c.is_ascii_digit()))
    };
    if let Some((name, interface)) = public_interface(system).filter(|(name, _)| is_ethernet(name))
    {
        return Some((name, interface.place()));
    }
    networks(system).into_iter().find_map(|network| {
        let matched = network.at("matchConfig");
        let name = matched.at("Name").string().value()?.clone();
        let other = [
            "MACAddress",
            "PermanentMACAddress",
            "Path",
            "Type",
            "Driver",
        ];
        let address = !network.at("address").list().items.is_empty();
        (address && is_ethernet(&name) && undefined(&matched, &other))
            .then(|| (name, matched.at("Name").place()))
    })
}
