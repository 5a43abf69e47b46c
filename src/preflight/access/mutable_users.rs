use super::{Keys, keys_of};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{is_on, on_droplets, switch};
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
{ keys, ... }: { services.openssh.enable = true; users.users.root.openssh.authorizedKeys.keys = keys; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ keys, ... }: { services.openssh.enable = true; users.mutableUsers = false; users.users.root.openssh.authorizedKeys.keys = keys; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ mutable, keys, ... }: { services.openssh.enable = true; users.mutableUsers = mutable; users.users.root.openssh.authorizedKeys.keys = keys; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-mutable-users-hides-lockout",
    severity: Severity::Warning,
    title: "NixOS does not check that somebody can log in",
    why: "The assertion that refuses a system which nobody can log in to is made only with `users.mutableUsers = false`; with the default such a system builds.",
    fix: "Add `users.mutableUsers = false;`.",
    evidence: "nixpkgs: nixos/modules/config/users-groups.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let option = "users.mutableUsers";
        if !is_on(system, option) {
            return None;
        }
        let users = system.at("users.users").names();
        let has_key = users
            .names
            .iter()
            .any(|user| keys_of(system, user) == Keys::Some);
        let neighbours = ["users.users.root", "users.users", "services.openssh"];
        let message =
            "`users.mutableUsers` is on, so NixOS does not check that somebody can log in";
        let mut finding = switch(facts, &RULE, system, option, "false", &neighbours, message);
        if has_key {
            finding.severity = Severity::Advice;
        }
        Some(finding)
    })
}
