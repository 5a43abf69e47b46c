//! Actions: what is done to a droplet, and whether it is done.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::{Droplet, Status};
use super::super::cloud::Cloud;
use super::super::event::{Action, Effect, Target};
use super::super::http::{Answer, Call, Reply};
use super::droplets::{BackupPolicy, place_and_size};
use super::{HOST_NAME, busy, catalog, is_host_name, list, not_found, read, unprocessable};

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    size: String,
    #[serde(default)]
    disk: bool,
    backup_policy: Option<BackupPolicy>,
}

/// Actions by their number.
pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let actions = cloud.actions.values().rev();
            let actions = actions.map(|action| object(cloud, action)).collect();
            Ok(list(call, "actions", actions))
        }
        ("GET", [id]) => show(cloud, id, |_| true),
        _ => Err(not_found()),
    }
}

/// Actions of one droplet.
pub(super) fn of_droplet(
    cloud: &mut Cloud,
    call: &Call,
    method: &str,
    id: u64,
    path: &[&str],
) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let actions = cloud.actions.values();
            let own = actions.filter(|action| action.target == Target::Droplet(id));
            let own = own.map(|action| object(cloud, action)).collect();
            Ok(list(call, "actions", own))
        }
        ("GET", [action]) => show(cloud, action, |target| *target == Target::Droplet(id)),
        ("POST", []) => act(cloud, id, &read(call)?),
        _ => Err(not_found()),
    }
}

/// One action, if its target is as expected.
pub(super) fn show(cloud: &Cloud, id: &str, is_meant: impl Fn(&Target) -> bool) -> Answer {
    let action = id.parse().ok().and_then(|id: u64| cloud.actions.get(&id));
    let action = action.filter(|action| is_meant(&action.target));
    let action = action.ok_or_else(not_found)?;
    Ok(Reply::new(200, json!({ "action": object(cloud, action) })))
}

fn act(cloud: &mut Cloud, id: u64, wanted: &Wanted) -> Answer {
    if cloud.is_busy(&Target::Droplet(id)) {
        return Err(busy("Droplet"));
    }
    let droplet = cloud.droplets.get(&id).ok_or_else(not_found)?;
    let effect = effect(cloud, droplet, wanted)?;
    let region = droplet.region.clone();
    Ok(begin(
        cloud,
        &wanted.kind,
        Target::Droplet(id),
        &region,
        effect,
    ))
}

/// Starts an action and answers with it.
pub(super) fn begin(
    cloud: &mut Cloud,
    kind: &str,
    target: Target,
    region: &str,
    effect: Effect,
) -> Reply {
    let id = cloud.start(kind, target, region, effect).id;
    let action = cloud.actions.get(&id).map(|action| object(cloud, action));
    Reply::new(201, json!({ "action": action }))
}

/// What an action will have changed, unless the droplet is not in a state for it.
fn effect(cloud: &Cloud, droplet: &Droplet, wanted: &Wanted) -> Result<Effect, Reply> {
    let effect = match wanted.kind.as_str() {
        "power_off" if droplet.is_off() => {
            return Err(unprocessable("Droplet is already powered off."));
        }
        "power_on" if droplet.status == Status::Active => {
            return Err(unprocessable("Droplet is already powered on."));
        }
        "power_off" | "shutdown" => Effect::Status(Status::Off),
        "power_on" => Effect::Status(Status::Active),
        "rename" if is_host_name(&wanted.name) => Effect::Rename(wanted.name.clone()),
        "rename" => return Err(unprocessable(HOST_NAME)),
        "resize" => resized(cloud, droplet, wanted)?,
        "enable_ipv6" if droplet.ipv6.is_some() => {
            return Err(unprocessable(
                "This Droplet already has a public IPv6 address.",
            ));
        }
        "enable_ipv6" => Effect::Ipv6,
        "enable_backups" if droplet.backups => {
            return Err(unprocessable("Backups are already enabled."));
        }
        "disable_backups" if !droplet.backups => {
            return Err(unprocessable("Backups are already disabled."));
        }
        "enable_backups" => Effect::Backups(true),
        "disable_backups" => Effect::Backups(false),
        "change_backup_policy" if !droplet.backups => {
            return Err(unprocessable("Backups are not enabled for this Droplet."));
        }
        "reboot" | "power_cycle" | "enable_private_networking" | "change_backup_policy" => {
            Effect::Nothing
        }
        _ => return Err(unprocessable("You specified an invalid action type.")),
    };
    if let Some(policy) = &wanted.backup_policy {
        policy.check()?;
    }
    Ok(effect)
}

fn resized(cloud: &Cloud, droplet: &Droplet, wanted: &Wanted) -> Result<Effect, Reply> {
    let (_, size) = place_and_size(cloud, &droplet.region, &wanted.size)?;
    if size.slug == droplet.size {
        return Err(unprocessable("Droplet is already this size."));
    }
    // A disk that has grown never fits into a smaller one again.
    if size.disk_gib < droplet.disk_gib {
        return Err(unprocessable(
            "This size is not available because it has a smaller disk.",
        ));
    }
    if !droplet.is_off() {
        return Err(unprocessable(
            "Droplet is currently on. Please power it off to run this event.",
        ));
    }
    Ok(Effect::Resize {
        size: size.slug.clone(),
        price: size.price_monthly_usd,
        disk: wanted.disk.then_some(size.disk_gib),
    })
}

/// The action as JSON.
fn object(cloud: &Cloud, action: &Action) -> Value {
    let (resource, kind) = match &action.target {
        Target::Droplet(id) => (json!(id), "droplet"),
        Target::ReservedIp(ip) => (json!(u32::from(*ip)), "reserved_ip"),
        Target::Volume(_) => (Value::Null, "volume"),
    };
    let status = match (&action.completed_at, action.is_errored) {
        (None, _) => "in-progress",
        (Some(_), false) => "completed",
        (Some(_), true) => "errored",
    };
    json!({
        "id": action.id,
        "status": status,
        "type": action.kind,
        "started_at": action.started_at,
        "completed_at": action.completed_at,
        "resource_id": resource,
        "resource_type": kind,
        "region": catalog::region_of(cloud, &action.region),
        "region_slug": action.region,
    })
}
