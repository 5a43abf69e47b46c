//! `caddy-plugin-hash`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::reading::Read;
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
  services.caddy = { enable = true; package = pkgs.caddy.withPlugins { plugins = [ "github.com/caddy-dns/cloudflare" ]; hash = ""; }; };
}
"#,
        good: r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ pkgs, ... }:
{
  services.caddy = { enable = true; package = pkgs.caddy.withPlugins { plugins = [ "github.com/caddy-dns/cloudflare@v0.2.1" ]; hash = "sha256-AcWko5513hO8I0lvbCLqVbM1eWegAhoM0J0qXoWL/vI="; }; };
}
"#,
        undecidable: r"
-- flake.nix --
{ outputs = { nixpkgs, plugin, hash, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{ plugin, hash, pkgs, ... }:
{
  services.caddy = { enable = true; package = pkgs.caddy.withPlugins { plugins = [ plugin ]; inherit hash; }; };
}
",
    },
};

static RULE: Rule = Rule {
    id: "caddy-plugin-hash",
    severity: Severity::Warning,
    title: "plugins of Caddy without a hash or a version",
    why: "Caddy with plugins is built from what the network has at that moment, and Nix holds the result against a hash. Without the right one, or without a version, the build fails, if not today then with the next release.",
    fix: "Name each plugin with its version, and write the hash that the build reports.",
    evidence: "nixpkgs' function `caddy.withPlugins`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        let Read::Known(Value::Symbol(package), place) =
            system.at("services.caddy.package").value()
        else {
            continue;
        };
        let [argument] = package.arguments.as_slice() else {
            continue;
        };
        let Value::Set(set) = facts.evaluator().force(argument) else {
            continue;
        };
        if !package.name.ends_with("caddy.withPlugins") || !set.complete {
            continue;
        }
        let hash = set
            .fields
            .get("hash")
            .map(|field| facts.evaluator().force(&field.value));
        let is_missing = match &hash {
            None => true,
            Some(Value::Text(text)) => text.known().is_some_and(str::is_empty),
            Some(Value::Symbol(symbol)) => symbol.name.ends_with("fakeHash"),
            _ => false,
        };
        if is_missing {
            let message = "the plugins of Caddy have no hash, so that it cannot be built";
            let help = "build once, and write the hash that Nix reports into `hash`";
            findings.push(
                facts
                    .finding(&RULE, place.as_ref(), message, help)
                    .labelled("without a hash"),
            );
        }
        let plugins = set
            .fields
            .get("plugins")
            .map(|field| facts.evaluator().force(&field.value));
        let Some(Value::List(plugins)) = plugins else {
            continue;
        };
        for plugin in &plugins.items {
            let Value::Text(text) = facts.evaluator().force(plugin) else {
                continue;
            };
            let Some(name) = text.known().filter(|text| !text.contains('@')) else {
                continue;
            };
            let message = format!("the plugin `{name}` of Caddy has no version");
            let help = format!("write `{name}@` and a version");
            findings.push(
                facts
                    .finding(&RULE, Some(plugin.place()), message, help)
                    .labelled("whichever is newest"),
            );
        }
    }
    findings
}
