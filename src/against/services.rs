//! What a change of `[services]` does. One systemd unit runs every service, so that a change to
//! one restarts all of them.

use serde::Serialize;

use super::differences::{Differences, joined};
use super::{AttributeChange, Danger};
use crate::deployment::{Deployment, Run, Service};

/// The processes and containers that come, go and restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Services {
    /// New services.
    pub added: Vec<String>,
    /// Services that are gone.
    pub removed: Vec<String>,
    /// Services whose own settings change.
    pub changed: Vec<String>,
    /// Services that were there and stay, but restart.
    pub restarted: Vec<String>,
}

impl Services {
    /// All services of a deployment that is new.
    pub(super) fn introduced(after: &Deployment) -> Self {
        Self {
            added: after.services.keys().map(ToString::to_string).collect(),
            ..Self::default()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.restarted.is_empty()
    }

    /// The same with the services that restart, which takes all changes to know.
    pub(super) fn restarting(
        mut self,
        changes: &[AttributeChange],
        before: &Deployment,
        after: &Deployment,
    ) -> Self {
        let unit_changes = changes
            .iter()
            .any(|change| change.danger >= Danger::Restart && touches_unit(&change.key));
        if unit_changes || !self.added.is_empty() || !self.removed.is_empty() {
            let stay = after
                .services
                .keys()
                .filter(|name| before.services.contains_key(*name));
            self.restarted = stay.map(ToString::to_string).collect();
        }
        self
    }
}

/// Whether a change to the key restarts the application's unit.
fn touches_unit(key: &str) -> bool {
    let unit = ["services.", "profiles.", "caddy."];
    let exact = [
        "project.deploy_key",
        "project.directory",
        "server.name",
        "server.nixos_release",
        "server.profile",
        "server.region",
        "server.size",
    ];
    unit.iter().any(|prefix| key.starts_with(prefix)) || exact.contains(&key)
}

/// The services that come, go and change, and each value that changes.
pub(super) fn compare(before: &Deployment, after: &Deployment) -> (Services, Vec<AttributeChange>) {
    let mut services = Services::default();
    let mut changes = Vec::new();
    for (name, old) in &before.services {
        let Some(new) = after.services.get(name) else {
            services.removed.push(name.to_string());
            continue;
        };
        let mut differences = Differences::default();
        service(&mut differences, &format!("services.{name}"), old, new);
        let own = differences.into_vec();
        if !own.is_empty() {
            services.changed.push(name.to_string());
        }
        changes.extend(own);
    }
    let added = after
        .services
        .keys()
        .filter(|name| !before.services.contains_key(*name));
    services.added.extend(added.map(ToString::to_string));
    (services, changes)
}

fn service(differences: &mut Differences, key: &str, old: &Service, new: &Service) {
    let restarts = "all services restart with it at the next `seance update`";
    let at = |name: &str| format!("{key}.{name}");
    differences.value(at("port"), old.port, new.port, Danger::Restart, restarts);
    differences.list(
        at("domains"),
        &old.domains,
        &new.domains,
        Danger::Restart,
        restarts,
    );
    differences.list(
        at("health"),
        &old.health,
        &new.health,
        Danger::Restart,
        restarts,
    );
    let new_secrets: Vec<String> = new
        .secrets
        .iter()
        .filter(|name| !old.secrets.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    let secrets = joined(&new_secrets).map_or_else(
        || restarts.to_owned(),
        |names| format!("set {names} with `seance secret set` before the service starts"),
    );
    differences.list(
        at("secrets"),
        &old.secrets,
        &new.secrets,
        Danger::Restart,
        &secrets,
    );
    differences.map(&at("env"), &old.env, &new.env, Danger::Restart, restarts);
    let (was, is) = (Parts::of(&old.run), Parts::of(&new.run));
    let prepare = "it runs once more before the next start";
    differences.option(
        at("prepare"),
        was.prepare,
        is.prepare,
        Danger::Restart,
        &[prepare],
    );
    differences.option(
        at("command"),
        was.command,
        is.command,
        Danger::Restart,
        &[restarts],
    );
    differences.option(
        at("packages"),
        was.packages,
        is.packages,
        Danger::Restart,
        &[restarts],
    );
    differences.option(
        at("directory"),
        was.directory,
        is.directory,
        Danger::Restart,
        &[restarts],
    );
    let image = if is.image.is_some() && was.image.is_some() {
        "the container is made anew: what it wrote inside itself is gone"
    } else {
        restarts
    };
    differences.option(at("image"), was.image, is.image, Danger::Restart, &[image]);
    let ports = (was.container_port, is.container_port);
    differences.option(
        at("container_port"),
        ports.0,
        ports.1,
        Danger::Restart,
        &[restarts],
    );
}

/// What a process or a container has, by key.
#[derive(Default)]
struct Parts {
    prepare: Option<String>,
    command: Option<String>,
    packages: Option<String>,
    directory: Option<String>,
    image: Option<String>,
    container_port: Option<String>,
}

impl Parts {
    fn of(run: &Run) -> Self {
        match run {
            Run::Process {
                prepare,
                command,
                packages,
                directory,
            } => Self {
                prepare: prepare.as_ref().map(ToString::to_string),
                command: Some(command.to_string()),
                packages: joined(packages),
                directory: directory.as_ref().map(ToString::to_string),
                ..Self::default()
            },
            Run::Container { image, port } => Self {
                image: Some(image.to_string()),
                container_port: Some(port.to_string()),
                ..Self::default()
            },
        }
    }
}
