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
{ modulesPath, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.setRootPassword = true; }
"#,
        good: r#"-- configuration.nix --
{ modulesPath, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.setRootPassword = false; }
"#,
        undecidable: r#"-- configuration.nix --
{ modulesPath, it, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.setRootPassword = it; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-root-password-from-metadata",
    severity: Severity::Warning,
    title: "root gets a password that was sent by mail",
    why: "With this option the module sets the password that DigitalOcean made up and mailed.",
    fix: "Write `virtualisation.digitalOcean.setRootPassword = false;`.",
    evidence: "nixpkgs: nixos/modules/virtualisation/digital-ocean-config.nix; srvos: its droplet module",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let message = "the DigitalOcean module gives root the password that was mailed";
    module_option(
        facts,
        &RULE,
        "virtualisation.digitalOcean.setRootPassword",
        message,
    )
}
