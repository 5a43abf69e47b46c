//! Droplets: ordering, reading and deleting them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::{Droplet, Status};
use super::super::cloud::Cloud;
use super::super::event::{Effect, Outcome, Target};
use super::super::http::{Answer, Call, Reply};
use super::catalog::{self, DROPLET_LIMIT};
use super::{HOST_NAME, busy, is_host_name, keys, list, not_found, read, tags, unprocessable};
use crate::catalog::{DropletSize, Region};

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    name: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    size: String,
    #[serde(default)]
    image: Value,
    #[serde(default)]
    ssh_keys: Option<Vec<Value>>,
    #[serde(default)]
    backups: bool,
    #[serde(default)]
    backup_policy: Option<BackupPolicy>,
    #[serde(default)]
    ipv6: bool,
    #[serde(default)]
    monitoring: bool,
    #[serde(default)]
    user_data: Option<String>,
    #[serde(default)]
    volumes: Option<Vec<Volume>>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    vpc_uuid: Option<String>,
    #[serde(default)]
    with_droplet_agent: Option<bool>,
    #[serde(default)]
    public_networking: Option<bool>,
}

#[derive(Deserialize)]
struct Volume {
    id: String,
}

/// When backups are made.
#[derive(Debug, Deserialize)]
pub(super) struct BackupPolicy {
    #[serde(default)]
    plan: String,
    #[serde(default)]
    weekday: String,
    hour: Option<u32>,
}

impl BackupPolicy {
    /// Refuses what is no plan.
    pub(super) fn check(&self) -> Result<(), Reply> {
        const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
        let is_day = match self.plan.as_str() {
            "daily" => self.weekday.is_empty(),
            "weekly" => self.weekday.is_empty() || DAYS.contains(&self.weekday.as_str()),
            _ => return Err(unprocessable("Backup policy plan must be daily or weekly.")),
        };
        let is_hour = self.hour.is_none_or(|hour| hour % 4 == 0 && hour <= 20);
        if is_day && is_hour {
            Ok(())
        } else {
            Err(unprocessable("Backup policy weekday or hour is invalid."))
        }
    }
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => Ok(index(cloud, call)),
        ("POST", []) => create(cloud, read(call)?),
        ("GET", [id]) => {
            let id = known(cloud, id)?;
            let droplet = cloud.droplets.get(&id).ok_or_else(not_found)?;
            Ok(Reply::new(
                200,
                json!({ "droplet": object(cloud, droplet) }),
            ))
        }
        ("DELETE", [id]) => {
            let id = known(cloud, id)?;
            if cloud.is_busy(&Target::Droplet(id)) {
                return Err(busy("Droplet"));
            }
            cloud.remove_droplet(id);
            Ok(Reply::empty())
        }
        _ => Err(not_found()),
    }
}

/// The number of a droplet that exists.
pub(super) fn known(cloud: &Cloud, text: &str) -> Result<u64, Reply> {
    let number = text.parse().ok();
    let found = number.filter(|number| cloud.droplets.contains_key(number));
    found.ok_or_else(not_found)
}

fn index(cloud: &Cloud, call: &Call) -> Reply {
    let name = call.parameter("name");
    let tag = call.parameter("tag_name");
    let droplets = cloud.droplets.values().filter(|droplet| {
        name.is_none_or(|name| droplet.name == name)
            && tag.is_none_or(|tag| droplet.tags.iter().any(|own| own.eq_ignore_ascii_case(tag)))
    });
    let droplets = droplets.map(|droplet| object(cloud, droplet)).collect();
    list(call, "droplets", droplets)
}

