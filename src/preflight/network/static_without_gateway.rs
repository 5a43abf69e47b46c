use super::{is_without_leases, networks, public_interface, runs_cloud_init_network};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::{System, View};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, text_of, undefined};
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
{
  networking.useDHCP = false;
  networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ];
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{
  networking.useDHCP = false;
  networking.interfaces.eth0.ipv4.addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ];
  networking.defaultGateway = "203.0.112.1";
}
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ routes, ... }:
{
  networking.useDHCP = false;
  networking.interfaces.eth0.ipv4 = {
    addresses = [ { address = "203.0.113.5"; prefixLength = 20; } ];
    inherit routes;
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-static-needs-gateway-not-in-tofu",
    severity: Severity::Error,
    title: "a static address without a gateway",
    why: "With an address alone the server reaches its own subnet and answers nobody else. The provider's OpenTofu resource does not tell the gateway; the API and the metadata do.",
    fix: "Add `networking.defaultGateway` with the gateway of the droplet's public network.",
    evidence: "DigitalOcean provider: the attributes of a droplet",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let (link, place) = static_address(system)?;
        let others = [
            "networking.defaultGateway",
            "networking.localCommands",
            "networking.dhcpcd.extraConfig",
        ];
        if runs_cloud_init_network(system)
            || !is_without_leases(system)
            || !undefined(system, &others)
            || may_have_route(system)
        {
            return None;
        }
        let message = format!("`{link}` has a static address, and nothing says the gateway");
        let help =
            "add `networking.defaultGateway` with the gateway that the droplet's metadata names";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}

/// An interface, or a network of networkd, with an address that is declared for it.
fn static_address(system: &System) -> Option<(String, Option<Place>)> {
    if let Some((name, interface)) = public_interface(system) {
        return Some((name, interface.place()));
    }
    let has_address = |network: &View| {
        let addresses = network.at("address").list().items;
        addresses
            .iter()
            .any(|it| text_of(it).is_some_and(|it| !it.contains(':') && !is_private(&it)))
    };
    let network = networks(system).into_iter().find(has_address)?;
    let name = network.name();
    let name = name.rsplit('.').next().unwrap_or_default().to_owned();
    Some((name, network.place()))
}

fn is_private(address: &str) -> bool {
    let address = address.split('/').next().unwrap_or_default();
    let address = address.parse::<std::net::Ipv4Addr>();
    address.is_ok_and(|it| it.is_private() || it.is_loopback() || it.is_link_local())
}

fn may_have_route(system: &System) -> bool {
    let interfaces = system.at("networking.interfaces").children().into_iter();
    let of_interfaces = interfaces
        .map(|(_, interface)| interface)
        .any(|it| !undefined(&it, &["ipv4.routes", "ipv4.gateway"]));
    let options = [
        "gateway",
        "routes",
        "networkConfig.Gateway",
        "extraConfig",
        "routingPolicyRules",
    ];
    of_interfaces || networks(system).iter().any(|it| !undefined(it, &options))
}
