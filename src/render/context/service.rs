//! `nix/service.nix`.

use std::collections::BTreeSet;

use minijinja::Value;

use super::container_name;
use crate::deployment::{Deployment, Run, sites};
use crate::render::value::{list, map, optional_text, script, text};
use crate::shell;

pub(in crate::render) fn service(deployment: &Deployment) -> Value {
    let (server, project) = (deployment.server(), &deployment.project);
    let containers = container_names(deployment);
    let profile = (server.profile.as_str() != "default").then(|| server.profile.as_str());
    map([
        ("name", text(server.name.as_str())),
        ("repository", text(project.repository.as_str())),
        ("branch", text(project.branch.as_str())),
        ("directory", text(project.directory.as_str())),
        ("deploy_key", Value::from(project.deploy_key)),
        ("profile", optional_text(profile)),
        (
            "prepare_script",
            prepare_script(deployment).map_or(Value::from(()), script),
        ),
        ("secrets", list(secret_names(deployment))),
        ("docker", Value::from(!containers.is_empty())),
        ("containers", list(containers)),
        ("caddy", Value::from(!sites(deployment).is_empty())),
        ("health", list(health_urls(deployment))),
    ])
}

/// Every secret that a service names, once.
fn secret_names(deployment: &Deployment) -> BTreeSet<String> {
    let services = deployment.services.values();
    let names = services.flat_map(|service| service.secrets.iter());
    names.map(ToString::to_string).collect()
}

/// The names under which containers run, so that leftovers can be found.
fn container_names(deployment: &Deployment) -> Vec<String> {
    let services = deployment.services.iter();
    let containers = services.filter(|(_, it)| matches!(it.run, Run::Container { .. }));
    containers
        .map(|(name, _)| container_name(deployment, name))
        .collect()
}

/// Every `prepare` command in its service's folder and environment, in the order of their names.
fn prepare_script(deployment: &Deployment) -> Option<String> {
    let mut steps = String::new();
    for (name, service) in &deployment.services {
        let Run::Process {
            prepare: Some(prepare),
            directory,
            ..
        } = &service.run
        else {
            continue;
        };
        steps.push_str(&format!("echo \"preparing {name}\"\n(\n"));
        for (key, value) in &service.env {
            let export = format!("{key}={value}");
            steps.push_str(&format!("{}\n", shell::command(["export", &export])));
        }
        if let Some(directory) = directory {
            steps.push_str(&format!("cd {}\n", shell::quote(directory.as_str())));
        }
        steps.push_str(&format!("{prepare}\n)\n"));
    }
    (!steps.is_empty()).then(|| format!("set -euo pipefail\n{steps}"))
}

fn health_urls(deployment: &Deployment) -> Vec<String> {
    let services = deployment.services.values();
    let urls = services.flat_map(|service| {
        let port = service.port;
        service
            .health
            .iter()
            .map(move |path| format!("http://127.0.0.1:{port}{path}"))
    });
    urls.collect()
}
