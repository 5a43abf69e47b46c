//! A disk that boots.

use crate::evaluation::Value;
use crate::nixos::Item;
use crate::reading::Place;

use super::{Answer, Asked, Link, place_of};

/// The disk of every droplet.
const DISK: &str = "/dev/vda";

pub(super) fn links(asked: &Asked<'_, '_>) -> Vec<Link> {
    vec![loader(asked), modules(asked), root(asked)]
}

fn loader(asked: &Asked<'_, '_>) -> Link {
    let title = "the droplet's firmware finds a boot loader";
    let help = "give the disk a 1M partition of the type EF02, and enable GRUB";
    let link = |answer, says: String, place: Option<Place>| {
        asked.link(
            title,
            answer,
            says,
            place.as_ref(),
            &["server", "disk", "device"],
            help,
        )
    };
    let boot = asked.at("boot.loader.systemd-boot.enable");
    let systemd = boot.boolean();
    if systemd.is(&true) {
        let says = "systemd-boot needs UEFI, and droplets boot by BIOS".to_owned();
        return link(Answer::Broken, says, place_of(&systemd, &boot));
    }
    let grub = asked.at("boot.loader.grub.enable");
    let enabled = grub.boolean();
    if enabled.is(&false) {
        return link(
            Answer::Broken,
            "GRUB is off".to_owned(),
            place_of(&enabled, &grub),
        );
    }
    let devices = asked.at("boot.loader.grub.devices").list();
    let single = asked.at("boot.loader.grub.device").string();
    if let Some(item) = devices.items.iter().find(|item| is_text(item, DISK)) {
        let place = item
            .place
            .clone()
            .or_else(|| asked.at("disko.devices.disk").place());
        return link(Answer::Holds, format!("GRUB is written to {DISK}"), place);
    }
    if single.is(&DISK.to_owned()) {
        return link(
            Answer::Holds,
            format!("GRUB is written to {DISK}"),
            single.place().cloned(),
        );
    }
    if let (Some(device), place) = (single.value(), single.place())
        && device.starts_with("/dev/")
        && !device.starts_with("/dev/disk/")
        && devices.complete
    {
        let says = format!("GRUB is written to {device}, and the droplet's disk is {DISK}");
        return link(Answer::Broken, says, place.cloned());
    }
    let complete = devices.complete && !single.is_unknown() && !enabled.is_unknown();
    let place = asked
        .at("boot.loader.grub")
        .place()
        .or_else(|| asked.at("disko.devices.disk").place());
    match devices.items.first() {
        Some(Item {
            value: Value::Text(text),
            place,
        }) if complete => {
            let other = text.known().unwrap_or("another disk");
            let says = format!("GRUB is written to {other}, and the droplet's disk is {DISK}");
            link(Answer::Broken, says, place.clone())
        }
        None if complete => link(Answer::Broken, "no disk is named to GRUB".to_owned(), place),
        _ => link(
            Answer::Unknown,
            "the disk for GRUB comes from something that is not in these files".to_owned(),
            place,
        ),
    }
}

fn is_text(item: &Item, wanted: &str) -> bool {
    matches!(&item.value, Value::Text(text) if text.known() == Some(wanted))
}

fn modules(asked: &Asked<'_, '_>) -> Link {
    let available = asked.at("boot.initrd.availableKernelModules").list();
    let loaded = asked.at("boot.initrd.kernelModules").list();
    let has = |name: &str| {
        let mut all = available.items.iter().chain(&loaded.items);
        all.any(|item| is_text(item, name))
    };
    let found = ["virtio_blk", "virtio_pci"].iter().all(|name| has(name));
    let place = asked.system.imports("qemu-guest").cloned();
    let place = place.or_else(|| asked.at("boot.initrd").place());
    let (answer, says) = if found {
        (Answer::Holds, "the initial ramdisk has the virtio drivers")
    } else if available.complete && loaded.complete {
        (
            Answer::Broken,
            "the initial ramdisk has no driver for the droplet's disk",
        )
    } else {
        (
            Answer::Unknown,
            "the drivers of the initial ramdisk are not in these files",
        )
    };
    asked.link(
        "the kernel finds the disk",
        answer,
        says,
        place.as_ref(),
        &["server"],
        "import `(modulesPath + \"/profiles/qemu-guest.nix\")`",
    )
}

fn root(asked: &Asked<'_, '_>) -> Link {
    let view = asked.system.at(&["fileSystems", "/"]);
    let layout = asked.at("disko.devices.disk");
    let place = layout.place().or_else(|| view.place());
    let (answer, says) = match view.at("fsType").is_defined() {
        Some(true) => (Answer::Holds, "a root file system is declared"),
        Some(false) => (Answer::Broken, "no root file system is declared"),
        None => (
            Answer::Unknown,
            "the root file system is not in these files",
        ),
    };
    asked.link(
        "the root file system is mounted",
        answer,
        says,
        place.as_ref(),
        &["server", "disk"],
        "give a partition the mount point `/`",
    )
}
