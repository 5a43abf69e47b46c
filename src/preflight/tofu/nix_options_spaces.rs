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
  nix_options = { substituters = "https://a.example https://b.example" }
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  nix_options = { substituters = "https://a.example" }
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  nix_options = { substituters = var.it }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-nix-options-spaces",
    severity: Severity::Warning,
    title: "a Nix option whose value has spaces",
    why: "The script expands the value without quotes, so that only its first word belongs to the option and the others become arguments.",
    fix: "Set the option through `NIX_CONFIG` in the environment of tofu.",
    evidence: "nixos-anywhere: terraform/nix-build/nix-build.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter(Installer::builds)
        .filter_map(|installer| {
            let attribute = installer.body().attribute("nix_options")?;
            let leaves = attribute.value.leaves();
            let (key, text) = leaves.into_iter().find_map(|(key, leaf)| {
                let text = leaf.text()?;
                text.trim()
                    .contains(char::is_whitespace)
                    .then_some((key, text))
            })?;
            let first = text.split_whitespace().next().unwrap_or_default();
            let message = format!("of `{key}` in `nix_options` only `{first}` reaches Nix");
            let help =
                format!("remove `{key}` here and set it in `NIX_CONFIG` where tofu is started");
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("split at the spaces"))
        })
        .collect()
}
