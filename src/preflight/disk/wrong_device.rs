use super::{root_disk, uses_grub};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::finding::Origin;
use crate::manifest::rules::DISK_WRONG_DEVICE;
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{
    beside, has_stock_image, on_droplets, replacing, report, text_of, texts, undefined,
};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;

pub(super) static CHECK: Check = Check {
    rule: &crate::manifest::rules::DISK_WRONG_DEVICE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "/dev/sda"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
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
{ disk, ... }: { imports = [ <disko/module.nix> ]; disko.devices.disk.main = { type = "disk"; device = "${disk}"; content = { type = "gpt"; partitions = {
  boot = { size = "1M"; type = "EF02"; };
  root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
}; }; };
 }
"#,
    },
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = on_droplets(facts, |system| {
        let (device, place) = of_layout(system).or_else(|| of_grub(system))?;
        let message = format!("`{device}` is not the disk of a droplet, which is `/dev/vda`");
        let help = "write `\"/dev/vda\"`";
        let finding = report(
            facts,
            &DISK_WRONG_DEVICE,
            system,
            Some(&place),
            message,
            help,
        )
        .labelled("no droplet boots from this");
        // Of a device in the manifest its own check speaks.
        (finding.origin != Origin::Generated)
            .then(|| replacing(facts, finding, Some(&place), "\"/dev/vda\""))
    });
    findings.extend(on_droplets(facts, |system| {
        let disk = root_disk(system).filter(|disk| {
            disk.at("device").is_defined() == Some(false)
                && disk.at("content").is_defined() == Some(true)
        })?;
        let message = "the disk of the layout has no device, and disko knows no default";
        let help = "add `device = \"/dev/vda\";`";
        let place = disk.place();
        Some(report(
            facts,
            &DISK_WRONG_DEVICE,
            system,
            place.as_ref(),
            message,
            help,
        ))
    }));
    findings.extend(on_droplets(facts, |system| {
        grub_without_disk(facts, system)
    }));
    findings
}

/// GRUB that nobody tells a disk, in a system without a layout of disko.
fn grub_without_disk(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let grub = system.at("boot.loader.grub");
    let layout = system.at("disko.devices.disk").names();
    let others = ["boot.loader.grub.mirroredBoots", "boot.loader.external"];
    let none = texts(&grub.at("devices"))?.is_empty()
        && grub.at("device").string().is(&String::new())
        && undefined(system, &others)
        && layout.complete
        && layout.names.is_empty();
    // An image that is made of the system brings its boot loader along.
    let is_whole = system.at(&["fileSystems", "/"]).is_defined() == Some(true);
    if !none || !is_whole || !uses_grub(system) || !has_stock_image(facts) {
        return None;
    }
    let place = beside(system, &["boot.loader.grub", "boot.loader", "boot"]);
    let message = "GRUB is told no disk, which NixOS refuses";
    let help = "add `boot.loader.grub.device = \"/dev/vda\";`";
    Some(report(
        facts,
        &DISK_WRONG_DEVICE,
        system,
        place.as_ref(),
        message,
        help,
    ))
}

fn of_layout(system: &System) -> Option<(String, Place)> {
    let device = root_disk(system)?.at("device").string();
    let name = device.value().filter(|name| is_foreign(name))?;
    Some((name.clone(), device.place()?.clone()))
}

fn of_grub(system: &System) -> Option<(String, Place)> {
    let device = system.at("boot.loader.grub.device").string();
    if let (Some(name), Some(place)) = (device.value(), device.place())
        && is_foreign(name)
    {
        return Some((name.clone(), place.clone()));
    }
    let devices = system.at("boot.loader.grub.devices").list().items;
    devices.into_iter().find_map(|item| {
        let name = text_of(&item).filter(|name| is_foreign(name))?;
        Some((name, item.place?))
    })
}

/// Whether a name is certainly none of a droplet's own disk: attached volumes are SCSI disks, and
/// `/dev/vdb` is the config drive.
fn is_foreign(device: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "/dev/sd",
        "/dev/hd",
        "/dev/xvd",
        "/dev/nvme",
        "/dev/mmcblk",
        "/dev/vdb",
        "/dev/disk/by-id/scsi-0DO_Volume",
        "/dev/disk/by-id/nvme",
        "/dev/disk/by-id/ata",
        "/dev/disk/by-id/wwn",
    ];
    OTHERS.iter().any(|start| device.starts_with(start))
}
