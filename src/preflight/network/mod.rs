//! How the server gets its address.

use super::Check;

use super::host::{is_off, is_on, undefined};
use crate::facts::Facts;
use crate::nixos::{System, View};
use crate::reading::{Place, Read};

mod anchor_ip_missing;
mod cloud_init_datasource;
mod cloud_init_default_modules;
mod cloud_init_network_off;
mod cloud_init_wipes_host_keys;
mod default_route_private;
mod dhcp_on_stock_image;
mod hostname_two_owners;
mod interface_name;
mod no_address_source;
mod static_without_gateway;
mod two_network_managers;
mod wait_online;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &dhcp_on_stock_image::CHECK,
    &no_address_source::CHECK,
    &cloud_init_network_off::CHECK,
    &static_without_gateway::CHECK,
    &default_route_private::CHECK,
    &cloud_init_datasource::CHECK,
    &cloud_init_default_modules::CHECK,
    &cloud_init_wipes_host_keys::CHECK,
    &hostname_two_owners::CHECK,
    &two_network_managers::CHECK,
    &interface_name::CHECK,
    &anchor_ip_missing::CHECK,
    &wait_online::CHECK,
];

/// Whether cloud-init certainly configures the network.
fn runs_cloud_init_network(system: &System) -> bool {
    is_on(system, "services.cloud-init.enable")
        && is_on(system, "services.cloud-init.network.enable")
}

/// The networks of systemd-networkd that are certainly there.
fn networks(system: &System) -> Vec<View> {
    let networks = system.at("systemd.network.networks").children();
    networks.into_iter().map(|(_, network)| network).collect()
}

/// An interface that certainly has an IPv4 address that is declared for it.
fn public_interface(system: &System) -> Option<(String, View)> {
    let interfaces = system.at("networking.interfaces").children().into_iter();
    interfaces
        .filter(|(name, _)| matches!(&**name, "eth0" | "ens3") || name.starts_with("enp0s"))
        .find(|(_, interface)| !interface.at("ipv4.addresses").list().items.is_empty())
        .map(|(name, interface)| (name.to_string(), interface))
}

/// Whether anything but DHCP gives the server an address; `None` when that cannot be told.
fn assigns_address(facts: &Facts<'_>, system: &System) -> Option<bool> {
    if runs_cloud_init_network(system) {
        return Some(true);
    }
    is_addressed_by_hand(facts, system)
}

/// The same without cloud-init.
fn is_addressed_by_hand(facts: &Facts<'_>, system: &System) -> Option<bool> {
    const OTHERS: [&str; 9] = [
        "boot.initrd.network",
        "networking.bonds",
        "networking.bridges",
        "networking.dhcpcd.extraConfig",
        "networking.localCommands",
        "networking.networkmanager.ensureProfiles",
        "networking.vlans",
        "services.networkd-dispatcher",
        "systemd.network.netdevs",
    ];
    if !undefined(system, &OTHERS) || has_own_script(facts, system) {
        return None;
    }
    let interfaces = system.at("networking.interfaces");
    let networks = system.at("systemd.network.networks");
    let named = interfaces.names().complete && networks.names().complete;
    let options = ["ipv4", "ipv6", "ipAddress", "ip4", "address"];
    let of_interfaces = interfaces.children();
    let of_interfaces = of_interfaces.iter().all(|(_, it)| undefined(it, &options));
    let options = [
        "address",
        "addresses",
        "networkConfig.Address",
        "extraConfig",
    ];
    let of_networks = networks.children();
    let of_networks = of_networks.iter().all(|(_, it)| undefined(it, &options));
    (named && of_interfaces && of_networks).then_some(false)
}

/// Whether a text among the system's files looks like a script that sets addresses.
fn has_own_script(facts: &Facts<'_>, system: &System) -> bool {
    const SIGNS: [&str; 5] = [
        "169.254.169.254",
        "ip addr",
        "ip route",
        "systemd/network",
        "config-2",
    ];
    let texts = system
        .files
        .iter()
        .filter_map(|file| facts.files.get(&**file));
    texts
        .into_iter()
        .any(|text| SIGNS.iter().any(|sign| text.contains(sign)))
}

/// Whether a network of networkd asks for a lease.
fn wants_lease(network: &View) -> Option<bool> {
    let mut asks = Some(false);
    for option in ["DHCP", "networkConfig.DHCP"] {
        let option = network.at(option);
        match (option.boolean(), option.string()) {
            (Read::Known(true, _), _) => return Some(true),
            (_, Read::Known(word, _)) if word != "no" && word != "false" && word != "ipv6" => {
                return Some(true);
            }
            (Read::Known(..) | Read::Absent, _) | (_, Read::Known(..)) => {}
            _ => asks = None,
        }
    }
    asks
}

/// Where the system certainly asks for a DHCP lease; the place is missing where it is NixOS'
/// own default.
#[expect(clippy::option_option, reason = "certainty, and then a place")]
fn asks_for_lease(system: &System) -> Option<Option<Place>> {
    let everywhere = system.at("networking.useDHCP").boolean();
    if everywhere.is(&true) {
        return Some(everywhere.place().cloned());
    }
    let interfaces = system.at("networking.interfaces").children();
    let of_interface = interfaces.iter().find_map(|(_, interface)| {
        let lease = interface.at("useDHCP").boolean();
        lease.is(&true).then(|| lease.place().cloned())
    });
    of_interface.or_else(|| {
        let mut networks = networks(system).into_iter();
        let network = networks.find(|network| wants_lease(network) == Some(true));
        network.map(|network| network.place())
    })
}

/// Whether it is certain that no lease is asked for.
fn is_without_leases(system: &System) -> bool {
    let interfaces = system.at("networking.interfaces");
    let no_lease = |interface: &View| {
        let lease = interface.at("useDHCP").boolean();
        lease.is_absent() || lease.is(&false)
    };
    is_off(system, "networking.useDHCP")
        && is_off(system, "networking.networkmanager.enable")
        && interfaces.names().complete
        && interfaces.children().iter().all(|(_, it)| no_lease(it))
        && system.at("systemd.network.networks").names().complete
        && networks(system)
            .iter()
            .all(|it| wants_lease(it) == Some(false))
}
