//! What a change of a droplet in place does to the machine.

use serde_json::Value;

use super::difference;
use crate::catalog;
use crate::danger::Danger;
use crate::engine::plan::Change;

/// The danger of every attribute that changes in place, with its reason.
pub(super) fn update(change: &Change) -> (Danger, Vec<String>) {
    let mut worst = Danger::None;
    let mut because = Vec::new();
    let differences = difference::all(change);
    let attributes = differences
        .iter()
        .map(|difference| difference.attribute.as_str());
    for attribute in attributes.filter(|name| !is_computed(name)) {
        let (danger, reason) = attribute_danger(attribute, change);
        worst = worst.max(danger);
        because.push(reason);
    }
    (worst, because)
}

/// Attributes that nobody sets: they follow from others.
fn is_computed(name: &str) -> bool {
    const COMPUTED: [&str; 13] = [
        "created_at",
        "disk",
        "id",
        "ipv4_address",
        "ipv4_address_private",
        "ipv6_address",
        "locked",
        "memory",
        "price_hourly",
        "price_monthly",
        "status",
        "urn",
        "vcpus",
    ];
    COMPUTED.contains(&name)
}

fn attribute_danger(attribute: &str, change: &Change) -> (Danger, String) {
    let text = match attribute {
        "size" => return size(change),
        "name" => {
            let reason = "the droplet is renamed in place, but host, unit and user take the new \
                          name too: certificates, secrets and data under `/var/lib` stay behind";
            return (Danger::Downtime, reason.to_owned());
        }
        "ipv6" => {
            let reason = "the address is added in place; the system takes it up when it boots next";
            return (Danger::Restart, reason.to_owned());
        }
        "volume_ids" => {
            let reason = "a volume that is detached is gone for whoever uses it";
            return (Danger::Downtime, reason.to_owned());
        }
        "backups" | "backup_policy" => "DigitalOcean changes how it backs the disk up",
        "resize_disk" => "it decides what the next resize does to the disk",
        "graceful_shutdown" => "it decides how the droplet is powered off",
        "tags" => "the droplet is tagged differently",
        "image" | "ssh_keys" | "user_data" => "only a new droplet reads it",
        other => {
            let reason = format!("seance does not know what a change of `{other}` does");
            return (Danger::Downtime, reason);
        }
    };
    (Danger::None, text.to_owned())
}

fn size(change: &Change) -> (Danger, String) {
    if grows_disk(&change.before, &change.after) {
        let reason = "the droplet is powered off, resized and powered on, which takes minutes; the \
                      disk grows with it, and a disk never shrinks: no smaller size any more";
        return (Danger::Irreversible, reason.to_owned());
    }
    let reason = "the droplet is powered off, resized and powered on, which takes minutes; the \
                  disk keeps its size, so that the way back stays open";
    (Danger::Downtime, reason.to_owned())
}

/// Whether a resize may grow the disk, which never shrinks again: it does not where the disk has
/// the size that comes with the plan already.
pub fn grows_disk(before: &Value, after: &Value) -> bool {
    let new = after["size"].as_str().and_then(catalog::size);
    let is_larger = match (before["disk"].as_u64(), new) {
        (Some(old), Some(new)) => u64::from(new.disk_gib) > old,
        // Nobody knows.
        _ => true,
    };
    after["resize_disk"] != false && is_larger
}
