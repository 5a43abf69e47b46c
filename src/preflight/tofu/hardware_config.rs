//! An import of a file that only the installation writes.

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::reading::{is_made_by_the_installer, missing};
use crate::rules::Rule;

static RULE: Rule = Rule {
    id: "tofu-hardware-config-chicken-egg",
    severity: Severity::Error,
    title: "the configuration imports a file that only the installation writes",
    why: "The system is built before the installer runs, so the import fails and the file is never \
          written.",
    fix: "Remove the import: a droplet needs the qemu-guest profile and the disk layout, and no \
          report about its hardware.",
    evidence: "nixos-anywhere issue 588: the all-in-one module evaluates while it plans.",
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: "
-- configuration.nix --
{ imports = [ ./hardware-configuration.nix ]; }
",
        good: "
-- configuration.nix --
{ imports = [ ./hardware-configuration.nix ]; }
-- hardware-configuration.nix --
{ modulesPath, ... }: { imports = [ (modulesPath + \"/profiles/qemu-guest.nix\") ]; }
",
        undecidable: "
-- configuration.nix --
{ lib, ... }: { imports = lib.optional (builtins.pathExists ./hardware-configuration.nix) ./hardware-configuration.nix; }
",
    },
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    missing(facts, is_made_by_the_installer)
        .map(|(path, place)| {
            let message = format!("`{path}` is imported, and nothing has written it yet");
            let help = "import `(modulesPath + \"/profiles/qemu-guest.nix\")` in its place";
            facts
                .finding(&RULE, Some(&place), message, help)
                .labelled("written by the installation, which comes later")
        })
        .collect()
}
