use super::{deploy_user, has_more_settings};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{on_droplets, replacing, report};
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
{ services.openssh.settings.PermitRootLogin = "no"; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ services.openssh.settings.PermitRootLogin = "prohibit-password"; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ login, ... }: { services.openssh.settings.PermitRootLogin = login; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-permit-root-no",
    severity: Severity::Error,
    title: "sshd refuses root, and deployments log in as root",
    why: "The installation still works, because the installer has an sshd of its own. Every deployment after it is refused.",
    fix: "Write `PermitRootLogin = \"prohibit-password\"`, or deploy as another account.",
    evidence: "nixos-anywhere: terraform/nixos-rebuild/deploy.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let permission = system
            .at("services.openssh.settings.PermitRootLogin")
            .string();
        let value = permission.value()?;
        let refuses = value == "no" || value == "forced-commands-only";
        if !refuses || has_more_settings(system) {
            return None;
        }
        let user = deploy_user(facts, system).filter(|user| user.name == "root")?;
        let message = format!("`PermitRootLogin` is \"{value}\", but deployments log in as root");
        let help = "write `PermitRootLogin = \"prohibit-password\";`";
        let place = permission.place();
        let mut finding =
            report(facts, &RULE, system, place, message, help).labelled("refuses root");
        if let Some(place) = user.place {
            finding = finding.related(place.location(), "deploys as root");
        }
        Some(replacing(facts, finding, place, "\"prohibit-password\""))
    })
}
