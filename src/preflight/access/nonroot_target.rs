use super::deploy_user;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{beside, is_on, on_droplets, report, texts, undefined};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  target_user = "admin"
}
-- configuration.nix --
{ users.users.admin = { isNormalUser = true; extraGroups = [ "wheel" ]; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  target_user = "admin"
}
-- configuration.nix --
{ users.users.admin = { isNormalUser = true; extraGroups = [ "wheel" ]; }; security.sudo.wheelNeedsPassword = false; nix.settings.trusted-users = [ "@wheel" ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  target_user = "admin"
}
-- configuration.nix --
{ rest, ... }: { users.users.admin = { isNormalUser = true; extraGroups = rest; }; nix.settings.trusted-users = rest; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-nonroot-target",
    severity: Severity::Warning,
    title: "the account that deploys may not do what a deployment does",
    why: "A deployment copies unsigned store paths, which only a trusted user may, and then calls sudo where nobody can type a password.",
    fix: "Deploy as root with a key, or add the account to `nix.settings.trusted-users` and set `security.sudo.wheelNeedsPassword = false`.",
    evidence: "nixos-anywhere: terraform/nixos-rebuild/deploy.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let user = deploy_user(facts, system).filter(|user| user.name != "root")?;
        let name = user.name.as_str();
        let place = beside(
            system,
            &["security.sudo", "nix.settings.trusted-users", "users.users"],
        );
        let (message, help) = if must_type(system, name) {
            let message = format!("deployments log in as `{name}`, whom sudo asks for a password");
            (
                message,
                "add `security.sudo.wheelNeedsPassword = false;`".to_owned(),
            )
        } else if is_untrusted(system, name) {
            let message = format!("deployments log in as `{name}`, whom Nix does not trust");
            (
                message,
                format!("add `\"{name}\"` to `nix.settings.trusted-users`"),
            )
        } else {
            return None;
        };
        let finding = report(facts, &RULE, system, place.as_ref(), message, help);
        Some(match user.place {
            Some(place) => finding.related(place.location(), "deploys as this account"),
            None => finding,
        })
    })
}

fn must_type(system: &System, user: &str) -> bool {
    is_on(system, "security.sudo.enable")
        && is_on(system, "security.sudo.wheelNeedsPassword")
        && undefined(
            system,
            &["security.sudo.extraRules", "security.sudo.extraConfig"],
        )
        && texts(&system.at(&["users", "users", user, "extraGroups"])).is_some()
}

fn is_untrusted(system: &System, user: &str) -> bool {
    let trusted = texts(&system.at(&["nix", "settings", "trusted-users"]));
    trusted.is_some_and(|trusted| {
        !trusted
            .iter()
            .any(|it| it == user || it == "*" || it.starts_with('@'))
    }) && undefined(system, &["nix.extraOptions"])
}
