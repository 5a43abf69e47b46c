//! `nix/nixos-configuration.nix`.

use minijinja::Value;

use crate::deployment::{Deployment, Run, sites};
use crate::render::value::{list, map, optional_text, script, text};
use crate::render::{context::shell, firewall};

/// Memory up to which one build job at a time is all that fits, in MiB.
const SMALL_MEMORY_MIB: u32 = 2048;

pub(in crate::render) fn nixos_configuration(deployment: &Deployment) -> Value {
    let (server, project) = (deployment.server(), &deployment.project);
    let containers = container_names(deployment);
    let profile = (server.profile.as_str() != "default").then(|| server.profile.as_str());
    let ports = |udp| {
        list(
            firewall::open_ports(deployment, udp)
                .into_iter()
                .map(|port| port.number()),
        )
    };
    map([
        (
            "server",
            map([
                ("name", text(server.name.as_str())),
                ("state_version", text(server.state_version.as_str())),
                ("timezone", text(server.timezone.as_str())),
                (
                    "ssh_keys",
                    list(server.ssh_keys.iter().map(|key| key.as_str().to_owned())),
                ),
                (
                    "small",
                    Value::from(server.size.memory_mib <= SMALL_MEMORY_MIB),
                ),
            ]),
        ),
        (
            "project",
            map([
                ("repository", text(project.repository.as_str())),
                ("branch", text(project.branch.as_str())),
                ("directory", text(project.directory.as_str())),
                ("deploy_key", Value::from(project.deploy_key)),
            ]),
        ),
        ("profile", optional_text(profile)),
        (
            "prepare_script",
            prepare_script(deployment).map_or(Value::from(()), script),
        ),
        (
            "ssh_port",
            Value::from(firewall::ssh_port(deployment).number()),
        ),
        (
            "firewall",
            map([("tcp", ports(false)), ("udp", ports(true))]),
        ),
        ("docker", Value::from(!containers.is_empty())),
        ("containers", list(containers)),
        ("caddy", Value::from(!sites(deployment).is_empty())),
        ("health", list(health_urls(deployment))),
    ])
}

/// The names under which containers run, so that leftovers can be found.
fn container_names(deployment: &Deployment) -> Vec<String> {
    let server = &deployment.server().name;
    let containers = deployment.services.iter();
    containers
        .filter(|(_, service)| matches!(service.run, Run::Container { .. }))
        .map(|(name, _)| format!("{server}-{name}"))
        .collect()
}

/// Every `prepare` command in its own folder, in the order of the services' names.
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
        if let Some(directory) = directory {
            steps.push_str(&format!("cd {}\n", shell::quote(directory.as_str())));
        }
        steps.push_str(&format!("{prepare}\n)\n"));
    }
    (!steps.is_empty()).then(|| format!("set -euo pipefail\n{steps}"))
}

fn health_urls(deployment: &Deployment) -> Vec<String> {
    let services = deployment.services.values();
    services
        .flat_map(|service| {
            let port = service.port;
            service
                .health
                .iter()
                .map(move |path| format!("http://127.0.0.1:{port}{path}"))
        })
        .collect()
}
