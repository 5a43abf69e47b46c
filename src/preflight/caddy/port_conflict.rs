//! `caddy-port-conflict`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::reading::Place;
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
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; services.nginx = { enable = true; virtualHosts."b.example.com" = { }; };
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; services.nginx = { enable = true; defaultHTTPListenPort = 8080; virtualHosts."b.example.com" = { }; };
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, web, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ web, pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; services.nginx = { enable = web; virtualHosts."b.example.com" = { }; };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-port-conflict",
    severity: Severity::Error,
    title: "two web servers want the same ports",
    why: "Only one program can listen on 80 and 443. The second ends at its start, and which one that is depends on the order of the boot.",
    fix: "Keep one of them, and let it lead to the other.",
    evidence: "NixOS' modules of the web servers",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        let own = super::public_site(system);
        let Some((_, place)) = own.or_else(|| of_devenv(facts, system)) else {
            continue;
        };
        let caddy = system.at("services.caddy");
        let moved = [
            "httpPort",
            "httpsPort",
            "globalConfig",
            "configFile",
            "settings",
        ];
        if moved
            .iter()
            .any(|it| caddy.at(*it).is_defined() != Some(false))
        {
            continue;
        }
        let nginx = system.at("services.nginx");
        let others = [
            "defaultListen",
            "defaultHTTPListenPort",
            "defaultSSLListenPort",
            "defaultListenAddresses",
            "config",
            "httpConfig",
            "appendConfig",
        ];
        let listens = nginx.at("virtualHosts").children().iter().any(|(_, host)| {
            ["listen", "listenAddresses"]
                .iter()
                .all(|it| host.at(*it).is_defined() == Some(false))
        });
        let enable = nginx.at("enable").boolean();
        let is_plain = others
            .iter()
            .all(|it| nginx.at(*it).is_defined() == Some(false));
        if enable.value() != Some(&true) || !listens || !is_plain {
            continue;
        }
        let message = "nginx and Caddy both listen on port 80 of this system";
        let help =
            "remove one of the two, or give nginx `defaultHTTPListenPort` and let Caddy lead there";
        let finding = facts
            .finding(&RULE, enable.place(), message, help)
            .labelled("listens on 80");
        findings.push(match place {
            Some(place) => finding.related(place.location(), "Caddy listens there for this"),
            None => finding,
        });
    }
    findings
}

/// The first site of the Caddy that devenv runs on the server of the manifest.
fn of_devenv(facts: &Facts<'_>, system: &System) -> Option<(String, Option<Place>)> {
    let deployment = facts.manifest?.deployment;
    let is_server = system.name.as_deref() == Some(deployment.server().name.as_str());
    let mut services = deployment.services.values();
    let domain = services
        .find_map(|it| it.domains.first())
        .filter(|_| is_server)?;
    let name = deployment.domains.get(domain)?.to_string();
    let mut files = facts.caddy().iter();
    let site = files.find_map(|file| file.sites.first());
    let place = site
        .and_then(|it| it.addresses.first())
        .map(|it| it.place().clone());
    Some((name, place))
}
