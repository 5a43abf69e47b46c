//! Certificates without a contact.

use super::addresses;
use crate::caddy::{Address, File, Scheme, Site};
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- Caddyfile --
app.example.org {
	respond 1
}
"#,
        good: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- Caddyfile --
{
	email ops@example.org
}
app.example.org {
	respond 1
}
"#,
        undecidable: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- Caddyfile --
import /etc/caddy/options
app.example.org {
	respond 1
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-email-missing",
    severity: Severity::Advice,
    title: "the ACME account has no contact address",
    why: "Without an address the authority that issues the certificates has nobody to write to, and \
          an authority that asks for one is no fallback.",
    fix: "Write `email you@example.org` among the global options, or `[caddy] email` in seance.toml.",
    evidence: "Caddy's documentation of the global option `email`",
};

/// Options that decide who issues certificates, or that nobody does.
const DECIDING: [&str; 5] = [
    "acme_ca_root",
    "auto_https",
    "cert_issuer",
    "email",
    "local_certs",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let files = facts.caddy().iter();
    let missing = files.filter(|file| is_silent_about_it(file));
    let found = missing
        .filter_map(|file| addresses(file).find(|(site, address)| gets_certificate(site, address)));
    if !facts.deploys() {
        return Vec::new();
    }
    let systems = facts.droplet_systems().into_iter();
    let of_nixos = systems.filter_map(of_nixos).map(|(name, place)| {
        let message =
            format!("Caddy asks for the certificate of `{name}` without a contact address");
        let help = "set `services.caddy.email`";
        facts.finding(&RULE, place.as_ref(), message, help)
    });
    let of_nixos: Vec<Finding> = of_nixos.collect();
    found
        .map(|(_, address)| {
            let message = format!(
                "Caddy asks for the certificate of `{}` without a contact address",
                address.written()
            );
            let help = "add `email you@example.org` to the global options at the top of the file";
            facts.finding(&RULE, Some(address.place()), message, help)
        })
        .chain(of_nixos)
        .collect()
}

/// A site of NixOS' own Caddy, when nothing says an address.
fn of_nixos(system: &System) -> Option<(String, Option<Place>)> {
    let caddy = system.at("services.caddy");
    let others = ["configFile", "settings", "globalConfig", "acmeCA"];
    let is_silent = matches!(caddy.at("email").value().value(), Some(Value::Null))
        && others
            .iter()
            .all(|option| caddy.at(*option).is_defined() == Some(false));
    super::public_site(system).filter(|_| is_silent)
}

fn is_silent_about_it(file: &File) -> bool {
    let mut options = DECIDING.iter();
    options.all(|option| file.option(option).is_absent())
}

/// Whether a public authority issues this address's certificate.
fn gets_certificate(site: &Site, address: &Address) -> bool {
    let Some(host) = address.host().value().cloned() else {
        return false;
    };
    let private = [
        "localhost",
        "local",
        "internal",
        "test",
        "example",
        "arpa",
        "lan",
    ];
    let top = host.rsplit('.').next().unwrap_or_default();
    let public = host.contains('.')
        && top.chars().any(char::is_alphabetic)
        && !private.contains(&top)
        && !host.contains(':');
    public
        && address.scheme() != Some(Scheme::Http)
        && address.port().is_none_or(|port| port == 443)
        && site.every("tls").is_empty()
}
