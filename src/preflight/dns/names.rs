//! The names of sites, and the records that lead to them.

use super::RECORDS;
use crate::facts::Facts;
use crate::reading::Place;

/// A record for an address or another name.
pub(super) struct Record {
    /// As it is written: whole, or relative to a zone.
    pub(super) name: String,
    /// Where the name is written.
    pub(super) place: Place,
    /// Whether it leads to a droplet that NixOS is installed on.
    pub(super) to_droplet: bool,
}

impl Record {
    /// Whether a host name finds this record.
    pub(super) fn leads_to(&self, host: &str) -> bool {
        let name = self.name.trim_end_matches('.');
        match name.strip_prefix('*') {
            // `*` alone is relative to a zone that is not known.
            Some(rest) => host.ends_with(rest),
            None if name == "@" => true,
            None => host == name || host.starts_with(&format!("{name}.")),
        }
    }

    /// Whether it names a host with its zone.
    pub(super) fn is_whole(&self) -> bool {
        self.name.matches('.').count() >= 2 && !self.name.contains('*')
    }

    /// Whether a host is of the same zone.
    pub(super) fn is_of_zone(&self, host: &str) -> bool {
        self.is_whole() && zone(&self.name) == zone(host)
    }
}

/// The last two labels, which make the zone of most names.
fn zone(name: &str) -> Option<(&str, &str)> {
    let mut labels = name.trim_end_matches('.').rsplit('.');
    Some((labels.next()?, labels.next()?))
}

/// The records of hosts in the project; `None` when there may be others.
pub(super) fn records(facts: &Facts<'_>) -> Option<Vec<Record>> {
    let modules = &facts.tofu().modules;
    let mut calls = modules.iter().flat_map(|module| module.module_calls());
    // A module from elsewhere may make records as well.
    let hidden = calls.any(|call| {
        let source = call.block.body.text("source");
        let is_installer = source
            .value()
            .is_some_and(|it| it.contains("nixos-anywhere"));
        call.folder.is_none() && !is_installer
    });
    if hidden
        || facts
            .tofu()
            .resources("digitalocean_record")
            .next()
            .is_some()
    {
        return None;
    }
    let droplets = facts.droplets();
    let mut records = Vec::new();
    for (_, resource) in RECORDS.iter().flat_map(|kind| facts.tofu().resources(kind)) {
        let body = &resource.block.body;
        let (name, kind) = (body.text("name"), body.text("type"));
        let (Some(written), Some(place), Some(kind)) = (name.value(), name.place(), kind.value())
        else {
            return None;
        };
        if !["A", "AAAA", "CNAME"].contains(&kind.as_str()) {
            continue;
        }
        let content = body
            .attribute("content")
            .or_else(|| body.attribute("value"));
        let target = content.and_then(|it| it.value.reference());
        records.push(Record {
            name: written.clone(),
            place: place.clone(),
            to_droplet: resource.certain
                && target.is_some_and(|it| droplets.iter().any(|of| of.resource.is_meant_by(it))),
        });
    }
    Some(records)
}

/// The host names of the sites that are certain, and whether there are no others.
pub(super) fn sites(facts: &Facts<'_>) -> (Vec<(String, Option<Place>)>, bool) {
    let mut sites = Vec::new();
    let mut complete = true;
    for system in facts.droplet_systems() {
        for server in ["services.caddy", "services.nginx"] {
            let server = system.at(server);
            match server.at("enable").boolean().value() {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    complete = false;
                    continue;
                }
            }
            let free = [
                "configFile",
                "extraConfig",
                "config",
                "httpConfig",
                "appendHttpConfig",
            ];
            complete &= free
                .iter()
                .all(|option| server.at(*option).is_defined() == Some(false));
            let hosts = server.at("virtualHosts");
            complete &= hosts.names().complete;
            for (name, host) in hosts.children() {
                let aliases = host.at("serverAliases");
                let own = ["hostName", "serverName"];
                complete &= aliases.is_defined() == Some(false)
                    && own
                        .iter()
                        .all(|it| host.at(*it).is_defined() == Some(false));
                if is_host(&name) {
                    sites.push((name.to_string(), host.place()));
                } else {
                    complete = false;
                }
            }
        }
    }
    for address in facts
        .caddy()
        .iter()
        .flat_map(|file| file.sites.iter().flat_map(|site| &site.addresses))
    {
        match address.host().value() {
            Some(host) if is_host(host) => {
                sites.push((host.clone(), Some(address.place().clone())));
            }
            _ => complete = false,
        }
    }
    complete &= facts.caddy().iter().all(|file| file.complete);
    (sites, complete)
}

fn is_host(name: &str) -> bool {
    name.contains('.')
        && !name.ends_with(".localhost")
        && !name.ends_with(|c: char| c.is_ascii_digit())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}
