use super::mounts;
use crate::evaluation::Value;
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
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
fileSystems."/" = { device = "/dev/disk/by-uuid/1"; fsType = "ext4"; }; }
"#,
        good: r#"-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
fileSystems."/".autoResize = true; }
"#,
        undecidable: r#"-- configuration.nix --
{ disk, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
fileSystems."/".device = disk; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-root-declared-twice",
    severity: Severity::Error,
    title: "two definitions of where `/` is",
    why: "disko declares the filesystems of its layout. A second definition, such as that of a generated hardware-configuration.nix, contradicts it and the build stops.",
    fix: "Remove the filesystem that disko declares; `nixos-generate-config --no-filesystems` leaves it out.",
    evidence: "nixos-anywhere: generateHardwareConfig in src/nixos-anywhere.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        mounts(system).into_iter().find_map(|mount| {
            let device = system.at(&["fileSystems", mount.path.as_str(), "device"]);
            let definitions = device.definitions();
            let by_disko = definitions.iter().any(|it| it.place.is_none());
            let own = definitions
                .iter()
                .find(|it| it.place.is_some() && is_elsewhere(&it.value))?;
            if !by_disko {
                return None;
            }
            let path = &mount.path;
            let message = format!("`fileSystems.\"{path}\"` is declared here and by disko");
            let help = format!("remove the device of `fileSystems.\"{path}\"`");
            let finding = report(facts, &RULE, system, own.place.as_ref(), message, help);
            Some(match &mount.place {
                Some(place) => finding.related(place.location(), "disko mounts this"),
                None => finding,
            })
        })
    })
}

/// Whether a device is certainly written otherwise than disko writes it.
fn is_elsewhere(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.known().is_some_and(|device| {
            !device.contains("by-partlabel/") && !device.starts_with("/dev/mapper/")
        }),
        _ => false,
    }
}
