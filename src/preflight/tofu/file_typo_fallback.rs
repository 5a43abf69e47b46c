use super::inside;
use crate::facts::Facts;
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
        bad: r#"-- terraform/main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  file = "${path.module}/../sytem.nix"
}
-- system.nix --
{ }
"#,
        good: r#"-- terraform/main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  file = "${path.module}/../system.nix"
}
-- system.nix --
{ }
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  file = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-file-typo-fallback",
    severity: Severity::Warning,
    title: "a file for the build that is not there",
    why: "The build script tests whether the file exists and takes another branch when it does not, so that a mistyped path builds something else or ends in a message about flakes.",
    fix: "Correct the path.",
    evidence: "nixos-anywhere: terraform/nix-build/nix-build.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter(|it| it.builds() && it.module.address.is_empty())
        .filter_map(|installer| {
            let attribute = installer.body().attribute("file")?;
            let text = attribute.value.text()?;
            let path = inside(&installer.module.folder, &text)?;
            if !is_read(facts, &path) || facts.files.contains_key(&path) {
                return None;
            }
            let message = format!("`file` names `{path}`, which does not exist");
            let help = "name a file that exists, seen from the folder of the configuration";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("no such file"))
        })
        .collect()
}

/// Folders that nobody looks into.
const UNREAD: [&str; 3] = ["node_modules", "result", "target"];

/// Whether a Nix file of this path would be among the files that were read.
fn is_read(facts: &Facts<'_>, path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let visible = !path
        .split('/')
        .any(|part| part.starts_with('.') || UNREAD.contains(&part));
    let near = facts.manifest.is_none() || ["", "nix", "terraform"].contains(&folder);
    path.strip_suffix(".nix").is_some() && visible && near
}
