use super::module_option;
use crate::facts::Facts;
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
        bad: r#"-- configuration.nix --
{ modulesPath, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ];  }
"#,
        good: r#"-- configuration.nix --
{ modulesPath, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.setSshKeys = false; }
"#,
        undecidable: r#"-- configuration.nix --
{ modulesPath, it, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.setSshKeys = it; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-account-keys-leak-in",
    severity: Severity::Warning,
    title: "keys that are not declared open root",
    why: "At the first boot the module writes every key of the droplet's metadata into root's authorized_keys. Nothing takes them out again when the configuration changes.",
    fix: "Add `virtualisation.digitalOcean.setSshKeys = false;` and declare the keys.",
    evidence: "nixpkgs: nixos/modules/virtualisation/digital-ocean-config.nix; srvos: its droplet module",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let message = "the DigitalOcean module copies the droplet's keys to root, where no configuration removes them";
    module_option(
        facts,
        &RULE,
        "virtualisation.digitalOcean.setSshKeys",
        message,
    )
}
