//! A port that both firewalls open, at an address that the machine really has.

use crate::evaluation::Value;
use crate::nixos::View;
use crate::reading::{Place, Read};
use crate::tofu::{Block, Module, Resource};

use super::{Answer, Asked, Link, integer, place_of};

pub(super) fn links(asked: &Asked<'_, '_>) -> Vec<Link> {
    let ports = asked.at("services.openssh.ports").list();
    let port = ports.items.iter().find_map(|item| match item.value {
        Value::Integer(port) => Some(port),
        _ => None,
    });
    let mut links = Vec::new();
    match port {
        Some(port) => {
            links.push(host_firewall(asked, port));
            links.push(cloud_firewall(asked, port));
        }
        None => links.push(asked.link(
            "sshd's port is open",
            Answer::Unknown,
            "sshd's port comes from something that is not in these files",
            asked.at("services.openssh.ports").place().as_ref(),
            &["ports", "ssh"],
            "write `services.openssh.ports` as a list of numbers",
        )),
    }
    links.push(address(asked));
    links
}

fn host_firewall(asked: &Asked<'_, '_>, port: i64) -> Link {
    let title = "the NixOS firewall opens sshd's port";
    let help = "add the port to `networking.firewall.allowedTCPPorts`";
    let link = |answer, says: String, place: Option<Place>| {
        asked.link(title, answer, says, place.as_ref(), &["ports", "ssh"], help)
    };
    let enable = asked.at("networking.firewall.enable");
    let enabled = enable.boolean();
    if enabled.is(&false) {
        let place = place_of(&enabled, &enable);
        return link(Answer::Holds, "the NixOS firewall is off".to_owned(), place);
    }
    let list = asked.at("networking.firewall.allowedTCPPorts");
    let opened = list.list();
    if let Some(item) = integer(&opened.items, port) {
        return link(
            Answer::Holds,
            format!("port {port} is open"),
            item.place.clone(),
        );
    }
    if list.is_forced() && opened.complete {
        let says = format!("the forced list of open ports leaves out port {port}");
        return link(Answer::Broken, says, list.place());
    }
    let own = asked.at("services.openssh.openFirewall");
    let opens = own.boolean();
    match opens.value() {
        Some(true) => {
            let says = format!("`services.openssh.openFirewall` opens port {port}");
            link(Answer::Holds, says, place_of(&opens, &own))
        }
        Some(false) if opened.complete => link(
            Answer::Broken,
            format!("port {port} is closed"),
            place_of(&opens, &own),
        ),
        _ => link(
            Answer::Unknown,
            "the open ports come from something that is not in these files".to_owned(),
            asked.at("networking.firewall").place(),
        ),
    }
}

fn cloud_firewall(asked: &Asked<'_, '_>, port: i64) -> Link {
    let title = "the DigitalOcean firewall opens sshd's port";
    let help = "add an `inbound_rule` for the port to the `digitalocean_firewall`";
    let link = |answer, says: String, place: Option<&Place>| {
        asked.link(title, answer, says, place, &["ports", "ssh"], help)
    };
    let tofu = asked.facts.tofu();
    let firewalls: Vec<(&Module, &Resource)> = tofu.resources("digitalocean_firewall").collect();
    let Some((_, first)) = firewalls.first() else {
        return link(
            Answer::Holds,
            "there is no DigitalOcean firewall".to_owned(),
            None,
        );
    };
    let mut complete = true;
    for (_, firewall) in &firewalls {
        let rules = firewall.block.body.blocks("inbound_rule");
        complete &= rules.complete && firewall.certain;
        for rule in &rules.known {
            match opens(rule, port) {
                Some(true) => {
                    let says = format!("port {port} is open to {}", sources(rule));
                    return link(Answer::Holds, says, Some(&rule.header));
                }
                Some(false) => {}
                None => complete = false,
            }
        }
    }
    let place = Some(&first.block.header);
    if complete {
        link(
            Answer::Broken,
            format!("no inbound rule opens port {port}"),
            place,
        )
    } else {
        let says = "the inbound rules come from something that is not in these files";
        link(Answer::Unknown, says.to_owned(), place)
    }
}

