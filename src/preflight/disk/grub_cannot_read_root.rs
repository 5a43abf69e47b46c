use super::uses_grub;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_all, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{ fileSystems."/" = { device = "/dev/vda2"; fsType = "bcachefs"; }; }
"#,
        good: r#"-- configuration.nix --
{ fileSystems."/" = { device = "/dev/vda3"; fsType = "bcachefs"; }; fileSystems."/boot" = { device = "/dev/vda2"; fsType = "ext4"; }; }
"#,
        undecidable: r#"-- configuration.nix --
{ type, ... }: { fileSystems."/" = { device = "/dev/vda2"; fsType = type; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-grub-cannot-read-root",
    severity: Severity::Error,
    title: "GRUB cannot read the filesystem of the kernel",
    why: "GRUB loads the kernel from `/boot`, and it has no driver for bcachefs.",
    fix: "Add a partition with ext4 or vfat for `/boot`.",
    evidence: "GRUB: its list of filesystems",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let mounts = system.at("fileSystems");
        let root = mounts.at(&["/", "fsType"]).string();
        let separate = mounts.at(&["/boot"]).is_defined()?;
        if !uses_grub(system) || separate || !root.is(&"bcachefs".to_owned()) {
            return None;
        }
        let message = "GRUB cannot read the kernel from bcachefs, and there is no separate `/boot`";
        let help = "add a partition of 1G with `format = \"ext4\"` that is mounted at `/boot`";
        Some(report(facts, &RULE, system, root.place(), message, help))
    })
}
