//! What each template is given, as plain values.

use minijinja::Value;

use super::value::{list, map, nix_key, optional_text, text};
use crate::deployment::{BuildOn, Deployment, ServiceName, StateBackend};

mod caddy;
mod devenv;
mod nixos;
mod service;

pub(super) use caddy::caddyfile;
pub(super) use devenv::devenv_profiles;
pub(super) use nixos::nixos_configuration;
pub(super) use service::service;

/// The name that a service's container runs under.
fn container_name(deployment: &Deployment, service: &ServiceName) -> String {
    format!("{}-{service}", deployment.server().name)
}

/// `nix/deployment.nix`.
pub(super) fn deployment(deployment: &Deployment) -> Value {
    map([("server_key", nix_key(deployment.server().name.as_str()))])
}

/// `nix/disko-config.nix`.
pub(super) fn disko(deployment: &Deployment) -> Value {
    let disk = &deployment.server().disk;
    let swap = optional_text(disk.swap.as_ref().map(crate::deployment::DiskSize::as_str));
    map([(
        "disk",
        map([("device", text(disk.device.as_str())), ("swap", swap)]),
    )])
}

/// `terraform/terraform.tfvars`: every value the constant module needs.
pub(super) fn tfvars(deployment: &Deployment) -> Value {
    let (server, dns) = (deployment.server(), &deployment.dns);
    let domains = deployment
        .domains
        .values()
        .map(|domain| domain.as_str().to_owned());
    let domains: std::collections::BTreeSet<String> = domains.collect();
    map([
        ("project_name", text(deployment.project.name.as_str())),
        ("server_name", text(server.name.as_str())),
        ("region", text(&server.region.slug)),
        ("droplet_size", text(&server.size.slug)),
        ("droplet_image", text(server.image.as_str())),
        ("ssh_public_key", text(server.ssh_keys[0].as_str())),
        (
            "ssh_key_fingerprint",
            optional_text(server.ssh_key_fingerprint.as_ref().map(|it| it.as_str())),
        ),
        (
            "ssh_port",
            Value::from(super::firewall::ssh_port(deployment).number()),
        ),
        ("ipv6", Value::from(server.ipv6)),
        ("backups", Value::from(server.backups)),
        ("resize_disk", Value::from(server.resize_disk)),
        ("reserved_ip", Value::from(server.reserved_ip)),
        (
            "digitalocean_project",
            optional_text(server.digitalocean_project.as_ref().map(|it| it.as_str())),
        ),
        (
            "build_on",
            text(match server.build_on {
                BuildOn::Local => "local",
                BuildOn::Server => "remote",
            }),
        ),
        ("dns_zone", text(dns.zone.as_str())),
        (
            "cloudflare_zone_id",
            optional_text(dns.zone_id.as_ref().map(|it| it.as_str())),
        ),
        ("domains", list(domains)),
        (
            "firewall_rules",
            list(
                super::firewall::inbound_rules(deployment)
                    .into_iter()
                    .map(|rule| {
                        map([
                            ("protocol", text(rule.protocol)),
                            ("port", Value::from(rule.port.number())),
                            ("sources", list(rule.sources)),
                        ])
                    }),
            ),
        ),
    ])
}

/// `terraform/backend.tf`.
pub(super) fn backend(deployment: &Deployment) -> Value {
    let s3 = match &deployment.state.backend {
        StateBackend::Local => Value::from(()),
        StateBackend::S3 {
            bucket,
            key,
            endpoint,
            lock,
        } => map([
            ("bucket", text(bucket)),
            ("key", text(key)),
            ("endpoint", text(endpoint)),
            ("lock", Value::from(*lock)),
        ]),
    };
    map([("s3", s3)])
}

/// The seeded files that name the nixpkgs release.
pub(super) fn seeds(deployment: &Deployment) -> Value {
    let release = &deployment.server().nixos_release;
    map([(
        "nixpkgs_url",
        text(format!("github:NixOS/nixpkgs/nixos-{release}")),
    )])
}