/// Whether an inbound rule opens a TCP port to anybody at all.
fn opens(rule: &Block, port: i64) -> Option<bool> {
    let protocol = rule.body.text("protocol");
    if *protocol.value()? != "tcp" {
        return Some(false);
    }
    let range = rule.body.text("port_range");
    let range = range.value()?;
    if matches!(range.as_str(), "all" | "0") {
        return Some(true);
    }
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let first: i64 = first.trim().parse().ok()?;
    let last: i64 = last.trim().parse().ok()?;
    Some((first..=last).contains(&port))
}

fn sources(rule: &Block) -> String {
    let list = rule.body.texts("source_addresses");
    match list.value().map(Vec::as_slice) {
        Some([]) | None => "the sources that it names".to_owned(),
        Some([one]) => one.clone(),
        Some(several) => several.join(" and "),
    }
}

fn address(asked: &Asked<'_, '_>) -> Link {
    let title = "the network configuration assigns the droplet's address";
    let help = "set `services.cloud-init.enable` and `services.cloud-init.network.enable` to true";
    let link = |answer, says: &str, place: Option<Place>| {
        asked.link(title, answer, says, place.as_ref(), &["server"], help)
    };
    let init = asked.at("services.cloud-init.enable");
    let network = asked.at("services.cloud-init.network.enable");
    let (on, translates) = (init.boolean(), network.boolean());
    if on.is(&true) && translates.is(&true) {
        let says = "cloud-init translates the addresses of the config drive";
        return link(Answer::Holds, says, place_of(&translates, &network));
    }
    if let Some(place) = static_address(asked) {
        return link(Answer::Holds, "a static address is declared", Some(place));
    }
    let dhcp = asked.at("networking.useDHCP");
    let wanted = dhcp.boolean();
    if on.is_unknown() || translates.is_unknown() || wanted.is_unknown() {
        let says = "what assigns the address is not in these files";
        return link(Answer::Unknown, says, asked.at("networking").place());
    }
    if wanted.is(&true) {
        return match stock_image(asked) {
            Some(false) => link(
                Answer::Holds,
                "a custom image gets its address by DHCP",
                place_of(&wanted, &dhcp),
            ),
            Some(true) => link(
                Answer::Broken,
                "the system waits for DHCP, which droplets of a stock image do not get",
                place_of(&wanted, &dhcp),
            ),
            None => link(
                Answer::Unknown,
                "whether there is DHCP depends on the droplet's image, which is not in these files",
                place_of(&wanted, &dhcp),
            ),
        };
    }
    let says = "DHCP is off and nothing else assigns an address";
    link(Answer::Broken, says, place_of(&wanted, &dhcp))
}

/// Where an address is declared for any interface.
fn static_address(asked: &Asked<'_, '_>) -> Option<Place> {
    let has = |view: &View, options: &[&str]| {
        let mut found = options.iter().map(|option| view.at(*option));
        found.find(|option| !option.list().items.is_empty() || option.is_defined() == Some(true))
    };
    let networks = asked.at("systemd.network.networks").children();
    let interfaces = asked.at("networking.interfaces").children();
    let of_networks = networks
        .iter()
        .find_map(|(_, view)| has(view, &["address", "addresses", "networkConfig.Address"]));
    let of_interfaces = || {
        interfaces
            .iter()
            .find_map(|(_, view)| has(view, &["ipv4.addresses"]))
    };
    of_networks
        .or_else(of_interfaces)
        .and_then(|view| view.place())
}

/// Whether the droplet is made from a stock image, which a slug says and a number denies.
fn stock_image(asked: &Asked<'_, '_>) -> Option<bool> {
    let tofu = asked.facts.tofu();
    let (_, droplet) = tofu.resources("digitalocean_droplet").next()?;
    match droplet.block.body.read("image") {
        Read::Known(value, _) => {
            let text = value.text()?;
            Some(text.parse::<u64>().is_err())
        }
        Read::Absent | Read::Unknown => None,
    }
}
