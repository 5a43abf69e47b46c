//! `caddy-protect-home`

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
  services.caddy = { enable = true; virtualHosts."a.example.com".extraConfig = "root * /home/app/public"; };
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."a.example.com".extraConfig = "root * /srv/app"; };
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, folder, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ folder, pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."a.example.com".extraConfig = "root * ${folder}"; };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-protect-home",
    severity: Severity::Advice,
    title: "Caddy cannot read the folder that it serves",
    why: "The unit of Caddy has `ProtectHome`, so that `/home` and `/root` are empty for it: every request is answered with 404 or 403.",
    fix: "Move the files to `/srv` or `/var/lib`, or serve a path of the Nix store.",
    evidence: "NixOS' module of Caddy",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        let enable = system.at("services.caddy.enable").boolean();
        for (name, host) in system.at("services.caddy.virtualHosts").children() {
            let config = host.at("extraConfig").string();
            let Some(text) = config.value().filter(|_| enable.value() == Some(&true)) else {
                continue;
            };
            let mut roots = text
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with("root "));
            let hidden = roots.find_map(|line| {
                line.split_whitespace()
                    .find(|word| word.starts_with("/home/") || word.starts_with("/root/"))
            });
            let protect = system
                .at("systemd.services.caddy.serviceConfig.ProtectHome")
                .is_defined();
            let Some(folder) = hidden.filter(|_| protect == Some(false)) else {
                continue;
            };
            let message =
                format!("the site `{name}` serves `{folder}`, which Caddy's unit does not see");
            let help = "move the files below `/srv`";
            findings.push(
                facts
                    .finding(&RULE, config.place(), message, help)
                    .labelled("hidden from Caddy"),
            );
        }
    }
    findings
}
