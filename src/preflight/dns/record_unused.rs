//! `dns-record-unused`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::names;
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
{ outputs = { nixpkgs, sites, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ sites, pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts = sites; };
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
    },
};

static RULE: Rule = Rule {
    id: "dns-record-unused",
    severity: Severity::Advice,
    title: "a record that no site answers",
    why: "The name leads to the server, which has neither a site nor a certificate for it: browsers see an error.",
    fix: "Add a site for the name, or remove the record.",
    evidence: "Caddy and nginx answer only for the names they are given",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let (sites, complete) = names::sites(facts);
    let Some(records) = names::records(facts) else {
        return Vec::new();
    };
    if sites.is_empty() || !complete {
        return Vec::new();
    }
    let unused = |record: &names::Record| {
        let used = sites.iter().any(|(host, _)| record.leads_to(host));
        // A name of the machine itself, for ssh and mail, needs no site.
        if used || !record.is_whole() || !record.to_droplet {
            return None;
        }
        let message = format!(
            "`{}` leads to the droplet, and no site answers for it",
            record.name
        );
        let help = format!("add a site for `{}`, or remove the record", record.name);
        Some(
            facts
                .finding(&RULE, Some(&record.place), message, help)
                .labelled("no such site"),
        )
    };
    records.iter().filter_map(unused).collect()
}
