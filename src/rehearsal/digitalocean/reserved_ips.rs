//! Reserved addresses, and which droplet each leads to.

use std::net::Ipv4Addr;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::ReservedIp;
use super::super::cloud::Cloud;
use super::super::event::{Effect, Target};
use super::super::http::{Answer, Call, Reply};
use super::catalog::RESERVED_IP_LIMIT;
use super::{actions, busy, catalog, droplets, list, not_found, read, unprocessable};

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    region: String,
    droplet_id: Option<u64>,
}

#[derive(Deserialize)]
struct Act {
    #[serde(rename = "type", default)]
    kind: String,
    droplet_id: Option<u64>,
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let reserved = cloud.reserved_ips.values();
            let reserved = reserved.map(|reserved| object(cloud, reserved)).collect();
            Ok(list(call, "reserved_ips", reserved))
        }
        ("POST", []) => create(cloud, read(call)?),
        ("GET", [ip]) => {
            let reserved = known(cloud, ip)?;
            Ok(Reply::new(
                200,
                json!({ "reserved_ip": object(cloud, reserved) }),
            ))
        }
        ("DELETE", [ip]) => {
            let ip = known(cloud, ip)?.ip;
            if cloud.is_busy(&Target::ReservedIp(ip)) {
                return Err(busy("Reserved IP"));
            }
            cloud.reserved_ips.remove(&ip);
            cloud.forget_resource(&format!("do:reservedip:{ip}"));
            cloud.forget_resource(&format!("do:floatingip:{ip}"));
            Ok(Reply::empty())
        }
        ("POST", [ip, "actions"]) => {
            let ip = known(cloud, ip)?.ip;
            act(cloud, ip, &read(call)?)
        }
        ("GET", [ip, "actions", action]) => {
            let ip = known(cloud, ip)?.ip;
            actions::show(cloud, action, |target| *target == Target::ReservedIp(ip))
        }
        _ => Err(not_found()),
    }
}

fn known<'a>(cloud: &'a Cloud, text: &str) -> Result<&'a ReservedIp, Reply> {
    let ip: Option<Ipv4Addr> = text.parse().ok();
    let found = ip.and_then(|ip| cloud.reserved_ips.get(&ip));
    found.ok_or_else(not_found)
}

fn create(cloud: &mut Cloud, wanted: Create) -> Answer {
    let region = match wanted.droplet_id {
        Some(id) => {
            check_free(cloud, id)?;
            let droplet = cloud.droplets.get(&id);
            droplet
                .map(|droplet| droplet.region.clone())
                .unwrap_or_default()
        }
        None => wanted.region,
    };
    if crate::catalog::region(&region).is_none() {
        return Err(unprocessable("You specified an invalid region."));
    }
    if cloud.reserved_ips.len() >= RESERVED_IP_LIMIT {
        return Err(unprocessable("You have reached your reserved IP limit."));
    }
    let number = cloud.number();
    let ip = cloud
        .reserved_ipv4(number)
        .ok_or_else(|| unprocessable("No reserved IP is left in this region."))?;
    let reserved = ReservedIp {
        ip,
        region,
        droplet_id: wanted.droplet_id,
    };
    let reply = Reply::new(202, json!({ "reserved_ip": object(cloud, &reserved) }));
    cloud.reserved_ips.insert(ip, reserved);
    cloud.file_resource(format!("do:reservedip:{ip}"));
    Ok(reply)
}

/// Only one reserved address may lead to a droplet.
fn check_free(cloud: &Cloud, droplet: u64) -> Result<(), Reply> {
    if !cloud.droplets.contains_key(&droplet) {
        return Err(unprocessable("The Droplet could not be found."));
    }
    let mut reserved = cloud.reserved_ips.values();
    if reserved.any(|reserved| reserved.droplet_id == Some(droplet)) {
        return Err(unprocessable("The Droplet already has a reserved IP."));
    }
    Ok(())
}

fn act(cloud: &mut Cloud, ip: Ipv4Addr, wanted: &Act) -> Answer {
    let target = Target::ReservedIp(ip);
    if cloud.is_busy(&target) {
        return Err(busy("Reserved IP"));
    }
    let reserved = cloud.reserved_ips.get(&ip).ok_or_else(not_found)?;
    let (region, holder) = (reserved.region.clone(), reserved.droplet_id);
    let (kind, effect) = match (wanted.kind.as_str(), wanted.droplet_id) {
        ("assign", Some(id)) => {
            check_free(cloud, id)?;
            if cloud.is_busy(&Target::Droplet(id)) {
                return Err(busy("Droplet"));
            }
            let droplet = cloud.droplets.get(&id).ok_or_else(not_found)?;
            if droplet.region != region {
                return Err(unprocessable(
                    "The Droplet is in another region than the reserved IP.",
                ));
            }
            ("assign_ip", Effect::Lead(id))
        }
        ("unassign", _) if holder.is_none() => {
            return Err(unprocessable("The reserved IP is not assigned."));
        }
        ("unassign", _) => ("unassign_ip", Effect::Release),
        _ => return Err(unprocessable("You specified an invalid action type.")),
    };
    Ok(actions::begin(cloud, kind, target, &region, effect))
}

fn object(cloud: &Cloud, reserved: &ReservedIp) -> Value {
    let droplet = reserved.droplet_id.and_then(|id| cloud.droplets.get(&id));
    let urn = format!("do:reservedip:{}", reserved.ip);
    let mut projects = cloud.projects.values();
    let project = projects.find(|project| project.resources.contains(&urn));
    json!({
        "ip": reserved.ip,
        "region": catalog::region_of(cloud, &reserved.region),
        "droplet": droplet.map(|droplet| droplets::object(cloud, droplet)),
        "project_id": project.map(|project| project.id.as_str()).unwrap_or_default(),
        "locked": cloud.is_busy(&Target::ReservedIp(reserved.ip)),
    })
}
