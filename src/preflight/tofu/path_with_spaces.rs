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
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  extra_files_script = "./my scripts/files.sh"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  extra_files_script = "./my-scripts/files.sh"
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  extra_files_script = "${var.it}/files.sh"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-path-with-spaces",
    severity: Severity::Warning,
    title: "a path that the shell would split",
    why: "The module pastes paths without quotes into the command of a shell: a space splits them, and other signs mean something to it.",
    fix: "Rename the folder or the script.",
    evidence: "nixos-anywhere: terraform/install/main.tf, terraform/nixos-rebuild/main.tf",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers();
    installers
        .iter()
        .flat_map(|installer| {
            ["source", "extra_files_script", "disk_encryption_key_scripts"]
                .into_iter()
                .filter_map(move |name| Some((name, installer.body().attribute(name)?)))
        })
        .filter_map(|(name, attribute)| {
            let leaves = attribute.value.leaves();
            let texts = leaves.into_iter().filter_map(|(_, leaf)| leaf.text());
            let local = |path: &String| name != "source" || path.starts_with("./") || path.starts_with("../");
            let path = texts.filter(local).find(|path| path.contains(is_special))?;
            let message = format!("`{name}` names `{path}`, which a shell would not take as one path");
            let help = "rename the folder or the script so that it holds letters, digits, `-`, `_` and `.` alone";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("pasted without quotes"))
        })
        .collect()
}

fn is_special(character: char) -> bool {
    character.is_whitespace() || "\\'\"`$&|;<>()*?!#".contains(character)
}
