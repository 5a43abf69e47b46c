use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{is_on, on_all, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{ boot.initrd = { systemd.enable = true; postDeviceCommands = "true"; }; }
"#,
        good: r#"-- configuration.nix --
{ boot.initrd.postDeviceCommands = "true"; }
"#,
        undecidable: r#"-- configuration.nix --
{ systemd, ... }: { boot.initrd = { inherit systemd; postDeviceCommands = "true"; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-systemd-stage1",
    severity: Severity::Warning,
    title: "commands of the scripted stage 1 in a systemd stage 1",
    why: "With systemd in the initial ramdisk the hooks of the old scripts are refused.",
    fix: "Write a unit in `boot.initrd.systemd.services`.",
    evidence: "nixpkgs: nixos/modules/system/boot/systemd/initrd.nix",
};

/// Hooks that the assertions of the systemd stage 1 name.
const HOOKS: [&str; 6] = [
    "preDeviceCommands",
    "postDeviceCommands",
    "preLVMCommands",
    "postMountCommands",
    "postResumeCommands",
    "preFailCommands",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let stage = system.at("boot.initrd");
        if !is_on(&stage, "systemd.enable") {
            return None;
        }
        let hook = HOOKS.iter().find(|hook| {
            stage
                .at(**hook)
                .text()
                .value()
                .is_some_and(|text| text.known() != Some(""))
        })?;
        let message = format!("`boot.initrd.{hook}` is refused by the systemd stage 1");
        let help = "move the commands into a unit in `boot.initrd.systemd.services`";
        let finding = report(
            facts,
            &RULE,
            system,
            stage.at(*hook).place().as_ref(),
            message,
            help,
        );
        Some(match stage.at("systemd.enable").place() {
            Some(place) => finding.related(place.location(), "switched on here"),
            None => finding,
        })
    })
}
