//! `boot-efi-partition-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::{disks, mounts, uses_grub};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::host::{beside, is_off, is_on, on_all, report, undefined};
use crate::reading::Read;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{
  boot.loader.grub.efiSupport = true;
  disko.devices.disk.main = {
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
      };
    };
  };
}
"#,
        good: r#"
-- configuration.nix --
{
  boot.loader.grub.efiSupport = true;
  disko.devices.disk.main = {
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.ESP = {
        size = "512M";
        type = "EF00";
        content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; };
      };
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
      };
    };
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ esp, ... }:
{
  boot.loader.grub.efiSupport = true;
  disko.devices.disk.main = {
    device = "/dev/vda";
    content = {
      type = "gpt";
      partitions.ESP = esp;
      partitions.root = {
        size = "100%";
        content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; };
      };
    };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-efi-partition-missing",
    severity: Severity::Error,
    title: "a boot loader for UEFI without its partition",
    why: "GRUB with `efiSupport` and systemd-boot are written to a FAT filesystem at `/boot`. Without one the installation fails at its last step: the folder does not look like an EFI partition.",
    fix: "Give the layout a partition `EF00` with `format = \"vfat\"` at `/boot`, or leave `efiSupport` out.",
    evidence: "nixpkgs: install-grub.pl; grub-install(8)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_all(facts, |system| {
        let grub = "boot.loader.grub.efiSupport";
        let systemd = "boot.loader.systemd-boot.enable";
        let asks = if uses_grub(system) && is_on(system, grub) {
            grub
        } else if is_on(system, systemd) && is_off(system, "boot.isContainer") {
            systemd
        } else {
            return None;
        };
        let elsewhere = [
            "boot.loader.efi.efiSysMountPoint",
            "boot.loader.grub.mirroredBoots",
        ];
        let mounts = mounts(system);
        let has_root = mounts.iter().any(|it| it.path == "/");
        let is_there = mounts.iter().any(|it| it.path == "/boot");
        if !undefined(system, &elsewhere) || !has_root || is_there || !is_whole(system) {
            return None;
        }
        let message = format!("`{asks}` wants a FAT filesystem at `/boot`, and there is none");
        let help = "add a partition with `type = \"EF00\"`, `format = \"vfat\"` and `mountpoint = \"/boot\"`";
        let place = beside(system, &[asks, "boot.loader.grub"]);
        let finding = report(facts, &RULE, system, place.as_ref(), message, help);
        Some(finding.labelled("without its partition"))
    })
}

/// Whether there is no filesystem but those that can be read.
fn is_whole(system: &System) -> bool {
    let mounted = system.at("fileSystems").names();
    let names = system.at("disko.devices.disk").names();
    let kinds = system.at("disko.devices").names();
    let is_known = |disk: &crate::nixos::View| {
        let partitions = disk.at("content.partitions");
        partitions.names().complete
            && partitions.children().iter().all(|(_, it)| {
                let content = it.at("content");
                let point = content.at("mountpoint").string();
                content.is_defined().is_some() && !matches!(point, Read::Unknown)
            })
    };
    mounted.complete
        && !mounted.names.iter().any(|it| &**it == "/boot")
        && names.complete
        && kinds.names.iter().all(|it| &**it == "disk")
        && disks(system).iter().all(is_known)
}
