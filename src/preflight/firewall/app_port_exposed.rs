//! `fw-app-port-exposed`

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
  networking.firewall.allowedTCPPorts = [ 80 5432 ];
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name = "nixos"
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  networking.firewall.allowedTCPPorts = [ 80 443 ];
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name = "nixos"
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, ports, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ ports, pkgs, ... }:
{
  networking.firewall.allowedTCPPorts = ports;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name = "nixos"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "fw-app-port-exposed",
    severity: Severity::Warning,
    title: "a database is open to everybody",
    why: "A database that anybody can reach is found within hours, and its password is then all that protects it.",
    fix: "Remove the port, let the database listen on loopback, and reach it through ssh.",
    evidence: "scanners of the whole address space",
};

const DATABASES: [(u16, &str); 8] = [
    (1433, "SQL Server"),
    (3306, "MySQL"),
    (5432, "PostgreSQL"),
    (6379, "Redis"),
    (8983, "Solr"),
    (9200, "Elasticsearch"),
    (11211, "memcached"),
    (27017, "MongoDB"),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Two firewalls that agree are meant; a missing second one protects nothing.
    if !facts.firewalls().is_empty() {
        return findings;
    }
    for system in facts.droplet_systems() {
        for open in system.tcp().ports {
            let Some((port, name)) = DATABASES.iter().find(|(port, _)| *port == open.first) else {
                continue;
            };
            let message = format!("port {port} of {name} is open to everybody");
            let help = format!("remove {port}, and reach {name} through ssh");
            findings.push(
                facts
                    .finding(&RULE, open.place.as_ref(), message, help)
                    .labelled("open to everybody"),
            );
        }
    }
    findings
}
