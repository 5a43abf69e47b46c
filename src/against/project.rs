//! What a change outside of `[server]` and `[services]` does.

use std::collections::BTreeMap;

use super::differences::Differences;
use super::{AttributeChange, Danger};
use crate::deployment::{CertificateAuthority, Deployment, Profile, StateBackend};

/// Every other attribute that changes.
pub(super) fn compare(before: &Deployment, after: &Deployment) -> Vec<AttributeChange> {
    let mut differences = Differences::default();
    project(&mut differences, before, after);
    dns(&mut differences, before, after);
    domains(&mut differences, before, after);
    ssh_port(&mut differences, before, after);
    caddy(&mut differences, before, after);
    profiles(&mut differences, before, after);
    state(&mut differences, before, after);
    let silenced = "findings of this rule are silenced with that reason";
    differences.map(
        "check.allow",
        &before.allow,
        &after.allow,
        Danger::None,
        silenced,
    );
    differences.into_vec()
}

fn project(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    let (old, new) = (&before.project, &after.project);
    let renamed = "firewall, key and tag are renamed in place";
    differences.value("project.name", &old.name, &new.name, Danger::None, renamed);
    let checkout = "the checkout on the server stays as it is until it is pointed there by hand: \
                    only an empty one is cloned";
    let repositories = (&old.repository, &new.repository);
    differences.value(
        "project.repository",
        repositories.0,
        repositories.1,
        Danger::None,
        checkout,
    );
    let branch = "the checkout on the server follows with the next `seance update`";
    differences.value(
        "project.branch",
        &old.branch,
        &new.branch,
        Danger::None,
        branch,
    );
    let directory = format!(
        "the server clones anew into the new folder; what the application wrote into `{}` stays \
         behind",
        old.directory
    );
    let directories = (&old.directory, &new.directory);
    differences.value(
        "project.directory",
        directories.0,
        directories.1,
        Danger::Downtime,
        &directory,
    );
    let deploy_key = if new.deploy_key {
        "the server makes a key pair; add its public half to the repository"
    } else {
        "the server stops using its key; remove it from the repository"
    };
    let keys = (old.deploy_key, new.deploy_key);
    differences.value(
        "project.deploy_key",
        keys.0,
        keys.1,
        Danger::Restart,
        deploy_key,
    );
}

fn dns(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    let (old, new) = (&before.dns, &after.dns);
    let moved = "every record is deleted in the old zone and made in the new one";
    differences.value("dns.zone", &old.zone, &new.zone, Danger::Downtime, moved);
    let (danger, because) = match (&old.zone_id, &new.zone_id) {
        (Some(_), Some(_)) => (Danger::Downtime, moved),
        _ => (
            Danger::None,
            "no record changes as long as the id is the one that belongs to the zone's name",
        ),
    };
    let (was, is) = (old.zone_id.as_ref(), new.zone_id.as_ref());
    differences.option("dns.zone_id", was, is, danger, &[because]);
}

/// New names are listed as records; one that goes is missed by whoever knows it. A move to another
/// zone takes all of them along and is told once.
fn domains(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    if before.dns.zone != after.dns.zone {
        return;
    }
    for (name, old) in &before.domains {
        if after.domains.values().any(|domain| domain == old) {
            continue;
        }
        let because = "its record is deleted: the name no longer resolves";
        differences.option(
            format!("domains.{name}"),
            Some(old),
            after.domains.get(name),
            Danger::Downtime,
            &[because],
        );
    }
}

/// The other ports are listed as ports; this one can lock people out.
fn ssh_port(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    let port = |deployment: &Deployment| deployment.ports.get("ssh").map(|ssh| ssh.port.number());
    let because = "sshd moves with the next switch: connections that are open survive, new ones \
                   need the new number";
    differences.option(
        "ports.ssh",
        port(before),
        port(after),
        Danger::Restart,
        &[because],
    );
}

fn caddy(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    let (old, new) = (&before.caddy, &after.caddy);
    differences.option(
        "caddy.email",
        old.email.as_ref(),
        new.email.as_ref(),
        Danger::Restart,
        &["Caddy registers a new account with the certificate authority"],
    );
    let (danger, because) = match new.ca {
        CertificateAuthority::Production => (
            Danger::Restart,
            "Caddy asks for certificates that browsers trust, at most five a week for one set of \
             names",
        ),
        CertificateAuthority::Staging => (
            Danger::Downtime,
            "no browser trusts certificates of the staging authority: visitors see a warning",
        ),
    };
    differences.value(
        "caddy.ca",
        authority(old.ca),
        authority(new.ca),
        danger,
        because,
    );
}

fn authority(ca: CertificateAuthority) -> &'static str {
    match ca {
        CertificateAuthority::Production => "production",
        CertificateAuthority::Staging => "staging",
    }
}

fn profiles(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    let new = after
        .profiles
        .keys()
        .filter(|name| !before.profiles.contains_key(*name));
    for name in before.profiles.keys().chain(new) {
        let empty = BTreeMap::new();
        let variables = |deployment: &Deployment| {
            deployment
                .profiles
                .get(name)
                .map_or_else(|| empty.clone(), environment)
        };
        let runs = name.as_str() == "default" || *name == after.server().profile;
        let (danger, because) = if runs {
            (
                Danger::Restart,
                "the services restart with it at the next `seance update`",
            )
        } else {
            (Danger::None, "the server does not run this profile")
        };
        let key = format!("profiles.{name}.env");
        differences.map(&key, &variables(before), &variables(after), danger, because);
    }
}

/// Every variable of a profile, the two site variables included.
fn environment(profile: &Profile) -> BTreeMap<String, String> {
    let mut variables: BTreeMap<String, String> = profile
        .env
        .iter()
        .map(|(name, value)| (name.to_string(), value.clone()))
        .collect();
    for (name, site) in [
        ("CADDY_DOMAIN", &profile.caddy_domain),
        ("APP_DOMAIN", &profile.app_domain),
    ] {
        if let Some(address) = site {
            let value = address
                .as_ref()
                .map_or_else(String::new, ToString::to_string);
            variables.insert(name.to_owned(), value);
        }
    }
    variables
}

fn state(differences: &mut Differences, before: &Deployment, after: &Deployment) {
    let (was, is) = (
        backend(&before.state.backend),
        backend(&after.state.backend),
    );
    let migrate = "run `tofu init -migrate-state` in `terraform/` once; a state left behind would \
                   make OpenTofu build a second server";
    differences.value("state.backend", was, is, Danger::None, migrate);
    let encrypt = (before.state.encrypt, after.state.encrypt);
    let migrate = "the state is written anew at the next apply; keep the passphrase";
    differences.value("state.encrypt", encrypt.0, encrypt.1, Danger::None, migrate);
}

fn backend(backend: &StateBackend) -> String {
    match backend {
        StateBackend::Local => "local".to_owned(),
        StateBackend::S3 {
            bucket,
            key,
            endpoint,
            lock,
        } => {
            let lock = if *lock { "locked" } else { "not locked" };
            format!("s3 {endpoint}/{bucket}/{key}, {lock}")
        }
    }
}
