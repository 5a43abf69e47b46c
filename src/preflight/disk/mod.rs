//! The disk: its layout, and what boots from it.

use super::Check;
use super::host::{is_off, is_on, undefined};

use crate::nixos::{System, View};
use crate::reading::{Place, Read};

mod attribute_missing;
mod autoresize_lost;
mod bios_gpt_without_ef02;
mod boot_fills_up;
mod deprecated_partitioner;
mod ef02_with_content;
mod efi_partition_missing;
mod efi_removable_conflict;
mod grub_cannot_read_root;
mod grub_device_twice;
mod layout_missing;
mod legacy_table;
mod no_swap;
mod partition_size_syntax;
mod root_cannot_grow;
mod root_declared_twice;
mod systemd_stage1;
mod uefi_only;
mod virtio_missing;
mod wrong_device;
mod zfs_hostid;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &wrong_device::CHECK,
    &grub_device_twice::CHECK,
    &ef02_with_content::CHECK,
    &bios_gpt_without_ef02::CHECK,
    &uefi_only::CHECK,
    &efi_removable_conflict::CHECK,
    &virtio_missing::CHECK,
    &root_declared_twice::CHECK,
    &partition_size_syntax::CHECK,
    &layout_missing::CHECK,
    &zfs_hostid::CHECK,
    &grub_cannot_read_root::CHECK,
    &autoresize_lost::CHECK,
    &root_cannot_grow::CHECK,
    &legacy_table::CHECK,
    &boot_fills_up::CHECK,
    &no_swap::CHECK,
    &systemd_stage1::CHECK,
    &attribute_missing::CHECK,
    &deprecated_partitioner::CHECK,
    &efi_partition_missing::CHECK,
];

/// A filesystem of disko's layout.
struct Mount {
    path: String,
    format: Option<String>,
    /// Name and size of its partition, or of its volume.
    partition: String,
    size: Option<String>,
    holder: Holder,
    place: Option<Place>,
}

/// What a filesystem lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Partition,
    Encrypted,
    Group,
}

/// Whether GRUB is certain to be the boot loader: others switch it off.
fn uses_grub(system: &System) -> bool {
    let others = [
        "boot.isContainer",
        "boot.lanzaboote",
        "boot.loader.generic-extlinux-compatible",
        "boot.loader.limine",
        "boot.loader.refind",
    ];
    is_on(system, "boot.loader.grub.enable")
        && is_off(system, "boot.loader.systemd-boot.enable")
        && undefined(system, &others)
}

/// The disks of disko's layout that are certainly there.
fn disks(system: &System) -> Vec<View> {
    let disks = system.at("disko.devices.disk").children();
    disks.into_iter().map(|(_, disk)| disk).collect()
}

/// Whether a disk is certain to have a GPT.
fn is_gpt(disk: &View) -> bool {
    disk.at("content.type").string().is(&"gpt".to_owned())
}

/// The partitions of a disk that are certainly there, by name.
fn partitions(disk: &View) -> Vec<(String, View)> {
    let partitions = disk.at("content.partitions").children().into_iter();
    partitions
        .map(|(name, partition)| (name.to_string(), partition))
        .collect()
}

/// Whether a partition is raw space for GRUB; `None` when that cannot be told.
fn is_boot(partition: &View) -> Option<bool> {
    const KINDS: [&str; 2] = ["EF02", "21686148-6449-6E6F-744E-656564454649"];
    match partition.at("type").string() {
        Read::Known(kind, _) => Some(KINDS.contains(&kind.as_str())),
        Read::Absent => Some(false),
        Read::Unknown => None,
    }
}

/// The disk that the system boots from: the only one, else the one that `/` is on.
fn root_disk(system: &System) -> Option<View> {
    let known = system.at("disko.devices.disk").names().complete;
    let disks = disks(system);
    if let ([disk], true) = (disks.as_slice(), known) {
        return Some(disk.clone());
    }
    disks.into_iter().find(|disk| {
        let mut mounts = Vec::new();
        of_disk(disk, &mut mounts);
        mounts.iter().any(|mount| mount.path == "/")
    })
}

/// The filesystems of disko's layout that are certainly there.
fn mounts(system: &System) -> Vec<Mount> {
    let mut mounts = Vec::new();
    for disk in disks(system) {
        of_disk(&disk, &mut mounts);
    }
    for (_, group) in system.at("disko.devices.lvm_vg").children() {
        for (name, volume) in group.at("lvs").children() {
            of_content(
                &volume,
                &name,
                &volume.at("content"),
                Holder::Group,
                &mut mounts,
            );
        }
    }
    mounts
}

fn of_disk(disk: &View, mounts: &mut Vec<Mount>) {
    for (name, partition) in partitions(disk) {
        of_content(
            &partition,
            &name,
            &partition.at("content"),
            Holder::Partition,
            mounts,
        );
    }
}

fn of_content(holding: &View, name: &str, content: &View, holder: Holder, mounts: &mut Vec<Mount>) {
    let kind = content.at("type").string();
    let mut add = |option: &View, format: Option<String>| {
        if let Read::Known(path, place) = option.at("mountpoint").string() {
            mounts.push(Mount {
                path,
                format,
                partition: name.to_owned(),
                size: holding.at("size").string().value().cloned(),
                holder,
                place,
            });
        }
    };
    match kind.value().map(String::as_str) {
        Some("filesystem") => add(content, content.at("format").string().value().cloned()),
        Some("btrfs") => {
            add(content, Some("btrfs".to_owned()));
            for (_, volume) in content.at("subvolumes").children() {
                add(&volume, Some("btrfs".to_owned()));
            }
        }
        Some("luks") if holder == Holder::Partition => {
            of_content(
                holding,
                name,
                &content.at("content"),
                Holder::Encrypted,
                mounts,
            );
        }
        _ => {}
    }
}

/// A size of disko in megabytes.
fn megabytes(size: &str) -> Option<u64> {
    let (digits, factor) = match size.as_bytes().last()? {
        b'M' => (size.strip_suffix('M')?, 1),
        b'G' => (size.strip_suffix('G')?, 1024),
        b'T' => (size.strip_suffix('T')?, 1024 * 1024),
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}
