//! How bad a change of each type of resource is.

use serde_json::Value;

use super::actions::What;
use super::{difference, droplet};
use crate::danger::Danger;
use crate::engine::plan::{Plan, ResourceChange};

/// What a resource holds, which decides what its loss means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A machine with its disk.
    Droplet,
    /// Data, or an address that cannot be had again.
    Data,
    /// The installation, which wipes the disk of a machine.
    Installation,
    /// The NixOS system of a machine that is installed.
    System,
    /// A DNS record.
    Record,
    /// What connects other resources, for a moment.
    Connection,
    /// Nothing that is lost with it.
    Nothing,
    /// Who knows.
    Unknown,
}

fn holds(change: &ResourceChange) -> Holds {
    match change.kind.as_str() {
        "digitalocean_droplet" => Holds::Droplet,
        "digitalocean_volume"
        | "digitalocean_reserved_ip"
        | "digitalocean_reserved_ipv6"
        | "digitalocean_floating_ip" => Holds::Data,
        "terraform_data" | "null_resource" if installs(&change.name) => Holds::Installation,
        "terraform_data" if change.name == "system" => Holds::System,
        "cloudflare_dns_record" | "cloudflare_record" | "digitalocean_record" => Holds::Record,
        "digitalocean_reserved_ip_assignment"
        | "digitalocean_reserved_ipv6_assignment"
        | "digitalocean_volume_attachment" => Holds::Connection,
        "digitalocean_firewall"
        | "digitalocean_ssh_key"
        | "digitalocean_tag"
        | "digitalocean_project"
        | "digitalocean_project_resources"
        | "terraform_data"
        | "null_resource" => Holds::Nothing,
        _ => Holds::Unknown,
    }
}

/// Whether a helper resource of this name runs nixos-anywhere.
fn installs(name: &str) -> bool {
    name.contains("install")
        || name.contains("nixos-remote")
        || name.contains("nixos_anywhere")
        || name.contains("nixos-anywhere")
        || name.contains("nixos_remote")
}

/// The danger of one change, with its reasons.
pub(super) fn judge(plan: &Plan, change: &ResourceChange, what: What) -> (Danger, Vec<String>) {
    let holds = holds(change);
    let (danger, reason) = match (holds, what) {
        (_, What::Move | What::Import)
        | (Holds::Connection | Holds::Unknown, What::Create | What::Forget) => (Danger::None, None),
        (Holds::Droplet, What::Change) => return droplet::update(&change.change),
        (Holds::Droplet, What::Create) => made_again(plan, change),
        (Holds::Droplet, What::Forget) => (
            Danger::Irreversible,
            Some("the droplet goes on running and costing, and seance no longer knows it"),
        ),
        (Holds::Droplet, What::ForgetAndCreate) => (
            Danger::DataLoss,
            Some(
                "an empty droplet takes the place of the one with the data, which goes on running \
                 and costing unseen",
            ),
        ),
        (Holds::Droplet, _) => (
            Danger::DataLoss,
            Some("the droplet is destroyed with everything on its disk, and its address with it"),
        ),
        (Holds::Data, what) => data(change, what),
        (Holds::Installation, what) => installation(plan, change, what),
        (Holds::System, what) => system(plan, what),
        (Holds::Record, what) => record(what),
        (Holds::Connection, _) => (
            Danger::Downtime,
            Some("what it connects is apart until it is made again"),
        ),
        (Holds::Nothing, What::Unclear) => (Danger::DataLoss, None),
        (Holds::Nothing, _) => (Danger::None, None),
        (Holds::Unknown, What::Change) => (
            Danger::Restart,
            Some("a resource of your own: seance does not know what the change does"),
        ),
        (Holds::Unknown, _) => (
            Danger::DataLoss,
            Some("a resource of your own: seance does not know what is lost with it"),
        ),
    };
    (danger, reason.map(str::to_owned).into_iter().collect())
}

