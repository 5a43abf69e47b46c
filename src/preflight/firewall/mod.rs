//! The firewalls of DigitalOcean: what they let in and out, and whom they guard.

use super::Check;
use crate::facts::Facts;
use crate::nixos::System;
use crate::tofu::{Block, Resource};

mod app_port_exposed;
mod docker_bypass;
mod http3;
mod ipv4_omitted;
mod ipv6_omitted;
mod layer_mismatch;
mod limits;
mod nixos_firewall_off;
mod no_outbound;
mod no_ssh_from_installer;
mod not_attached;
mod outbound_incomplete;
mod rule_shape;
mod smtp_blocked;
mod world_ssh;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &smtp_blocked::CHECK,
    &app_port_exposed::CHECK,
    &docker_bypass::CHECK,
    &http3::CHECK,
    &nixos_firewall_off::CHECK,
    &layer_mismatch::CHECK,
    &no_outbound::CHECK,
    &outbound_incomplete::CHECK,
    &no_ssh_from_installer::CHECK,
    &world_ssh::CHECK,
    &rule_shape::CHECK,
    &ipv6_omitted::CHECK,
    &not_attached::CHECK,
    &limits::CHECK,
    &ipv4_omitted::CHECK,
];

/// Whether a firewall certainly guards a droplet that NixOS is installed on.
fn guards_a_droplet(facts: &Facts<'_>, firewall: &Resource) -> bool {
    let ids = firewall.body().list("droplet_ids");
    let ids = ids.value().map_or(&[][..], |list| &list.items);
    facts.droplets().iter().any(|droplet| {
        let named = |it: &Resource| {
            ids.iter()
                .any(|id| id.reference().is_some_and(|id| it.is_meant_by(id)))
        };
        let tags = (droplet.body().list("tags"), firewall.body().list("tags"));
        let tagged = match (tags.0.value(), tags.1.value()) {
            (Some(own), Some(meant)) => {
                let meant: Vec<_> = meant.items.iter().filter_map(|it| it.text()).collect();
                own.items
                    .iter()
                    .filter_map(|it| it.text())
                    .any(|it| meant.contains(&it))
            }
            _ => false,
        };
        named(droplet.resource) || tagged
    })
}

/// The rules of all firewalls together, which add up; `None` when there may be more.
pub(super) fn all_rules<'a>(firewalls: &[&'a Resource], kind: &str) -> Option<Vec<&'a Block>> {
    let mut rules = Vec::new();
    for firewall in firewalls {
        let blocks = firewall.block.body.blocks(kind);
        if !blocks.complete {
            return None;
        }
        rules.extend(blocks.known);
    }
    Some(rules)
}

/// The ports of a rule, the first and the last.
fn ports(rule: &Block) -> Option<(u16, u16)> {
    let range = rule.body.text("port_range");
    let range = range.value()?;
    if range == "all" || range == "0" {
        return Some((1, u16::MAX));
    }
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

/// Whether a rule is about a port; `None` when that is not known.
pub(super) fn covers(rule: &Block, protocol: &str, port: u16) -> Option<bool> {
    let known = rule.body.text("protocol");
    if known.value()? != protocol {
        return Some(false);
    }
    let (first, last) = ports(rule)?;
    Some((first..=last).contains(&port))
}

/// The only system and the firewalls of DigitalOcean that guard its droplet, where there is one of
/// each.
pub(super) fn both_layers<'a>(facts: &'a Facts<'_>) -> Option<(&'a System, Vec<&'a Resource>)> {
    let systems = facts.droplet_systems();
    let [system] = systems.as_slice() else {
        return None;
    };
    let firewalls = facts.firewalls();
    let is_certain = !firewalls.is_empty()
        && facts.droplets().len() == 1
        && firewalls
            .iter()
            .all(|it| it.certain && guards_a_droplet(facts, it));
    is_certain.then_some((*system, firewalls))
}

/// Whether the firewalls of DigitalOcean certainly let nobody in on a TCP port.
fn is_closed_outside(facts: &Facts<'_>, port: u16) -> bool {
    let rules = both_layers(facts).and_then(|(_, firewalls)| all_rules(&firewalls, "inbound_rule"));
    rules.is_some_and(|rules| {
        rules
            .iter()
            .all(|rule| covers(rule, "tcp", port) == Some(false))
    })
}
