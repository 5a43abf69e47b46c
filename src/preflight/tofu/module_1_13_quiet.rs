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
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=1.13.0"

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
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=${var.it}"

}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-module-1-13-quiet",
    severity: Severity::Advice,
    title: "a release of nixos-anywhere that passes `quiet` the wrong way round",
    why: "Releases 1.12.0 and 1.13.0 give `debug_logging` to `quiet`: an install without debug output shows everything, one with it shows nothing, and an old Terraform refuses the argument.",
    fix: "Pin a commit from 0c8b048 on, such as 91fc9b70fc295258c366cce8627efb6f185fd9fb.",
    evidence: "nixos-anywhere: pull request 612",
};

const COMMIT: &str = "91fc9b70fc295258c366cce8627efb6f185fd9fb";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .installers()
        .into_iter()
        .filter(Installer::installs)
        .filter_map(|installer| {
            let source = installer.body().attribute("source")?;
            let text = source.value.text()?;
            let release = ["1.12.0", "1.13.0"]
                .into_iter()
                .find(|it| text.split("ref=").nth(1) == Some(it))?;
            let message = format!("nixos-anywhere {release} turns `quiet` the wrong way round");
            let help = format!("write `?ref={COMMIT}`");
            let pinned = text.replace(&format!("ref={release}"), &format!("ref={COMMIT}"));
            let patch = facts.replacement(&source.value.place, format!("\"{pinned}\""));
            let finding = facts.finding_on(&RULE, source, message, help);
            Some(finding.labelled("pinned here").patched_if(patch))
        })
        .collect()
}
