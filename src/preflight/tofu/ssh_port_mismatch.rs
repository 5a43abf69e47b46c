use crate::facts::Facts;
use crate::facts::{Droplet, Part};
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
  target_port = 2222
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_port  = 2222
  install_port = "22"
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_port = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-port-mismatch",
    severity: Severity::Error,
    title: "an installation at a port that the stock image does not serve",
    why: "Without `install_port` the installer knocks at `target_port`, which is the port of the finished system. The stock image answers on 22 alone, so it knocks for ever.",
    fix: "Add `install_port = \"22\"`.",
    evidence: "nixos-anywhere: terraform/all-in-one/variables.tf",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    let made_by_cloud_init = droplets
        .iter()
        .any(|it| !it.body().read("user_data").is_absent());
    if made_by_cloud_init || !droplets.iter().all(Droplet::has_stock_image) {
        return Vec::new();
    }
    let installers = facts.installers().into_iter();
    installers
        .filter(|it| it.part == Part::AllInOne && it.body().read("install_port").is_absent())
        .filter_map(|installer| {
            let attribute = installer.body().attribute("target_port")?;
            let port = attribute.value.text().filter(|port| port != "22")?;
            let message = format!(
                "the installer knocks at port {port}, where the stock image does not listen"
            );
            let patch = facts.setting(&installer.call.block, "install_port", "\"22\"");
            let finding =
                facts.finding_on(&RULE, attribute, message, "add `install_port = \"22\"`");
            Some(finding.labelled("the port of NixOS").patched_if(patch))
        })
        .collect()
}
