//! `acme-two-clients`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; security.acme.certs."app.example.com" = { };
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; services.caddy.virtualHosts."app.example.com".useACMEHost = "app.example.com"; security.acme.certs."app.example.com" = { };
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, certificates, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ certificates, pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; security.acme.certs = certificates;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "acme-two-clients",
    severity: Severity::Warning,
    title: "two programs ask for the same certificate",
    why: "`security.acme` and Caddy each order a certificate for the name and each want port 80 to prove it. One of them fails, and the orders of both count against the limits.",
    fix: "Remove the certificate from `security.acme`, or give the site `useACMEHost`.",
    evidence: "NixOS' modules of Caddy and ACME",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        let enable = system.at("services.caddy.enable").boolean();
        let certificates = system.at("security.acme.certs").children();
        for (name, host) in system.at("services.caddy.virtualHosts").children() {
            let uses = host.at("useACMEHost").is_defined();
            let config = host.at("extraConfig").string();
            let is_own =
                config.is_absent() || config.value().is_some_and(|text| !text.contains("tls "));
            let Some((_, certificate)) = certificates.iter().find(|(it, _)| *it == name) else {
                continue;
            };
            if enable.value() != Some(&true) || uses != Some(false) || !is_own {
                continue;
            }
            let message =
                format!("`security.acme` and Caddy both order a certificate for `{name}`");
            let help = format!(
                "remove `security.acme.certs.\"{name}\"`, or set `useACMEHost` of the site"
            );
            let finding = facts
                .finding(&RULE, certificate.place().as_ref(), message, help)
                .labelled("ordered here");
            findings.push(match host.place() {
                Some(place) => finding.related(place.location(), "and for this site"),
                None => finding,
            });
        }
    }
    findings
}
