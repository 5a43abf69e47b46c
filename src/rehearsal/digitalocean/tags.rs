//! Tags and what they are on.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::{list, not_found, read, unprocessable};

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Tagged {
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    resource_id: String,
    #[serde(default)]
    resource_type: String,
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let tags = cloud
                .tags
                .values()
                .map(|name| object(cloud, name))
                .collect();
            Ok(list(call, "tags", tags))
        }
        ("POST", []) => {
            let wanted: Create = read(call)?;
            check(std::slice::from_ref(&wanted.name))?;
            let name = cloud.tag(&wanted.name);
            Ok(Reply::new(201, json!({ "tag": object(cloud, &name) })))
        }
        ("GET", [name]) => {
            let name = known(cloud, name)?;
            Ok(Reply::new(200, json!({ "tag": object(cloud, &name) })))
        }
        ("DELETE", [name]) => {
            let name = known(cloud, name)?;
            remove(cloud, &name);
            Ok(Reply::empty())
        }
        ("POST", [name, "resources"]) => put(cloud, name, &read(call)?, true),
        ("DELETE", [name, "resources"]) => put(cloud, name, &read(call)?, false),
        _ => Err(not_found()),
    }
}

/// Refuses what cannot be a tag.
pub(super) fn check(names: &[String]) -> Result<(), Reply> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || ":_-".contains(character);
    let is_tag = |name: &String| (1..=255).contains(&name.len()) && name.chars().all(allowed);
    if names.iter().all(is_tag) {
        return Ok(());
    }
    Err(unprocessable(
        "tag names may hold only letters, numbers, colons, dashes and underscores",
    ))
}

fn known(cloud: &Cloud, name: &str) -> Result<String, Reply> {
    let found = cloud.tags.get(&name.to_lowercase());
    found.cloned().ok_or_else(not_found)
}

fn remove(cloud: &mut Cloud, name: &str) {
    cloud.tags.remove(&name.to_lowercase());
    for droplet in cloud.droplets.values_mut() {
        droplet.tags.retain(|tag| tag != name);
    }
    for volume in cloud.volumes.values_mut() {
        volume.tags.retain(|tag| tag != name);
    }
    for firewall in cloud.firewalls.values_mut() {
        firewall.tags.retain(|tag| tag != name);
    }
}

/// Puts a tag on resources, or takes it off.
fn put(cloud: &mut Cloud, name: &str, tagged: &Tagged, is_on: bool) -> Answer {
    let name = known(cloud, name)?;
    for resource in &tagged.resources {
        let tags = match resource.resource_type.as_str() {
            "droplet" => {
                let id = resource.resource_id.parse().unwrap_or_default();
                let droplet = cloud.droplets.get_mut(&id);
                droplet.map(|droplet| &mut droplet.tags)
            }
            "volume" => {
                let volume = cloud.volumes.get_mut(&resource.resource_id);
                volume.map(|volume| &mut volume.tags)
            }
            _ => return Err(unprocessable("resource type cannot be tagged")),
        };
        let tags = tags.ok_or_else(not_found)?;
        tags.retain(|tag| *tag != name);
        if is_on {
            tags.push(name.clone());
        }
    }
    Ok(Reply::empty())
}

fn object(cloud: &Cloud, name: &str) -> Value {
    let count = |tags: &mut dyn Iterator<Item = &Vec<String>>| {
        tags.filter(|tags| tags.iter().any(|tag| tag == name))
            .count()
    };
    let droplets = count(&mut cloud.droplets.values().map(|droplet| &droplet.tags));
    let volumes = count(&mut cloud.volumes.values().map(|volume| &volume.tags));
    json!({
        "name": name,
        "resources": {
            "count": droplets + volumes,
            "droplets": { "count": droplets },
            "volumes": { "count": volumes },
            "images": { "count": 0 },
            "volume_snapshots": { "count": 0 },
            "databases": { "count": 0 },
        },
    })
}
