use crate::facts::Facts;
use crate::facts::Installer;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
use crate::rules::Rule;
use crate::tofu::Value;

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
  special_args = { motd = "it''s $${here}" }
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  special_args = { motd = "hello" }
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  special_args = { motd = var.it }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-special-args-hazards",
    severity: Severity::Error,
    title: "special_args that Nix reads as something else",
    why: "The values are pasted as JSON into an indented string of Nix: `${` is evaluated there and two single quotes end the string. They also land in the state as plain text, and together with `file` they are refused.",
    fix: "Write the values into a Nix or JSON file that the configuration imports.",
    evidence: "nixos-anywhere: terraform/nix-build/nix-build.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    let hazards = installers
        .filter(Installer::builds)
        .filter_map(|installer| {
            let attribute = installer.body().attribute("special_args")?;
            if attribute.value.is_null() {
                return None;
            }
            let empty = attribute
                .value
                .object()
                .is_some_and(|it| it.complete && it.entries.is_empty());
            let with_file = matches!(installer.body().read("file"), Read::Known(..)) && !empty;
            let (message, help) = if with_file && attribute.value.object().is_some() {
                let message = "`special_args` is refused together with `file`".to_owned();
                (message, "remove one of the two")
            } else {
                let (key, mark) = hazard(&attribute.value)?;
                let message = format!(
                    "`special_args` holds `{mark}` in `{key}`, which Nix does not take as text"
                );
                (
                    message,
                    "move the value into a Nix file that the configuration imports",
                )
            };
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("pasted into a Nix string"))
        });
    hazards.collect()
}

/// The key of a value that breaks out of the string, and how.
fn hazard(value: &Value) -> Option<(&str, &'static str)> {
    let leaves = value.leaves();
    leaves.into_iter().find_map(|(key, leaf)| {
        let text = leaf.text()?;
        let mark = ["${", "''"].into_iter().find(|mark| text.contains(mark))?;
        Some((key, mark))
    })
}
