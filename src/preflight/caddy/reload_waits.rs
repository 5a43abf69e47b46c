//! `caddy-reload-waits`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
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
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; };
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; services.caddy.globalConfig = "grace_period 10s";
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = { nixpkgs, options, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ options, pkgs, ... }:
{
  services.caddy = { enable = true; virtualHosts."app.example.com".extraConfig = "reverse_proxy 127.0.0.1:3000"; }; services.caddy.globalConfig = options;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-reload-waits",
    severity: Severity::Advice,
    title: "a reload of Caddy may never end",
    why: "Caddy reloads through its own interface and waits for connections that are open, such as websockets, without end unless `grace_period` says how long. With `admin off` there is nothing to reload through.",
    fix: "Write `grace_period 10s` into `services.caddy.globalConfig`; with `admin off` set `enableReload = false`.",
    evidence: "NixOS' module of Caddy; Caddy's global options",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let waiting = |system: &System| {
        let caddy = system.at("services.caddy");
        let enable = caddy.at("enable").boolean();
        let reload = caddy.at("enableReload").boolean();
        let others = ["configFile", "settings"];
        let is_ours = enable.value() == Some(&true)
            && reload.value() == Some(&true)
            && others
                .iter()
                .all(|it| caddy.at(*it).is_defined() == Some(false));
        let global = caddy.at("globalConfig").string();
        if !is_ours || global.is_unknown() {
            return None;
        }
        let text = global.value().map_or("", String::as_str);
        let (message, help) = if text.contains("admin off") {
            (
                "Caddy cannot be reloaded with `admin off`",
                "set `services.caddy.enableReload = false;`",
            )
        } else if !text.contains("grace_period") {
            (
                "a reload of Caddy waits for open connections without end",
                "add `services.caddy.globalConfig = \"grace_period 10s\";`",
            )
        } else {
            return None;
        };
        let place = global.place().or(enable.place());
        Some(
            facts
                .finding(&RULE, place, message, help)
                .labelled("waits without end"),
        )
    };
    facts.systems().iter().filter_map(waiting).collect()
}
