use super::uses_grub;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{is_off, is_on, on_all, switch};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r"-- configuration.nix --
{ boot.loader.grub = { efiSupport = true; efiInstallAsRemovable = true; }; boot.loader.efi.canTouchEfiVariables = true; }
",
        good: r"-- configuration.nix --
{ boot.loader.grub = { efiSupport = true; efiInstallAsRemovable = true; }; }
",
        undecidable: r"-- configuration.nix --
{ touch, ... }: { boot.loader.grub = { efiSupport = true; efiInstallAsRemovable = true; }; boot.loader.efi.canTouchEfiVariables = touch; }
",
    },
};

static RULE: Rule = Rule {
    id: "boot-efi-removable-conflict",
    severity: Severity::Error,
    title: "GRUB's removable EFI path contradicts another option",
    why: "NixOS refuses `efiInstallAsRemovable` together with `canTouchEfiVariables`, and without `efiSupport`.",
    fix: "Write `boot.loader.efi.canTouchEfiVariables = false;` and `efiSupport = true;`.",
    evidence: "nixpkgs: the assertions of grub.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let removable = "boot.loader.grub.efiInstallAsRemovable";
        let touch = "boot.loader.efi.canTouchEfiVariables";
        let support = "boot.loader.grub.efiSupport";
        if !uses_grub(system) || !is_on(system, removable) {
            return None;
        }
        let finding = if is_on(system, touch) {
            let message = "`efiInstallAsRemovable` and `canTouchEfiVariables` exclude each other";
            switch(facts, &RULE, system, touch, "false", &[removable], message)
        } else if is_off(system, support) {
            let message = "`efiInstallAsRemovable` needs `efiSupport`";
            switch(facts, &RULE, system, support, "true", &[removable], message)
        } else {
            return None;
        };
        Some(match system.at(removable).place() {
            Some(place) => finding.related(place.location(), "set here"),
            None => finding,
        })
    })
}
