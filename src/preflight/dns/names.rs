//! The names of sites, and the records that lead to them.

use super::RECORDS;
use crate::facts::Facts;
use crate::reading::Place;
use crate::tofu::Resource;

/// A record for an address or another name.
pub(super) struct Record {
    /// As it is written: whole, or relative to a zone.
    pub(super) name: String,
    /// Where the name is written.
    pub(super) place: Place,
    /// Whether it leads to a droplet that NixOS is installed on.
    pub(super) to_droplet: bool,
    /// The zone, where the record names it.
    zone: Option<String>,
}

impl Record {
    /// Whether a host name finds this record.
    pub(super) fn leads_to(&self, host: &str) -> bool {
        let name = self.name.trim_end_matches('.');
        if self.zone.is_some() {
            return match name.strip_prefix('*') {
                Some(rest) => host.ends_with(rest),
                None => host == name,
            };
        }
        match name.strip_prefix('*') {
            // `*` alone is relative to a zone that is not known.
            Some(rest) => host.ends_with(rest),
            None if name == "@" => true,
            None => host == name || host.starts_with(&format!("{name}.")),
        }
    }

    /// Whether it names a host with its zone.
    pub(super) fn is_whole(&self) -> bool {
        let has_zone = self.zone.is_some() || self.name.matches('.').count() >= 2;
        has_zone && !self.name.contains('*')
    }

    /// Whether a host is of the same zone.
    pub(super) fn is_of_zone(&self, host: &str) -> bool {
        match &self.zone {
            Some(zone) => host == zone || host.ends_with(&format!(".{zone}")),
            None => self.is_whole() && zone(&self.name) == zone(host),
        }
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
    if hidden {
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
            zone: None,
            place: place.clone(),
            to_droplet: resource.certain
                && target.is_some_and(|it| droplets.iter().any(|of| of.resource.is_meant_by(it))),
        });
    }
    records.extend(of_digitalocean(facts)?);
    Some(records)
}

/// The records of zones that `DigitalOcean` serves; `None` when one of them cannot be read.
fn of_digitalocean(facts: &Facts<'_>) -> Option<Vec<Record>> {
    let mut domains = facts.tofu().resources("digitalocean_domain");
    // With an address a domain makes a record by itself.
    if domains.any(|(_, domain)| domain.body().attribute("ip_address").is_some()) {
        return None;
    }
    let droplets = facts.droplets();
    let mut records = Vec::new();
    for (_, resource) in facts.tofu().resources("digitalocean_record") {
        let body = resource.body();
        let (kind, name) = (body.text("type"), body.text("name"));
        let zone = body.text("domain").value().cloned();
        let zone = zone.or_else(|| domain_of(facts, resource));
        let (kind, name, place, zone) = (kind.value()?, name.value()?, name.place()?, zone?);
        if !["A", "AAAA", "CNAME"].contains(&kind.as_str()) {
            continue;
        }
        let target = body.attribute("value").and_then(|it| it.value.reference());
        records.push(Record {
            name: match name.as_str() {
                "@" => zone.clone(),
                name => format!("{name}.{zone}"),
            },
            place: place.clone(),
            to_droplet: resource.certain
                && target.is_some_and(|it| droplets.iter().any(|of| of.resource.is_meant_by(it))),
            zone: Some(zone),
        });
    }
    Some(records)
}

/// The name of the `digitalocean_domain` that a record refers to.
fn domain_of(facts: &Facts<'_>, record: &Resource) -> Option<String> {
    let domain = record.body().attribute("domain")?;
    let reference = domain.value.reference()?;
    let mut domains = facts.tofu().resources("digitalocean_domain");
    let (_, domain) = domains.find(|(_, it)| it.is_meant_by(reference))?;
    domain.body().text("name").value().cloned()
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
