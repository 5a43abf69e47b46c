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
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  extra_files_script = "~/secrets.sh"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  extra_files_script = "${path.module}/secrets.sh"
}
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  extra_files_script = pathexpand("~/secrets.sh")
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-extra-files-script",
    severity: Severity::Error,
    title: "a script path that no shell expands",
    why: "The module tests the path as it is written: a tilde stays a tilde, and the installation stops with `does not exist` after the droplet was made.",
    fix: "Write `abspath(\"${path.module}/<script>\")`, or `pathexpand` for a path in the home folder.",
    evidence: "nixos-anywhere: terraform/install/run-nixos-anywhere.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    let scripts = installers
        .filter(Installer::installs)
        .flat_map(|installer| {
            ["extra_files_script", "disk_encryption_key_scripts"]
                .into_iter()
                .filter_map(move |name| Some((name, installer.body().attribute(name)?)))
        });
    scripts
        .filter_map(|(name, attribute)| {
            let leaves = attribute.value.leaves();
            let scripts = leaves
                .into_iter()
                .filter(|(key, _)| ["", "script"].contains(key));
            let path = scripts
                .filter_map(|(_, leaf)| leaf.text())
                .find(|path| path.starts_with("~/") || path.starts_with("$HOME"))?;
            let message = format!("`{name}` names `{path}`, which nothing expands");
            let help = format!("write `pathexpand(\"{}\")`", path.replace("$HOME", "~"));
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("taken literally"))
        })
        .collect()
}
