use super::{is_boot, is_gpt, partitions, root_disk, uses_grub};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{is_off, is_on, on_droplets, report, text_of};
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
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
boot.loader.grub.device = "/dev/vda"; }
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
{ kind, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/vda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = kind; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
    },
};

static RULE: Rule = Rule {
    id: "boot-bios-gpt-without-ef02",
    severity: Severity::Error,
    title: "GRUB has no room on the disk",
    why: "A droplet boots by BIOS, and GPT leaves no gap for GRUB's core image. grub-install stops for lack of it, after the disk was wiped.",
    fix: "Add a partition with `size = \"1M\"; type = \"EF02\";`.",
    evidence: "disko: example/gpt-bios-compat.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        if !uses_grub(system) || !installs_for_bios(system) {
            return None;
        }
        let disk = root_disk(system)?;
        let known = disk.at("content.partitions").names().complete;
        let none = partitions(&disk)
            .iter()
            .all(|(_, partition)| is_boot(partition) == Some(false));
        if !is_gpt(&disk) || !known || !none {
            return None;
        }
        let place = disk.at("content.partitions").place();
        let message = "the disk has no EF02 partition, without which GRUB cannot boot a droplet";
        let help = "add `boot = { size = \"1M\"; type = \"EF02\"; };` to the partitions";
        Some(report(facts, &RULE, system, place.as_ref(), message, help))
    })
}

/// Whether GRUB certainly goes to the start of a disk: it does unless it is for UEFI alone.
fn installs_for_bios(system: &System) -> bool {
    let grub = system.at("boot.loader.grub");
    let is_disk = |device: &String| device.starts_with("/dev/");
    let devices = grub.at("devices").list().items;
    let single = grub.at("device").string();
    let goes_to_disk = devices.iter().filter_map(text_of).any(|it| is_disk(&it))
        || single.value().is_some_and(is_disk);
    is_off(&grub, "efiSupport") || is_on(&grub, "efiSupport") && goes_to_disk
}