fn create(cloud: &mut Cloud, mut wanted: Create) -> Answer {
    let volumes = wanted.volumes.take().unwrap_or_default();
    let droplet = ordered(cloud, wanted)?;
    let volumes = ordered_volumes(cloud, volumes, &droplet.region)?;
    if cloud.droplets.len() >= DROPLET_LIMIT {
        return Err(unprocessable(
            "creating this/these droplet(s) will exceed your droplet limit",
        ));
    }
    let (id, region) = (droplet.id, droplet.region.clone());
    for volume in volumes {
        if let Some(volume) = cloud.volumes.get_mut(&volume) {
            volume.droplet_id = Some(id);
        }
    }
    cloud.droplets.insert(id, droplet);
    cloud.file_resource(format!("do:droplet:{id}"));
    let active = Effect::Status(Status::Active);
    let action = cloud.start("create", Target::Droplet(id), &region, active);
    let links = json!({ "actions": [{ "id": action.id, "rel": "create" }] });
    let droplet = cloud.droplets.get(&id);
    let droplet = droplet.map(|droplet| object(cloud, droplet));
    let body = json!({ "droplet": droplet, "links": links });
    Ok(Reply::new(202, body))
}

/// The droplet as it will be, unless the order cannot be filled.
fn ordered(cloud: &mut Cloud, wanted: Create) -> Result<Droplet, Reply> {
    if !is_host_name(&wanted.name) {
        return Err(unprocessable(HOST_NAME));
    }
    let (region, size) = place_and_size(cloud, &wanted.region, &wanted.size)?;
    let image = ordered_image(cloud, &wanted.image)?;
    let ssh_keys = ordered_keys(cloud, wanted.ssh_keys.unwrap_or_default())?;
    let names = wanted.tags.unwrap_or_default();
    tags::check(&names)?;
    if let Some(policy) = &wanted.backup_policy {
        policy.check()?;
    }
    let vpc = || catalog::vpc(&region.slug);
    let has_address = wanted.public_networking != Some(false);
    let number = cloud.number();
    let id = 500_000_000 + number;
    Ok(Droplet {
        id,
        name: wanted.name,
        region: region.slug.clone(),
        size: size.slug.clone(),
        image,
        status: Status::New,
        disk_gib: size.disk_gib,
        ipv4: has_address.then(|| cloud.public_ipv4(number)).flatten(),
        ipv4_private: Cloud::private_ipv4(number),
        ipv6: wanted.ipv6.then(|| Cloud::public_ipv6(id)),
        backups: wanted.backups,
        monitoring: wanted.monitoring,
        droplet_agent: wanted.with_droplet_agent != Some(false),
        user_data: wanted.user_data.is_some(),
        ssh_keys,
        tags: names.iter().map(|name| cloud.tag(name)).collect(),
        vpc_uuid: wanted.vpc_uuid.unwrap_or_else(vpc),
        price_monthly: size.price_monthly_usd,
        created_at: cloud.now(),
    })
}

