use crate::facts::Facts;
use crate::facts::Installer;
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
variable "key" {
  sensitive = true
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  install_ssh_key = var.key
}
"#,
        good: r#"-- main.tf --
variable "key" {
  sensitive = true
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  install_ssh_key = null
}
"#,
        undecidable: r#"-- main.tf --
module "keys" {
  source = "git::https://git.example/keys?ref=v1"
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  install_ssh_key = module.keys.private
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-sensitive-suppresses-logs",
    severity: Severity::Advice,
    title: "a sensitive input that hides the log of the installation",
    why: "When the configuration of a provisioner holds a sensitive value, OpenTofu replaces all of its output by one line. An installation of ten minutes looks dead, and the message of a failed one is lost.",
    fix: "Leave the key to an SSH agent or to the environment, and out of the call.",
    evidence: "OpenTofu: internal/command/views/hook_ui.go",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter().filter(Installer::installs);
    installers
        .filter_map(|installer| {
            let sensitive = |mention: &&String| {
                let name = mention
                    .strip_prefix("var.")
                    .and_then(|it| it.split('.').next());
                let variable = name.and_then(|name| installer.module.variables().get(name));
                variable.is_some_and(|it| it.sensitive)
            };
            let (name, attribute, variable) = installer
                .body()
                .attributes()
                .find_map(|(name, it)| Some((name, it, it.mentions.iter().find(sensitive)?)))?;
            let message = format!("`{variable}` is sensitive, so the installation shows no output");
            let help =
                format!("remove `{name}` and let an SSH agent or the environment hold the key");
            let finding = facts.finding(&RULE, Some(&attribute.place), message, help);
            Some(finding.labelled("hides the log"))
        })
        .collect()
}
