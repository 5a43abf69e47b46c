use super::{Keys, deploy_user, keys_of, other_ways_in, passwords_open, users};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{beside, on_droplets};
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
-- configuration.nix --
{ services.openssh.enable = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.openssh.enable = true; users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ a" ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ keys, ... }: { services.openssh.enable = true; users.users.root.openssh.authorizedKeys.keys = keys; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-no-root-key",
    severity: Severity::Error,
    title: "no declared key opens the account that deployments use",
    why: "The installation wipes the keys that DigitalOcean put on the stock image. After the reboot only what the NixOS configuration declares opens a door, so a machine without a key answers \"permission denied\" for good.",
    fix: "Add the public key to `users.users.root.openssh.authorizedKeys.keys`.",
    evidence: "nixos-anywhere: docs/quickstart.md and its examples",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        if other_ways_in(system) {
            return None;
        }
        let user = deploy_user(facts, system);
        // Where somebody deploys as root, a rule of its own asks whether sshd lets root in.
        let may_ask = user.is_none();
        let name = user.map_or_else(|| "root".to_owned(), |user| user.name);
        let mut options = vec!["users.users.root", "services.openssh", "users.users"];
        let mut help =
            format!("add your public key to `users.users.{name}.openssh.authorizedKeys.keys`");
        let message = if name_is_locked(facts, system, &name) {
            format!("deployments log in as `{name}`, for whom no key is declared")
        } else if nobody_gets_in(system, false) {
            "no account has a key, so nobody can log in".to_owned()
        } else if may_ask && nobody_gets_in(system, true) {
            options.insert(0, PERMISSION);
            help = format!("write `{PERMISSION} = \"prohibit-password\";`");
            "only `root` has a key, and sshd refuses `root`, so nobody can log in".to_owned()
        } else {
            return None;
        };
        let place = beside(system, &options).unwrap_or_else(|| system.place.clone());
        let location = facts.decided_by(&["server", "ssh_keys"], Some(&place))?;
        Some(facts.finding_at(&RULE, location, message, help))
    })
}

const PERMISSION: &str = "services.openssh.settings.PermitRootLogin";

fn name_is_locked(facts: &Facts<'_>, system: &System, name: &str) -> bool {
    deploy_user(facts, system).is_some() && keys_of(system, name) == Keys::None
}

/// Neither a key nor a password opens any account; with `refused`, sshd lets `root` in with neither.
fn nobody_gets_in(system: &System, refused: bool) -> bool {
    let Some(all) = users(system) else {
        return false;
    };
    let locked = |user: &str| keys_of(system, user) == Keys::None;
    let permission = system.at(PERMISSION);
    let is_refused = refused && permission.string().is(&"no".to_owned());
    let mut users = all.iter().filter(|user| *user != "root");
    (is_refused || locked("root"))
        && users.all(|user| locked(user))
        && !passwords_open(system, &all)
}
