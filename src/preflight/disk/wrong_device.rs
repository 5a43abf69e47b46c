use super::{is_boot, partitions, root_disk, uses_grub};
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
        if let Some(finding) = beside_disko(facts, system) {
            return Some(finding);
        }
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

/// GRUB is told a foreign disk although disko tells it its own: a second name, even the right one,
/// would be refused.
fn beside_disko(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let disk = root_disk(system).filter(|_| of_layout(system).is_none())?;
    let mut partitions = partitions(&disk).into_iter();
    let is_told = partitions.any(|(_, it)| is_boot(&it) == Some(true));
    let device = system.at("boot.loader.grub.device").string();
    let name = device.value().filter(|name| is_told && is_foreign(name))?;
    let message = format!("`{name}` is not the disk of a droplet, and disko tells GRUB its disk");
    let help = "remove the line: disko adds the disk of an EF02 partition by itself";
    let finding = report(
        facts,
        &DISK_WRONG_DEVICE,
        system,
        device.place(),
        message,
        help,
    );
    let finding = finding.labelled("no droplet boots from this");
    Some(replacing(facts, finding, device.place(), "\"\""))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::{files, findings};

    #[test]
    fn beside_disko_no_other_name_is_written() {
        let text = r#"
-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ... }: {
  imports = [ <disko/module.nix> ];
  boot.loader.grub.device = "/dev/sda";
  disko.devices.disk.main = { device = "/dev/vda"; content = { type = "gpt"; partitions = {
    boot = { size = "1M"; type = "EF02"; };
    root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
  }; }; };
}
"#;
        let found = findings(&CHECK, text);
        let patch = found[0].patch.clone().expect("an edit");
        let mut project = files(text);
        let nix = project.get_mut("configuration.nix").expect("a module");
        nix.replace_range(patch.range, &patch.replacement);
        assert!(nix.contains("boot.loader.grub.device = \"\";"));
        let again = crate::preflight::testing::with_facts(&project, crate::preflight::of_facts);
        let about_grub = ["disk-wrong-device", "boot-grub-device-twice"];
        assert!(
            again.iter().all(|it| !about_grub.contains(&it.rule.id)),
            "{again:?}"
        );
    }
}
