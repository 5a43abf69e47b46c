use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Module;

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
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"

}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"

}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "git::https://${var.it}/nixos-anywhere//terraform/all-in-one"

}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-module-unpinned",
    severity: Severity::Warning,
    title: "a module that is fetched from wherever its branch stands",
    why: "The next `init` may bring other scripts, another installer and other variables, on a day when nothing of this repository changed.",
    fix: "Add the full hash of a commit: `?ref=<commit>`.",
    evidence: "nixos-anywhere: terraform/all-in-one.md shows the floating form",
};

/// Names that only branches have.
const BRANCHES: [&str; 7] = [
    "main",
    "master",
    "HEAD",
    "develop",
    "development",
    "trunk",
    "next",
];
const GIT: [&str; 5] = [
    "git::",
    "git@",
    "github.com/",
    "bitbucket.org/",
    "codeberg.org/",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.droplets().is_empty() {
        return Vec::new();
    }
    let calls = facts.tofu().modules.iter().flat_map(Module::module_calls);
    calls
        .filter_map(|call| {
            let source = call.block.body.attribute("source")?;
            let text = source.value.text()?;
            if !GIT.iter().any(|prefix| text.starts_with(prefix)) {
                return None;
            }
            let reference = text
                .split(['?', '&'])
                .find_map(|it| it.strip_prefix("ref="));
            let message = match reference {
                None => format!(
                    "`module.{}` follows the default branch of its repository",
                    call.name
                ),
                Some(branch) if BRANCHES.contains(&branch) => {
                    format!("`module.{}` follows the branch `{branch}`", call.name)
                }
                Some(_) => return None,
            };
            let help = "end the source with `?ref=` and the full hash of a commit";
            let finding = facts.finding_on(&RULE, source, message, help);
            Some(finding.labelled("moves by itself"))
        })
        .collect()
}
