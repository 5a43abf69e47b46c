//! What the manifest says is what the parsers of Nix read.

use std::path::Path;

use seance::deployment::{Deployment, Run, Service, StateBackend};
use seance::hcl::{self, Value};
use seance::render::{Ownership, Tree, render};

use super::literals::{Literal, at, literals};
use super::support::{deployment, manifests, rendered};

/// A file's literals, with a name for the message of a failure.
struct File<'a> {
    name: &'a str,
    literals: Vec<Literal>,
}

impl File<'_> {
    #[track_caller]
    fn assert_at(&self, path: &str, expected: &[&str]) {
        let read = at(&self.literals, path);
        assert_eq!(read, expected, "`{path}` of {}", self.name);
    }
}

/// Asserts that every free text of a deployment stands in its tree, in place and unchanged.
/// Containers have theirs inside a command line, see [`super::scripts`].
#[track_caller]
pub(crate) fn assert_read_back(name: &str, deployment: &Deployment, tree: &Tree) {
    let read = |path: &str| {
        let file = tree.files.get(path)?;
        let literals = literals(&file.body);
        Some(File { name, literals })
    };
    if let Some(devenv) = read("nix/devenv-profiles.nix") {
        assert_profiles(deployment, &devenv);
        for (name, service) in &deployment.services {
            assert_process(&format!("processes.{name}"), service, &devenv);
        }
    }
    if let Some(unit) = read("nix/service.nix") {
        let project = &deployment.project;
        unit.assert_at("repository", &[project.repository.as_str()]);
        unit.assert_at("branch", &[project.branch.as_str()]);
        unit.assert_at("checkout", &[project.directory.as_str()]);
        assert_prepared(deployment, &unit);
    }
    if let Some(machine) = read("nix/nixos-configuration.nix") {
        let server = deployment.server();
        let keys: Vec<&str> = server.ssh_keys.iter().map(|key| key.as_str()).collect();
        machine.assert_at("users.users.root.openssh.authorizedKeys.keys", &keys);
        machine.assert_at("networking.hostName", &[server.name.as_str()]);
        machine.assert_at("time.timeZone", &[server.timezone.as_str()]);
    }
    if let Some(variables) = tree.files.get("terraform/terraform.tfvars") {
        assert_variables(name, deployment, &variables.body);
    }
    if let Some(backend) = tree.files.get("terraform/backend.tf") {
        assert_backend(name, deployment, &backend.body);
    }
}

fn assert_variables(name: &str, deployment: &Deployment, body: &str) {
    let (server, dns) = (deployment.server(), &deployment.dns);
    let text = |text: &str| Value::Text(text.to_owned());
    let optional = |value: Option<&str>| value.map_or(Value::Null, text);
    let domains: std::collections::BTreeSet<&str> =
        deployment.domains.values().map(|it| it.as_str()).collect();
    let expected = [
        ("project_name", text(deployment.project.name.as_str())),
        ("server_name", text(server.name.as_str())),
        ("region", text(&server.region.slug)),
        ("droplet_size", text(&server.size.slug)),
        ("droplet_image", text(server.image.as_str())),
        ("ssh_public_key", text(server.ssh_keys[0].as_str())),
        (
            "ssh_key_fingerprint",
            optional(server.ssh_key_fingerprint.as_ref().map(|it| it.as_str())),
        ),
        ("ipv6", Value::Bool(server.ipv6)),
        ("backups", Value::Bool(server.backups)),
        ("resize_disk", Value::Bool(server.resize_disk)),
        ("reserved_ip", Value::Bool(server.reserved_ip)),
        (
            "digitalocean_project",
            optional(server.digitalocean_project.as_ref().map(|it| it.as_str())),
        ),
        ("dns_zone", text(dns.zone.as_str())),
        (
            "cloudflare_zone_id",
            optional(dns.zone_id.as_ref().map(|it| it.as_str())),
        ),
        (
            "domains",
            Value::List(domains.into_iter().map(text).collect()),
        ),
    ];
    let variables = hcl::variables(body).unwrap();
    for (key, value) in expected {
        assert_eq!(variables.get(key), Some(&value), "`{key}` of {name}");
    }
    // Every value that the module wants and no other: an unknown name is only a warning there.
    let declared = include_str!("../../templates/terraform/variables.tf");
    for key in variables.keys() {
        assert!(
            declared.contains(&format!("variable \"{key}\" {{")),
            "{key}"
        );
    }
}

fn assert_backend(name: &str, deployment: &Deployment, body: &str) {
    let hcl = hcl::parse(body).unwrap();
    let written = hcl.to_string();
    if let StateBackend::S3 { bucket, key, .. } = &deployment.state.backend {
        for text in [bucket, key] {
            assert!(
                written.contains(&hcl::string::quote(text)),
                "{text} of {name}"
            );
        }
    } else {
        assert!(written.contains("backend \"local\""), "{name}");
    }
}

fn assert_profiles(deployment: &Deployment, devenv: &File<'_>) {
    for (name, profile) in &deployment.profiles {
        let prefix = match name.as_str() {
            "default" => "env".to_owned(),
            name => format!("profiles.{name}.module.env"),
        };
        for (key, value) in &profile.env {
            devenv.assert_at(&format!("{prefix}.{key}"), &[value]);
        }
    }
}

fn assert_process(prefix: &str, service: &Service, devenv: &File<'_>) {
    let Run::Process { command, .. } = &service.run else {
        return;
    };
    devenv.assert_at(&format!("{prefix}.exec"), &[command.as_str()]);
    for (key, value) in &service.env {
        devenv.assert_at(&format!("{prefix}.env.{key}"), &[value]);
    }
}

fn assert_prepared(deployment: &Deployment, unit: &File<'_>) {
    let script = at(&unit.literals, "prepare").concat();
    for service in deployment.services.values() {
        if let Run::Process {
            prepare: Some(prepare),
            ..
        } = &service.run
        {
            assert!(script.contains(prepare.as_str()), "{prepare}\n{script}");
        }
    }
}

#[test]
fn every_valid_manifest_renders_and_is_read_back() {
    for (path, deployment, tree) in rendered() {
        assert_read_back(&path.display().to_string(), &deployment, &tree);
    }
}

#[test]
fn rendered_nix_is_formatted_already() {
    for (path, _, tree) in rendered() {
        let owned = tree.files.iter().filter(|(file, rendered)| {
            let extension = Path::new(file).extension();
            extension.is_some_and(|it| it == "nix") && rendered.ownership == Ownership::Owned
        });
        for (file, rendered) in owned {
            let again = seance::nix::format(&rendered.body).unwrap();
            assert_eq!(again, rendered.body, "{file} of {}", path.display());
        }
    }
}

#[test]
fn the_manifest_alone_decides() {
    for path in manifests() {
        let text = std::fs::read_to_string(&path).unwrap();
        let [first, second] = [(); 2].map(|()| render(&deployment(&text)).unwrap());
        assert_eq!(first, second, "{}", path.display());
    }
}
