use super::{is_boot, partitions, root_disk, uses_grub};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{is_on, on_droplets, replacing, report, texts};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ boot.loader.systemd-boot.enable = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ loader, ... }: { boot.loader.systemd-boot.enable = loader; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-uefi-only-on-droplet",
    severity: Severity::Error,
    title: "the boot loader needs UEFI",
    why: "Droplets boot by BIOS. A loader for UEFI alone installs without complaint and is never started.",
    fix: "Use GRUB with an EF02 partition; `efiSupport` and `efiInstallAsRemovable` may be added to boot both ways.",
    evidence: "public configurations that say so; nixos-anywhere-examples: its hybrid layout",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        systemd_boot(facts, system).or_else(|| grub(facts, system))
    })
}

fn systemd_boot(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let loader = system.at("boot.loader.systemd-boot.enable").boolean();
    if !loader.is(&true) {
        return None;
    }
    let message = "systemd-boot needs UEFI, and a droplet boots by BIOS";
    let help = "write `boot.loader.systemd-boot.enable = false;` and give GRUB an EF02 partition";
    let finding = report(facts, &RULE, system, loader.place(), message, help);
    // Without room for GRUB the edit alone boots no better.
    let has_room = root_disk(system).is_some_and(|disk| {
        let partitions = partitions(&disk);
        partitions.iter().any(|(_, it)| is_boot(it) == Some(true))
    });
    if !has_room {
        return Some(finding);
    }
    Some(replacing(facts, finding, loader.place(), "false"))
}

/// GRUB that is installed for UEFI only: to no disk, and with no EF02 partition to be found.
fn grub(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let grub = system.at("boot.loader.grub");
    if !uses_grub(system) || !is_on(&grub, "efiSupport") {
        return None;
    }
    let devices = texts(&grub.at("devices"))?;
    let single = grub.at("device").string();
    let single = single.value().filter(|it| *it == "nodev" || it.is_empty());
    if single.is_none() || devices.iter().any(|device| device != "nodev") {
        return None;
    }
    let disk = root_disk(system)?;
    let known = disk.at("content.partitions").names().complete;
    if !known
        || partitions(&disk)
            .iter()
            .any(|(_, it)| is_boot(it) != Some(false))
    {
        return None;
    }
    let message = "GRUB is installed for UEFI alone, and a droplet boots by BIOS";
    let help = "add a partition with `size = \"1M\"; type = \"EF02\";`";
    let place = disk.at("content.partitions").place();
    Some(report(facts, &RULE, system, place.as_ref(), message, help))
}