/// Refuses regions and sizes that do not exist, and sizes that the region does not have.
pub(super) fn place_and_size(
    cloud: &Cloud,
    region: &str,
    size: &str,
) -> Result<(&'static Region, &'static DropletSize), Reply> {
    let Some(size) = crate::catalog::size(size) else {
        return Err(unprocessable(
            "You specified an invalid size for Droplet creation.",
        ));
    };
    let Some(region) = crate::catalog::region(region) else {
        return Err(unprocessable(
            "You specified an invalid region for Droplet creation.",
        ));
    };
    if catalog::is_sold(cloud, &size.slug, region) {
        Ok((region, size))
    } else {
        Err(unprocessable("Size is not available in this region."))
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn ordered_image(cloud: &Cloud, image: &Value) -> Result<String, Reply> {
    catalog::image(cloud, &text_of(image))
        .ok_or_else(|| unprocessable("You specified an invalid image for Droplet creation."))
}

fn ordered_keys(cloud: &Cloud, wanted: Vec<Value>) -> Result<Vec<u64>, Reply> {
    let key = |value: Value| {
        let text = text_of(&value);
        keys::known(cloud, &text).map_err(|_| {
            unprocessable(format!(
                "{text} are invalid key identifiers for Droplet creation."
            ))
        })
    };
    wanted.into_iter().map(key).collect()
}

fn ordered_volumes(cloud: &Cloud, wanted: Vec<Volume>, region: &str) -> Result<Vec<String>, Reply> {
    let volume = |wanted: Volume| {
        let free = cloud
            .volumes
            .get(&wanted.id)
            .is_some_and(|volume| volume.region == region && volume.droplet_id.is_none());
        if free {
            Ok(wanted.id)
        } else {
            Err(unprocessable(
                "volume is not available to attach to this Droplet",
            ))
        }
    };
    wanted.into_iter().map(volume).collect()
}

/// The droplet as JSON.
pub(super) fn object(cloud: &Cloud, droplet: &Droplet) -> Value {
    let size = crate::catalog::size(&droplet.size);
    let volumes = cloud.volumes.values();
    let volumes: Vec<&str> = volumes
        .filter(|volume| volume.droplet_id == Some(droplet.id))
        .map(|volume| volume.id.as_str())
        .collect();
    json!({
        "id": droplet.id,
        "name": droplet.name,
        "memory": size.map(|size| size.memory_mib),
        "vcpus": size.map(|size| size.vcpus),
        "disk": droplet.disk_gib,
        "disk_info": [
            { "type": "local", "size": { "amount": droplet.disk_gib, "unit": "gib" } },
        ],
        "locked": cloud.is_busy(&Target::Droplet(droplet.id)),
        "status": droplet.status,
        "kernel": null,
        "created_at": droplet.created_at,
        "features": features(droplet),
        "backup_ids": [],
        "next_backup_window": null,
        "snapshot_ids": [],
        "image": catalog::image_object(&droplet.image),
        "volume_ids": volumes,
        "size": size.map(|size| catalog::size_object(cloud, size)),
        "size_slug": droplet.size,
        "networks": networks(droplet),
        "region": catalog::region_of(cloud, &droplet.region),
        "tags": droplet.tags,
        "vpc_uuid": droplet.vpc_uuid,
    })
}

fn features(droplet: &Droplet) -> Vec<&'static str> {
    let features = [
        (droplet.backups, "backups"),
        (droplet.droplet_agent, "droplet_agent"),
        (droplet.ipv6.is_some(), "ipv6"),
        (droplet.monitoring, "monitoring"),
        (true, "private_networking"),
    ];
    let asked = features.into_iter().filter(|(is_asked, _)| *is_asked);
    asked.map(|(_, name)| name).collect()
}

/// The addresses. A droplet has none until its machine is found.
fn networks(droplet: &Droplet) -> Value {
    if droplet.status == Status::New {
        return json!({ "v4": [], "v6": [] });
    }
    let private = json!({
        "ip_address": droplet.ipv4_private,
        "netmask": "255.255.0.0",
        "gateway": "10.120.0.1",
        "type": "private",
    });
    let public = droplet.ipv4.map(|address| {
        let [first, second, third, _] = address.octets();
        json!({
            "ip_address": address,
            "netmask": "255.255.255.0",
            "gateway": format!("{first}.{second}.{third}.1"),
            "type": "public",
        })
    });
    let v6 = droplet.ipv6.map(|address| {
        json!({
            "ip_address": address,
            "netmask": 64,
            "gateway": "2001:db8:5ea:9ce::1",
            "type": "public",
        })
    });
    let v4: Vec<Value> = public.into_iter().chain([private]).collect();
    let v6: Vec<Value> = v6.into_iter().collect();
    json!({ "v4": v4, "v6": v6 })
}

/// A droplet that is on the account already; refused like an order.
pub(super) fn seed(cloud: &mut Cloud, name: &str, region: &str, size: &str) -> Option<u64> {
    let before = std::mem::replace(&mut cloud.outcome, Outcome::Completed);
    let wanted =
        json!({ "name": name, "region": region, "size": size, "image": "ubuntu-24-04-x64" });
    let wanted = serde_json::from_value(wanted).ok()?;
    let reply = create(cloud, wanted).ok();
    cloud.outcome = before;
    let id = reply?.body?.pointer("/droplet/id")?.as_u64()?;
    cloud.droplets.get_mut(&id)?.status = Status::Active;
    cloud
        .actions
        .retain(|_, action| action.target != Target::Droplet(id));
    Some(id)
}
