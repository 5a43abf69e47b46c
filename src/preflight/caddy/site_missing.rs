//! A domain of the manifest that Caddy has no site for, or a site that answers nothing.

use std::collections::BTreeSet;

use super::{OF_DEVENV, addresses, named, runs};
use crate::caddy::{File, Site};
use crate::deployment::DomainName;
use crate::facts::{Facts, Manifest};
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- Caddyfile --\nother.example.org {\n\treverse_proxy 127.0.0.1:3000\n}\n"
        ),
        good: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- Caddyfile --\nwww.example.org {\n\treverse_proxy 127.0.0.1:3000\n}\n"
        ),
        undecidable: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- Caddyfile --\n{$SITE} {\n\treverse_proxy 127.0.0.1:3000\n}\n"
        ),
    },
};

static RULE: Rule = Rule {
    id: "caddy-site-missing",
    severity: Severity::Error,
    title: "Caddy does not serve a domain of the manifest",
    why: "The record of the domain leads to the droplet, where Caddy serves the sites that it is told and no other: without a site there is no certificate and every connection ends in a TLS alert, and a site without a handler answers with an empty page.",
    fix: "Give the domain a site with a `reverse_proxy` to its service.",
    evidence: "Caddy's documentation of the Caddyfile",
};

/// Directives that answer no request by themselves.
const SILENT: [&str; 8] = [
    "bind",
    "encode",
    "header",
    "import",
    "log",
    "request_body",
    "tls",
    "vars",
];
/// Variables that `seance gen` alone gives a value to.
const GENERATED: &str = "SEANCE_SITES_";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(manifest), Some(written)) = (
        facts.manifest,
        facts.caddy().iter().find(|file| file.path == OF_DEVENV),
    ) else {
        return Vec::new();
    };
    if !written.errors.is_empty() || !written.complete {
        return Vec::new();
    }
    let mut findings = unset(facts, manifest, written);
    let profile = named(manifest.deployment.server().profile.as_str());
    let all = runs(facts).map(|(_, runs)| runs).unwrap_or_default();
    let run = all.iter().find(|run| run.profile == profile);
    let file = run.map_or(written, |run| &run.file);
    if !findings.is_empty() || !file.errors.is_empty() {
        return findings;
    }
    let hosts: Option<Vec<(String, &Site)>> = addresses(file)
        .map(|(site, address)| Some((address.host().value()?.clone(), site)))
        .collect();
    let Some(hosts) = hosts else {
        return Vec::new();
    };
    for (name, service) in &manifest.deployment.services {
        let domains = service.domains.iter();
        for domain in domains.filter_map(|key| manifest.deployment.domains.get(key)) {
            let site = hosts.iter().find(|(host, _)| serves(host, domain));
            let (message, help, place) = match site {
                None => (
                    format!("no site of Caddy serves `{domain}` under {profile}"),
                    format!("add `{domain}` to the addresses of the site of `{name}`"),
                    None,
                ),
                Some((_, site)) if is_silent(site) => (
                    format!("the site of `{domain}` answers nothing"),
                    format!(
                        "add `reverse_proxy 127.0.0.1:{}` to it",
                        service.port.number()
                    ),
                    Some(&site.place),
                ),
                Some(_) => continue,
            };
            let key = manifest
                .document
                .location(&["services", name.as_str(), "domains"]);
            let finding = match place {
                Some(place) => facts.finding(&RULE, Some(place), message, help),
                None => facts.finding_at(&RULE, key, message, help),
            };
            findings.push(finding);
        }
    }
    findings
}

fn serves(host: &str, domain: &DomainName) -> bool {
    let wild = host.strip_prefix("*.");
    let parent = domain.as_str().split_once('.').map(|(_, parent)| parent);
    host.eq_ignore_ascii_case(domain.as_str())
        || host.is_empty()
        || wild.is_some() && wild == parent
}

fn is_silent(site: &Site) -> bool {
    let mut directives = site.directives.iter();
    directives.all(|it| {
        it.name
            .read()
            .value()
            .is_some_and(|name| SILENT.contains(&name.as_str()))
    })
}

/// Variables in addresses that devenv does not give to its Caddy.
fn unset(facts: &Facts<'_>, manifest: Manifest<'_>, written: &File) -> Vec<Finding> {
    let server = manifest.deployment.server();
    let shell = facts
        .shell()
        .and_then(|it| it.under(server.profile.as_str()));
    let Some(shell) = shell else {
        return Vec::new();
    };
    let is_unset = |name: &str| {
        let own = shell.at(&["processes", "caddy", "env", name]);
        let all = shell.at(&["env", name]);
        name.starts_with(GENERATED)
            && own.is_defined() == Some(false)
            && all.is_defined() == Some(false)
    };
    let mut seen = BTreeSet::new();
    let unset = addresses(written).filter_map(|(_, it)| Some((it.variable()?, it.place())));
    let unset = unset.filter(|(name, _)| is_unset(name) && seen.insert((*name).to_owned()));
    let finding = |(name, place)| {
        let message = format!("nothing sets `{name}`, so this site has no address");
        let help = "run `seance gen`, which sets it in nix/devenv-profiles.nix";
        facts.finding(&RULE, Some(place), message, help)
    };
    unset.map(finding).collect()
}
