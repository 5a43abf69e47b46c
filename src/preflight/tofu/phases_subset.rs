use crate::facts::Facts;
use crate::facts::{Installer, Part};
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
  phases = ["kexec", "disko"]
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  phases = ["kexec", "disko", "install", "reboot"]
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  phases = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-phases-subset",
    severity: Severity::Warning,
    title: "all-in-one without all phases",
    why: "all-in-one runs its update step after any set of phases. Without `install` and `reboot` it then updates the installer in memory, or a system that is half installed.",
    fix: "Leave `phases` out, or call the install module by itself.",
    evidence: "nixos-anywhere: terraform/all-in-one/main.tf",
};

const ALL: [&str; 4] = ["kexec", "disko", "install", "reboot"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    let whole = installers
        .filter(|it| it.part == Part::AllInOne && !it.body().boolean("stop_after_disko").is(&true));
    whole
        .filter_map(|installer| incomplete(facts, &installer))
        .collect()
}

fn incomplete(facts: &Facts<'_>, installer: &Installer<'_>) -> Option<Finding> {
    let body = installer.body();
    let help = "remove the line, or call terraform/install instead of terraform/all-in-one";
    if body.boolean("no_reboot").is(&true) {
        let attribute = body.attribute("no_reboot")?;
        let message = "with `no_reboot` the update step talks to the installer in memory";
        let finding = facts.finding_on(&RULE, attribute, message, help);
        return Some(finding.labelled("the update still runs"));
    }
    let attribute = body.attribute("phases")?;
    let phases = attribute.value.texts()?;
    let missing: Vec<&str> = ALL
        .into_iter()
        .filter(|phase| !phases.iter().any(|it| it == phase))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!(
        "the update step runs although `phases` lacks `{}`",
        missing.join("`, `")
    );
    let finding = facts.finding_on(&RULE, attribute, message, help);
    Some(finding.labelled("not all phases"))
}
