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
{ modulesPath, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.rebuildFromUserData = false; }
"#,
        undecidable: r#"-- configuration.nix --
{ modulesPath, it, ... }: { imports = [ (modulesPath + "/virtualisation/digital-ocean-config.nix") ]; virtualisation.digitalOcean.rebuildFromUserData = it; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "do-rebuild-from-user-data",
    severity: Severity::Error,
    title: "the droplet's user data may replace the system",
    why: "Unless it is told not to, nixpkgs' DigitalOcean module reads the user data at boot, takes what parses as Nix for a configuration, and runs nixos-rebuild with it. What was deployed is gone.",
    fix: "Add `virtualisation.digitalOcean.rebuildFromUserData = false;`.",
    evidence: "nixpkgs: nixos/modules/virtualisation/digital-ocean-config.nix; srvos: its droplet module",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let message = "the DigitalOcean module rebuilds the system from the droplet's user data";
    module_option(
        facts,
        &RULE,
        "virtualisation.digitalOcean.rebuildFromUserData",
        message,
    )
}
