use super::{deploy_user, has_more_settings};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, report, texts};
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
}
-- configuration.nix --
{ services.openssh.settings.AllowUsers = [ "admin" ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ services.openssh.settings.AllowUsers = [ "admin" "root@10.0.0.0/8" ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ more, ... }: { services.openssh.settings.AllowUsers = [ "admin" ] ++ more; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-account-not-allowed",
    severity: Severity::Error,
    title: "sshd's list of accounts leaves out the one that deployments use",
    why: "With `AllowUsers` or `DenyUsers` sshd refuses an account whatever key it has. The installer does not know the list, so the first deployment after it is refused.",
    fix: "Add the account to `AllowUsers`, or take it out of `DenyUsers`.",
    evidence: "sshd_config(5): AllowUsers, DenyUsers",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let user = deploy_user(facts, system)?;
        let settings = system.at("services.openssh.settings");
        if has_more_settings(system) {
            return None;
        }
        let allowed = settings.at("AllowUsers");
        let denied = settings.at("DenyUsers");
        let names = |option| texts(option).unwrap_or_default();
        let allows = names(&allowed);
        let (option, verb) =
            if !allows.is_empty() && !allows.iter().any(|it| matches(it, &user.name)) {
                (allowed, "leaves out")
            } else if names(&denied).contains(&user.name) {
                (denied, "names")
            } else {
                return None;
            };
        let name = option.name();
        let name = name.rsplit('.').next().unwrap_or_default();
        let message = format!("`{name}` {verb} `{}`, who deploys", user.name);
        let help = match verb {
            "names" => format!("remove `\"{}\"` from `{name}`", user.name),
            _ => format!("add `\"{}\"` to `{name}`", user.name),
        };
        let finding = report(facts, &RULE, system, option.place().as_ref(), message, help);
        Some(match user.place {
            Some(place) => finding.related(place.location(), "deploys as this account"),
            None => finding,
        })
    })
}

/// Whether a pattern of sshd may mean an account; what is behind `@` is a host.
fn matches(pattern: &str, user: &str) -> bool {
    let pattern = pattern.split('@').next().unwrap_or_default();
    pattern == user || pattern.contains(['*', '?'])
}
