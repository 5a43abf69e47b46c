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
  build_on_remote = true
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  build_on_remote = false
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  build_on_remote = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "build-on-remote-is-noop",
    severity: Severity::Warning,
    title: "build_on_remote where nothing is left to build",
    why: "all-in-one builds where tofu runs and hands finished store paths over, so the switch changes nothing, and a machine that cannot build for Linux still fails.",
    fix: "Remove the line, or call the install module with `flake`.",
    evidence: "nixos-anywhere: terraform/all-in-one/main.tf, terraform/install/run-nixos-anywhere.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter(|it| it.part == Part::AllInOne && it.body().boolean("build_on_remote").is(&true))
        .filter_map(|installer| {
            let attribute = installer.body().attribute("build_on_remote")?;
            let message = format!(
                "`build_on_remote` changes nothing: `{}` builds where tofu runs",
                installer.address()
            );
            let help = "remove the line, or call terraform/install with `flake`";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("without effect"))
        })
        .collect()
}
