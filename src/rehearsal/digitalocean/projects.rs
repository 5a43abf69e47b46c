//! Projects and what is in them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::Project;
use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::{conflict, list, not_found, read, refusal, unprocessable};

#[derive(Deserialize)]
struct Wanted {
    name: Option<String>,
    description: Option<String>,
    purpose: Option<String>,
    environment: Option<String>,
    is_default: Option<bool>,
}

#[derive(Deserialize)]
struct Assigned {
    #[serde(default)]
    resources: Vec<String>,
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let projects = cloud.projects.values().map(object).collect();
            Ok(list(call, "projects", projects))
        }
        ("POST", []) => {
            let wanted: Wanted = read(call)?;
            let name = wanted.name.clone().unwrap_or_default();
            check(cloud, "", &wanted)?;
            if name.is_empty() || wanted.purpose.as_deref().is_none_or(str::is_empty) {
                return Err(unprocessable("name and purpose are required"));
            }
            let id = cloud.add_project(&name, false);
            let mut reply = change(cloud, &id, wanted)?;
            reply.status = 201;
            Ok(reply)
        }
        ("GET", [id]) => {
            let project = known(cloud, id)?;
            let project = cloud.projects.get(&project).map(object);
            Ok(Reply::new(200, json!({ "project": project })))
        }
        ("PUT" | "PATCH", [id]) => {
            let id = known(cloud, id)?;
            let wanted = read(call)?;
            check(cloud, &id, &wanted)?;
            change(cloud, &id, wanted)
        }
        ("DELETE", [id]) => delete(cloud, id),
        ("GET", [id, "resources"]) => {
            let id = known(cloud, id)?;
            let project = cloud.projects.get(&id).ok_or_else(not_found)?;
            let resources = project.resources.iter();
            let resources = resources.map(|urn| resource(urn, "ok", project)).collect();
            Ok(list(call, "resources", resources))
        }
        ("POST", [id, "resources"]) => {
            let id = known(cloud, id)?;
            assign(cloud, &id, read(call)?)
        }
        _ => Err(not_found()),
    }
}

/// The identifier of a project; `default` names the one that new resources go to.
pub(super) fn known(cloud: &Cloud, id: &str) -> Result<String, Reply> {
    let mut projects = cloud.projects.values();
    let found =
        projects.find(|project| project.id == id || (id == "default" && project.is_default));
    found
        .map(|project| project.id.clone())
        .ok_or_else(not_found)
}

fn check(cloud: &Cloud, id: &str, wanted: &Wanted) -> Result<(), Reply> {
    let length = |text: &Option<String>| text.as_ref().map(|text| text.chars().count());
    if length(&wanted.name).is_some_and(|length| !(1..=175).contains(&length)) {
        return Err(unprocessable("name must have 1 to 175 characters"));
    }
    if length(&wanted.description).is_some_and(|length| length > 255) {
        return Err(unprocessable("description may have at most 255 characters"));
    }
    let environment = wanted
        .environment
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    if !["", "development", "staging", "production"].contains(&environment.as_str()) {
        return Err(unprocessable(
            "environment must be Development, Staging or Production",
        ));
    }
    let mut others = cloud.projects.values().filter(|project| project.id != id);
    if others.any(|project| wanted.name.as_ref() == Some(&project.name)) {
        return Err(conflict("name is already in use"));
    }
    Ok(())
}

fn change(cloud: &mut Cloud, id: &str, wanted: Wanted) -> Answer {
    let now = cloud.now();
    if wanted.is_default == Some(true) {
        for project in cloud.projects.values_mut() {
            project.is_default = project.id == id;
        }
    }
    let project = cloud.projects.get_mut(id).ok_or_else(not_found)?;
    project.updated_at = now;
    if let Some(name) = wanted.name {
        project.name = name;
    }
    if let Some(description) = wanted.description {
        project.description = description;
    }
    if let Some(purpose) = wanted.purpose {
        project.purpose = purpose;
    }
    if let Some(environment) = wanted.environment {
        let (first, rest) = environment.split_at_checked(1).unwrap_or_default();
        project.environment = first.to_uppercase() + &rest.to_lowercase();
    }
    Ok(Reply::new(200, json!({ "project": object(project) })))
}

fn delete(cloud: &mut Cloud, id: &str) -> Answer {
    let id = known(cloud, id)?;
    let project = cloud.projects.get(&id).ok_or_else(not_found)?;
    if project.is_default {
        return Err(unprocessable("the default project cannot be deleted"));
    }
    if !project.resources.is_empty() {
        let message = "cannot delete a project with resources. move or remove the resources first";
        return Err(refusal(412, "precondition_failed", message));
    }
    cloud.projects.remove(&id);
    Ok(Reply::empty())
}

/// Moves resources here. What is gone is no error: the answer says so of each resource.
fn assign(cloud: &mut Cloud, id: &str, assigned: Assigned) -> Answer {
    let mut wrong = assigned.resources.iter().filter(|urn| !is_urn(urn));
    if let Some(urn) = wrong.next() {
        return Err(refusal(
            400,
            "bad_request",
            &format!("resource {urn} is not a valid urn"),
        ));
    }
    let mut shown = Vec::new();
    for urn in assigned.resources {
        let is_there = exists(cloud, &urn);
        let project = cloud.projects.get(id).ok_or_else(not_found)?;
        let status = match project.resources.contains(&urn) {
            _ if !is_there => "not_found",
            true => "already_assigned",
            false => "assigned",
        };
        shown.push(resource(&urn, status, project));
        if status == "assigned" {
            cloud.forget_resource(&urn);
            let project = cloud.projects.get_mut(id).ok_or_else(not_found)?;
            project.resources.push(urn);
        }
    }
    Ok(Reply::new(
        200,
        json!({ "resources": shown, "links": {}, "meta": {} }),
    ))
}

fn is_urn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(3, ':').collect();
    matches!(parts.as_slice(), ["do", kind, id] if !kind.is_empty() && !id.is_empty())
}

fn exists(cloud: &Cloud, urn: &str) -> bool {
    let parts: Vec<&str> = urn.splitn(3, ':').collect();
    match parts.as_slice() {
        ["do", "droplet", id] => id
            .parse()
            .is_ok_and(|id: u64| cloud.droplets.contains_key(&id)),
        ["do", "reservedip" | "floatingip", ip] => ip
            .parse()
            .is_ok_and(|ip| cloud.reserved_ips.contains_key(&ip)),
        ["do", "volume", id] => cloud.volumes.contains_key(*id),
        _ => false,
    }
}

fn resource(urn: &str, status: &str, project: &Project) -> Value {
    json!({
        "urn": urn,
        "assigned_at": project.updated_at,
        "links": { "self": format!("https://simulated.invalid/{urn}") },
        "status": status,
    })
}

fn object(project: &Project) -> Value {
    json!({
        "id": project.id,
        "owner_uuid": "5ea9ce00-0000-4000-8000-000000000000",
        "owner_id": 1,
        "name": project.name,
        "description": project.description,
        "purpose": project.purpose,
        "environment": project.environment,
        "is_default": project.is_default,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
    })
}
