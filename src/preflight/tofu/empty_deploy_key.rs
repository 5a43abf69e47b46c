use crate::facts::Facts;
use crate::facts::Part;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  deployment_ssh_key = ""
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  deployment_ssh_key = null
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  deployment_ssh_key = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-empty-deploy-key",
    severity: Severity::Error,
    title: "an empty key instead of none",
    why: "The deploy script takes every value but `-` for a key: it writes an empty key file and forgets the SSH agent, and every login fails.",
    fix: "Write `null` for all-in-one, `\"-\"` for the nixos-rebuild module.",
    evidence: "nixos-anywhere: terraform/nixos-rebuild/deploy.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter_map(|installer| {
            let (name, none) = match installer.part {
                Part::AllInOne => ("deployment_ssh_key", "null"),
                Part::Rebuild => ("ssh_private_key", "\"-\""),
                Part::Install | Part::Build => return None,
            };
            let attribute = installer.body().attribute(name)?;
            if !attribute.value.text()?.is_empty() {
                return None;
            }
            let message =
                format!("`{name}` is an empty key, with which the SSH agent is not asked");
            let patch = facts.replacement(&attribute.place, none);
            let finding = facts.finding_on(
                &RULE,
                attribute,
                message,
                format!("write `{name} = {none}`"),
            );
            Some(finding.labelled("empty, not absent").patched_if(patch))
        })
        .collect()
}
