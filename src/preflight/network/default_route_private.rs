use super::networks;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::{System, View};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report};
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
{ networking.defaultGateway = { address = "10.124.0.1"; interface = "eth1"; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ networking.defaultGateway = { address = "203.0.113.1"; interface = "eth0"; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ link, ... }: { networking.defaultGateway = { address = "10.124.0.1"; interface = link; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-default-route-via-private",
    severity: Severity::Error,
    title: "the default route leads into the private network",
    why: "Every droplet has a second interface in a private network whose gateway does not reach the internet.",
    fix: "Give a gateway to the public interface only.",
    evidence: "nixops-digitalocean issue 10",
};

/// The second interface of a droplet, as the kernel and as systemd name it.
const PRIVATE: [&str; 2] = ["eth1", "ens4"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let gateway = system.at("networking.defaultGateway");
        let interface = gateway.at("interface").string();
        let (link, place) = match interface.value() {
            Some(name) if PRIVATE.contains(&name.as_str()) => {
                (name.clone(), interface.place().cloned())
            }
            _ => of_networkd(system)?,
        };
        let message = format!("the default route leads over `{link}`, the private network");
        let help = "remove the gateway of the private interface";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}

fn of_networkd(system: &System) -> Option<(String, Option<Place>)> {
    networks(system).into_iter().find_map(|network| {
        let name = network.at("matchConfig.Name").string().value()?.clone();
        let has_gateway =
            |option: &View| option.string().value().is_some() || !option.list().items.is_empty();
        let options = ["gateway", "networkConfig.Gateway"].map(|option| network.at(option));
        let gateway = options.into_iter().find(has_gateway)?;
        PRIVATE
            .contains(&name.as_str())
            .then(|| (name, gateway.place()))
    })
}
