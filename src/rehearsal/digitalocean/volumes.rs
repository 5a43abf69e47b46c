//! Volumes, and which droplet each is attached to.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::Volume;
use super::super::cloud::Cloud;
use super::super::event::{Effect, Target};
use super::super::http::{Answer, Call, Reply};
use super::catalog::VOLUME_LIMIT;
use super::{actions, busy, catalog, conflict, list, not_found, read, tags, unprocessable};

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    name: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    size_gigabytes: u64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    filesystem_type: String,
    #[serde(default)]
    filesystem_label: String,
    #[serde(default)]
    tags: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Act {
    #[serde(rename = "type", default)]
    kind: String,
    droplet_id: Option<u64>,
    #[serde(default)]
    size_gigabytes: u64,
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let (name, region) = (call.parameter("name"), call.parameter("region"));
            let volumes = cloud.volumes.values().filter(|volume| {
                name.is_none_or(|name| volume.name == name)
                    && region.is_none_or(|region| volume.region == region)
            });
            let volumes = volumes.map(|volume| object(cloud, volume)).collect();
            Ok(list(call, "volumes", volumes))
        }
        ("POST", []) => create(cloud, read(call)?),
        ("GET", [id]) => {
            let volume = cloud.volumes.get(*id).ok_or_else(not_found)?;
            Ok(Reply::new(200, json!({ "volume": object(cloud, volume) })))
        }
        ("DELETE", [id]) => {
            let volume = cloud.volumes.get(*id).ok_or_else(not_found)?;
            if volume.droplet_id.is_some() {
                return Err(conflict("failed to delete a volume that is still attached"));
            }
            cloud.volumes.remove(*id);
            cloud.forget_resource(&format!("do:volume:{id}"));
            Ok(Reply::empty())
        }
        ("POST", [id, "actions"]) => act(cloud, id, &read(call)?),
        ("GET", [id, "actions", action]) => {
            let target = Target::Volume((*id).to_owned());
            actions::show(cloud, action, |found| *found == target)
        }
        _ => Err(not_found()),
    }
}

fn create(cloud: &mut Cloud, wanted: Create) -> Answer {
    let allowed = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
    };
    let starts_well = wanted
        .name
        .starts_with(|first: char| first.is_ascii_lowercase());
    if !starts_well || wanted.name.len() > 64 || !wanted.name.chars().all(allowed) {
        return Err(unprocessable("invalid volume name"));
    }
    if crate::catalog::region(&wanted.region).is_none() {
        return Err(unprocessable("invalid region"));
    }
    if !(1..=16_384).contains(&wanted.size_gigabytes) {
        return Err(unprocessable("invalid volume size"));
    }
    if !["", "ext4", "xfs"].contains(&wanted.filesystem_type.as_str()) {
        return Err(unprocessable("invalid filesystem type"));
    }
    let names = wanted.tags.unwrap_or_default();
    tags::check(&names)?;
    let mut volumes = cloud.volumes.values();
    if volumes.any(|other| other.name == wanted.name && other.region == wanted.region) {
        return Err(conflict("a volume with that name exists in the region"));
    }
    if cloud.volumes.len() >= VOLUME_LIMIT {
        return Err(unprocessable("you have reached your volume limit"));
    }
    let volume = Volume {
        id: cloud.uuid(),
        name: wanted.name,
        region: wanted.region,
        size_gigabytes: wanted.size_gigabytes,
        description: wanted.description,
        filesystem_type: wanted.filesystem_type,
        filesystem_label: wanted.filesystem_label,
        droplet_id: None,
        tags: names.iter().map(|name| cloud.tag(name)).collect(),
        created_at: cloud.now(),
    };
    let reply = Reply::new(201, json!({ "volume": object(cloud, &volume) }));
    cloud.file_resource(format!("do:volume:{}", volume.id));
    cloud.volumes.insert(volume.id.clone(), volume);
    Ok(reply)
}

fn act(cloud: &mut Cloud, id: &str, wanted: &Act) -> Answer {
    let volume = cloud.volumes.get(id).ok_or_else(not_found)?;
    let target = Target::Volume(id.to_owned());
    if cloud.is_busy(&target) {
        return Err(busy("Volume"));
    }
    let effect = match (wanted.kind.as_str(), wanted.droplet_id) {
        ("attach", Some(droplet)) => {
            let near = cloud.droplets.get(&droplet);
            if near.is_none_or(|droplet| droplet.region != volume.region) {
                return Err(unprocessable("the Droplet is not in the volume's region"));
            }
            if cloud.is_busy(&Target::Droplet(droplet)) {
                return Err(busy("Droplet"));
            }
            if volume.droplet_id.is_some() {
                return Err(unprocessable("the volume is attached already"));
            }
            Effect::Lead(droplet)
        }
        ("detach", Some(droplet)) if volume.droplet_id == Some(droplet) => Effect::Release,
        ("detach", _) => return Err(unprocessable("the volume is not attached to this Droplet")),
        ("resize", _) if wanted.size_gigabytes > volume.size_gigabytes => {
            Effect::Grow(wanted.size_gigabytes)
        }
        ("resize", _) => return Err(unprocessable("a volume can only grow")),
        _ => return Err(unprocessable("You specified an invalid action type.")),
    };
    let region = volume.region.clone();
    Ok(actions::begin(cloud, &wanted.kind, target, &region, effect))
}

fn object(cloud: &Cloud, volume: &Volume) -> Value {
    let droplets: Vec<u64> = volume.droplet_id.into_iter().collect();
    json!({
        "id": volume.id,
        "region": catalog::region_of(cloud, &volume.region),
        "name": volume.name,
        "size_gigabytes": volume.size_gigabytes,
        "description": volume.description,
        "droplet_ids": droplets,
        "created_at": volume.created_at,
        "filesystem_type": volume.filesystem_type,
        "filesystem_label": volume.filesystem_label,
        "tags": volume.tags,
    })
}
