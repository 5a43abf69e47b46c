//! Who gets in: keys, accounts, sshd.

use super::Check;

use super::host::{installers_of, is_off, is_on, undefined};
use crate::evaluation::Value;
use crate::facts::{Facts, Part};
use crate::nixos::System;
use crate::reading::{Place, Read};

mod account_not_allowed;
mod declared_keys_unread;
mod host_identity_secrets;
mod key_malformed;
mod mutable_users;
mod no_key;
mod nonroot_target;
mod password_auth;
mod permit_root_no;
mod port_not_served;
mod server_off;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &no_key::CHECK,
    &key_malformed::CHECK,
    &permit_root_no::CHECK,
    &account_not_allowed::CHECK,
    &declared_keys_unread::CHECK,
    &server_off::CHECK,
    &port_not_served::CHECK,
    &host_identity_secrets::CHECK,
    &mutable_users::CHECK,
    &password_auth::CHECK,
    &nonroot_target::CHECK,
];

/// Whether sshd is told more than its settings, such as a `Match` block.
fn has_more_settings(system: &System) -> bool {
    !undefined(system, &["services.openssh.extraConfig"])
}

/// The account that deployments log in to after the installation.
struct DeployUser {
    name: String,
    /// Where it is decided.
    place: Option<Place>,
}

/// The account that deployments certainly log in to: what nixos-anywhere's modules or deploy-rs
/// are told, and root for a deployment of seance's own.
fn deploy_user(facts: &Facts<'_>, system: &System) -> Option<DeployUser> {
    let is_own = facts.manifest.is_some_and(|manifest| {
        system.name.as_deref() == Some(manifest.deployment.server().name.as_str())
    });
    if is_own {
        return Some(DeployUser {
            name: "root".to_owned(),
            place: None,
        });
    }
    of_installer(facts, system).or_else(|| of_deploy_rs(facts, system))
}

fn of_installer(facts: &Facts<'_>, system: &System) -> Option<DeployUser> {
    let installers = installers_of(facts, system);
    let mut deploying = installers.iter().filter(|it| it.part != Part::Install);
    let installer = deploying.next().filter(|_| deploying.next().is_none())?;
    let block = &installer.call.block;
    match block.body.text("target_user") {
        Read::Known(name, place) => Some(DeployUser { name, place }),
        Read::Absent => Some(DeployUser {
            name: "root".to_owned(),
            place: Some(block.header.clone()),
        }),
        Read::Unknown => None,
    }
}

/// `deploy.nodes.<name>.sshUser`, or the one for all nodes.
fn of_deploy_rs(facts: &Facts<'_>, system: &System) -> Option<DeployUser> {
    let evaluator = facts.evaluator();
    let deploy = evaluator.force(&facts.flake()?.output(evaluator, "deploy")?);
    let select = |value: &Value, name: &str| match value {
        Value::Set(set) => set.fields.get(name).map(|field| field.value.clone()),
        _ => None,
    };
    let node = select(&deploy, "nodes")
        .and_then(|nodes| select(&evaluator.force(&nodes), system.name.as_deref()?))
        .map(|node| evaluator.force(&node))?;
    let user = select(&node, "sshUser").or_else(|| select(&deploy, "sshUser"))?;
    let Value::Text(text) = evaluator.force(&user) else {
        return None;
    };
    Some(DeployUser {
        name: text.known()?.to_owned(),
        place: Some(user.place().clone()),
    })
}

/// What is known of the keys of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Certainly none.
    None,
    /// Certainly one.
    Some,
    /// Only evaluating would tell.
    Unknown,
}

fn keys_of(system: &System, user: &str) -> Keys {
    let keys = system.at(&["users", "users", user, "openssh", "authorizedKeys"]);
    let lists = [keys.at("keys").list(), keys.at("keyFiles").list()];
    let any = lists.iter().any(|list| !list.items.is_empty());
    match any {
        true => Keys::Some,
        false if lists.iter().all(|list| list.complete) => Keys::None,
        false => Keys::Unknown,
    }
}

/// The accounts that are declared, when all of them are known.
fn users(system: &System) -> Option<Vec<String>> {
    let names = system.at("users.users").names();
    let users = names.names.iter().map(ToString::to_string).collect();
    names.complete.then_some(users)
}

/// Whether something else than a declared key may open the server.
fn other_ways_in(system: &System) -> bool {
    let ways = [
        "services.openssh.authorizedKeysCommand",
        "services.openssh.authorizedKeysFiles",
        "services.openssh.extraConfig",
        "services.openssh.settings.AuthorizedKeysFile",
        "services.openssh.settings.AuthorizedPrincipalsFile",
        "services.openssh.settings.TrustedUserCAKeys",
        "services.sssd",
        "services.teleport",
        "services.userborn",
        "security.googleOsLogin",
        "users.ldap",
    ];
    let etc = system.at("environment.etc").names();
    let writes_keys = !etc.complete
        || etc
            .names
            .iter()
            .any(|name| name.contains("authorized_keys"));
    // DigitalOcean's module copies the account's keys once, unless told not to; cloud-init may.
    let copies_keys = system.imports("digital-ocean").is_some()
        && !is_off(system, "virtualisation.digitalOcean.setSshKeys");
    writes_keys
        || copies_keys
        || !is_off(system, "services.cloud-init.enable") && may_write_keys(system)
        || !is_off(system, "services.tailscale.enable")
        || !undefined(system, &ways)
}

/// Whether a module of cloud-init that writes keys may run.
fn may_write_keys(system: &System) -> bool {
    let settings = system.at("services.cloud-init.settings");
    let lists = ["cloud_init_modules", "cloud_config_modules"];
    lists.iter().any(|list| {
        let Some(modules) = super::host::texts(&settings.at(*list)) else {
            return true;
        };
        let writers = [
            "ssh",
            "users-groups",
            "users_groups",
            "ssh-import-id",
            "runcmd",
            "bootcmd",
        ];
        settings.at(*list).is_defined() != Some(true)
            || modules
                .iter()
                .any(|module| writers.contains(&module.as_str()))
    })
}

/// Whether a password may open an account.
fn passwords_open(system: &System, users: &[String]) -> bool {
    const PASSWORDS: [&str; 5] = [
        "password",
        "hashedPassword",
        "hashedPasswordFile",
        "initialPassword",
        "initialHashedPassword",
    ];
    let has_password = |user: &str| {
        PASSWORDS.iter().any(|option| {
            let option = system.at(&["users", "users", user, *option]).value();
            !matches!(option.value(), Some(Value::Null))
        })
    };
    let asks = "services.openssh.settings.PasswordAuthentication";
    !is_off(system, asks) && (has_password("root") || users.iter().any(|user| has_password(user)))
        || is_on(system, "services.openssh.settings.PermitEmptyPasswords")
}
