use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{beside, on_all, report};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{ fileSystems."/" = { device = "tank/root"; fsType = "zfs"; }; }
"#,
        good: r#"-- configuration.nix --
{ networking.hostId = "8425e349"; fileSystems."/" = { device = "tank/root"; fsType = "zfs"; }; }
"#,
        undecidable: r#"-- configuration.nix --
{ id, ... }: { networking.hostId = id; fileSystems."/" = { device = "tank/root"; fsType = "zfs"; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-zfs-hostid",
    severity: Severity::Error,
    title: "ZFS without a host id",
    why: "A pool belongs to a host id, and NixOS refuses to build a system with ZFS and none.",
    fix: "Add `networking.hostId` with eight hexadecimal digits.",
    evidence: "nixpkgs: nixos/modules/tasks/filesystems/zfs.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let id = system.at("networking.hostId").value();
        if !matches!(id.value(), Some(Value::Null)) {
            return None;
        }
        let mut mounts = system.at("fileSystems").children().into_iter();
        let (path, mount) = mounts.find(|(_, it)| {
            it.at("fsType")
                .string()
                .value()
                .is_some_and(|it| it == "zfs")
        })?;
        let place = beside(system, &["networking.hostName"]);
        let place = place
            .or_else(|| mount.place())
            .or_else(|| system.at("disko.devices.zpool").place());
        let message = format!("`{path}` is on ZFS, and `networking.hostId` is not set");
        let help = "add `networking.hostId` with eight hexadecimal digits, such as `head -c4 /dev/urandom | od -A none -t x4` prints";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}