/// A droplet that the state knew and the account does not: it was destroyed by somebody, or the
/// token belongs to another team. A second server must not come of it unasked.
fn made_again(plan: &Plan, change: &ResourceChange) -> (Danger, Option<&'static str>) {
    let is_gone = plan.resource_drift.iter().any(|drift| {
        drift.address == change.address
            && drift.change.actions.iter().any(|action| action == "delete")
    });
    if !is_gone {
        return (Danger::None, None);
    }
    let reason = "the state knows this droplet and the account does not: somebody destroyed it, or \
                  the token belongs to another team; an empty one would take its place";
    (Danger::DataLoss, Some(reason))
}

fn data(change: &ResourceChange, what: What) -> (Danger, Option<&'static str>) {
    let is_volume = change.kind == "digitalocean_volume";
    match what {
        What::Change if is_volume && difference::changes(&change.change, "size") => (
            Danger::Irreversible,
            Some("a volume grows and never shrinks"),
        ),
        What::Create | What::Change => (Danger::None, None),
        What::Forget => (
            Danger::Irreversible,
            Some("it goes on existing and costing, and seance no longer knows it"),
        ),
        _ if is_volume => (Danger::DataLoss, Some("everything on the volume is lost")),
        _ => (
            Danger::DataLoss,
            Some("the reserved address is given back and cannot be had again"),
        ),
    }
}

/// The installation wipes a disk whenever it runs: harmless on a droplet that is made in the same
/// plan, and nowhere else.
fn installation(
    plan: &Plan,
    change: &ResourceChange,
    what: What,
) -> (Danger, Option<&'static str>) {
    let is_tainted = change.action_reason.as_deref() == Some("replace_because_tainted");
    match what {
        What::Create if is_for_new_droplet(plan, change) => (Danger::None, None),
        What::Create => (
            Danger::DataLoss,
            Some("the installation wipes the disk of a droplet that is there already"),
        ),
        What::Replace if is_tainted => (
            Danger::DataLoss,
            Some(
                "the last installation ended with an error, perhaps only after NixOS was on the \
                 disk; running it again wipes that disk",
            ),
        ),
        What::Destroy if loses_droplet(plan) => (
            Danger::DataLoss,
            Some("it goes with its droplet; a new one is installed anew"),
        ),
        What::Change | What::Forget => (
            Danger::Irreversible,
            Some("the next apply would install again, which wipes the disk"),
        ),
        _ => (
            Danger::DataLoss,
            Some("the installation runs again, or at the next apply, and wipes the disk"),
        ),
    }
}

fn loses_droplet(plan: &Plan) -> bool {
    let mut changes = plan.resource_changes.iter();
    changes
        .any(|other| other.kind == "digitalocean_droplet" && What::of(other) == Some(What::Destroy))
}

fn is_for_new_droplet(plan: &Plan, change: &ResourceChange) -> bool {
    let makes_droplet = plan
        .resource_changes
        .iter()
        .any(|other| other.kind == "digitalocean_droplet" && What::of(other) == Some(What::Create));
    let mark = |name: &str| &change.change.after_unknown[name];
    let is_unknown = |mark: &Value| match mark {
        Value::Object(fields) => fields.values().any(|field| field == true),
        mark => mark == true,
    };
    makes_droplet && (is_unknown(mark("triggers_replace")) || is_unknown(mark("triggers")))
}

fn system(plan: &Plan, what: What) -> (Danger, Option<&'static str>) {
    let installs_now = plan.resource_changes.iter().any(|change| {
        holds(change) == Holds::Installation && What::of(change) == Some(What::Create)
    });
    match what {
        What::Create if installs_now => (Danger::None, None),
        What::Unclear => (Danger::DataLoss, None),
        What::Forget | What::Destroy => (Danger::None, None),
        _ => (
            Danger::Restart,
            Some("the server switches to the new configuration; services that it changes restart"),
        ),
    }
}

fn record(what: What) -> (Danger, Option<&'static str>) {
    match what {
        What::Create | What::Change | What::Forget => (Danger::None, None),
        What::Unclear => (Danger::DataLoss, None),
        What::Replace => (
            Danger::Downtime,
            Some("the name does not resolve until the record is made again and caches forget"),
        ),
        _ => (Danger::Downtime, Some("the name no longer resolves")),
    }
}
