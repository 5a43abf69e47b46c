//! `ops-trusted-users`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ pkgs, lib, ... }:
{
  nix.settings.trusted-users = [ "root" "app" ]; users.users.app.isSystemUser = true;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, lib, ... }:
{
  nix.settings.trusted-users = [ "root" "@wheel" ];
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"
-- configuration.nix --
{ users, ... }:
{
  nix.settings.trusted-users = users;
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-12-x64"
  size  = "s-1vcpu-2gb"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-trusted-users",
    severity: Severity::Warning,
    title: "a service may do to Nix whatever it likes",
    why: "A trusted user of the Nix daemon can put anything into the store and run it as root. For the user of an application that is the same as to be root.",
    fix: "Leave `root` and the people who deploy in `nix.settings.trusted-users`.",
    evidence: "the manual of Nix: `trusted-users`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for system in facts.systems() {
        for item in system.at("nix.settings.trusted-users").list().items {
            let Value::Text(text) = &item.value else {
                continue;
            };
            let Some(user) = text.known() else { continue };
            let account = system.at(&["users", "users", user]);
            let is_service = account.at("isSystemUser").boolean().value() == Some(&true);
            if user != "*" && !is_service {
                continue;
            }
            let who = match user {
                "*" => "every user".to_owned(),
                user => format!("`{user}`"),
            };
            let message = format!("`nix.settings.trusted-users` makes {who} the same as root");
            let help = format!("remove `\"{user}\"` from `nix.settings.trusted-users`");
            findings.push(
                facts
                    .finding(&RULE, item.place.as_ref(), message, help)
                    .labelled("as good as root"),
            );
        }
    }
    findings
}
