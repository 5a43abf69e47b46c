//! Rules about Caddyfiles.

mod address_doubled;
mod address_empty;
mod email_missing;
mod log_level;
mod open_firewall;
mod plugin_hash;
mod port_closed;
mod port_conflict;
mod protect_home;
mod reload_waits;
mod site_missing;
mod two_clients;
mod upstream_mismatch;

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::caddy::{Address, Environment, File, Site};
use crate::deployment::Profile;
use crate::facts::Facts;
use crate::nixos::System;
use crate::reading::Place;

pub(super) const CHECKS: &[&Check] = &[
    &two_clients::CHECK,
    &reload_waits::CHECK,
    &plugin_hash::CHECK,
    &protect_home::CHECK,
    &port_conflict::CHECK,
    &open_firewall::CHECK,
    &port_closed::CHECK,
    &address_doubled::CHECK,
    &address_empty::CHECK,
    &email_missing::CHECK,
    &log_level::CHECK,
    &upstream_mismatch::CHECK,
    &site_missing::CHECK,
];

/// The Caddyfile that devenv's Caddy reads.
const OF_DEVENV: &str = "Caddyfile";

/// The project's Caddyfile as one profile of devenv has it read.
struct Run {
    /// The profile in a sentence.
    profile: String,
    /// The variables that are known.
    known: BTreeMap<String, String>,
    file: File,
}

/// The project's Caddyfile with the variables of each profile put in, next to how it is written.
/// Nothing when no variable of its addresses is known.
fn runs<'a>(facts: &'a Facts<'_>) -> Option<(&'a File, Vec<Run>)> {
    let written = facts.caddy().iter().find(|file| file.path == OF_DEVENV)?;
    let variables: BTreeSet<&str> = addresses(written)
        .filter_map(|(_, it)| it.variable())
        .collect();
    let mut environments: Vec<(String, BTreeMap<String, String>)> = Vec::new();
    if let Some(shell) = facts.shell() {
        let base = "devenv without a profile".to_owned();
        environments.push((base, of_shell(&shell.base, &variables)));
        for (name, system) in &shell.profiles {
            environments.push((named(name), of_shell(system, &variables)));
        }
    } else if let Some(manifest) = facts.manifest {
        let profiles = &manifest.deployment.profiles;
        let base = profiles.iter().find(|(name, _)| name.as_str() == "default");
        for (name, profile) in profiles {
            let mut known = BTreeMap::new();
            for name in &variables {
                let inherited = base.and_then(|(_, base)| value(base, name));
                if let Some(value) = value(profile, name).or(inherited) {
                    known.insert((*name).to_owned(), value);
                }
            }
            environments.push((named(name.as_str()), known));
        }
    }
    environments.retain(|(_, known)| !known.is_empty());
    let runs = environments.into_iter().map(|(profile, known)| Run {
        profile,
        file: File::read(OF_DEVENV, facts.files, &Environment::some(known.clone())),
        known,
    });
    Some((written, runs.collect()))
}

fn named(profile: &str) -> String {
    format!("the profile `{profile}`")
}

/// What devenv gives its process `caddy`, as far as it is decided.
fn of_shell(shell: &System, variables: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for name in variables {
        let own = shell.at(&["processes", "caddy", "env", name]);
        let read = match own.is_defined() {
            Some(true) => own.string(),
            Some(false) => shell.at(&["env", name]).string(),
            None => continue,
        };
        if let Some(value) = read.value() {
            known.insert((*name).to_owned(), value.clone());
        }
    }
    known
}

/// What the manifest's profile sets a variable to.
fn value(profile: &Profile, name: &str) -> Option<String> {
    let site = match name {
        "CADDY_DOMAIN" => &profile.caddy_domain,
        "APP_DOMAIN" => &profile.app_domain,
        _ => {
            let mut variables = profile.env.iter();
            let found = variables.find(|(key, _)| key.as_str() == name);
            return found.map(|(_, value)| value.clone());
        }
    };
    let site = site.as_ref()?;
    Some(site.as_ref().map(ToString::to_string).unwrap_or_default())
}

/// Every address of a file with its site.
fn addresses(file: &File) -> impl Iterator<Item = (&Site, &Address)> {
    file.sites
        .iter()
        .flat_map(|site| site.addresses.iter().map(move |address| (site, address)))
}

/// A site of NixOS' own Caddy for which it certainly orders a certificate, with its place.
fn public_site(system: &System) -> Option<(String, Option<Place>)> {
    let caddy = system.at("services.caddy");
    // Others may stand in front of it.
    let fronts = [
        "services.cloudflared",
        "services.haproxy",
        "services.traefik",
    ];
    let is_first = caddy.at("enable").boolean().value() == Some(&true)
        && fronts
            .iter()
            .all(|option| system.at(*option).is_defined() == Some(false));
    let sites = caddy.at("virtualHosts").children();
    let mut sites = sites.into_iter().filter(|_| is_first);
    sites.find_map(|(name, host)| {
        let own = ["hostName", "listenAddresses", "useACMEHost"];
        let is_plain = own
            .iter()
            .all(|option| host.at(*option).is_defined() == Some(false));
        let config = host.at("extraConfig").string();
        let asks = config.value().is_some_and(|text| !text.contains("tls"));
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_public = name.contains('.')
            && !name.contains([':', '/', '*', ' ', '{'])
            && ![
                "localhost",
                "local",
                "internal",
                "lan",
                "home",
                "arpa",
                "test",
            ]
            .contains(&last)
            && last.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !name.ends_with(".ts.net");
        (is_plain && asks && is_public).then(|| (name.to_string(), host.place()))
    })
}
