//! `dns-record-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::names;
use crate::deployment::{DomainKey, DomainName};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
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
  services.caddy = { enable = true; virtualHosts."app.example.com" = { }; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name = "nixos"
}
resource "cloudflare_dns_record" "web" {
  name    = "www.example.com"
  type    = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl     = 300
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com" = { }; };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name = "nixos"
}
resource "cloudflare_dns_record" "web" {
  name    = "app.example.com"
  type    = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl     = 300
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com" = { }; };
}
-- main.tf --
variable "name" {}
resource "digitalocean_droplet" "web" {
  name = "nixos"
}
resource "cloudflare_dns_record" "web" {
  name    = var.name
  type    = "A"
  content = digitalocean_droplet.web.ipv4_address
  ttl     = 300
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "dns-record-missing",
    severity: Severity::Warning,
    title: "a site whose name leads nowhere",
    why: "The other names of the zone have their records in the same place. Without one the name leads nowhere, and Caddy gets no certificate for it.",
    fix: "Add a record for the name that leads to the droplet.",
    evidence: "how certificates are ordered",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(records) = names::records(facts) else {
        return Vec::new();
    };
    let missing = |(host, place): (String, Option<Place>)| {
        let in_zone = records.iter().find(|it| it.is_of_zone(&host))?;
        if records.iter().any(|it| it.leads_to(&host)) {
            return None;
        }
        let message = format!("the site `{host}` has no DNS record beside the others of its zone");
        let help = format!("add a record for `{host}` that leads to the droplet");
        let finding = facts
            .finding(&RULE, place.as_ref(), message, help)
            .labelled("leads nowhere");
        Some(finding.related(in_zone.place.location(), "a record of the same zone"))
    };
    let mut findings: Vec<Finding> = names::sites(facts)
        .0
        .into_iter()
        .filter_map(missing)
        .collect();
    findings.extend(of_manifest(facts, &records));
    findings
}

/// The domains of the manifest that no record of the generated module is for.
fn of_manifest(facts: &Facts<'_>, records: &[names::Record]) -> Vec<Finding> {
    let Some(manifest) = facts.manifest else {
        return Vec::new();
    };
    let generated = facts.tofu().modules.iter().any(|module| {
        let mut files = module.files.iter();
        files.any(|file| manifest.owned.contains(file.as_str()))
    });
    let domains = manifest.deployment.domains.iter();
    let missing = domains.filter(|(_, domain)| {
        !records
            .iter()
            .any(|record| record.leads_to(domain.as_str()))
    });
    let finding = |(key, domain): (&DomainKey, &DomainName)| {
        let message = format!("no DNS record is made for the domain `{domain}`");
        let help = "run `seance gen`, which writes it into terraform/terraform.tfvars";
        let place = manifest.document.location(&["domains", key.as_str()]);
        facts.finding_at(&RULE, place, message, help)
    };
    missing.filter(|_| generated).map(finding).collect()
}
