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
  target_user = "deploy"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_user  = "deploy"
  install_user = "root"
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_user  = "deploy"
  install_user = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-install-user-fallback",
    severity: Severity::Error,
    title: "an installation as a user that the stock image lacks",
    why: "Without `install_user` the installer logs in as `target_user`. That account comes with NixOS and is not on the stock image, and copying the key is tried for ever.",
    fix: "Add `install_user = \"root\"`.",
    evidence: "nixos-anywhere: terraform/all-in-one/main.tf",
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
        .filter(|it| it.part == Part::AllInOne && it.body().read("install_user").is_absent())
        .filter_map(|installer| {
            let attribute = installer.body().attribute("target_user")?;
            let user = attribute.value.text().filter(|user| user != "root")?;
            let message =
                format!("the installer logs in as `{user}`, whom the stock image does not know");
            let block = &installer.call.block;
            let patch = facts.setting(block, "install_user", "\"root\"");
            let finding =
                facts.finding_on(&RULE, attribute, message, "add `install_user = \"root\"`");
            Some(finding.labelled("an account of NixOS").patched_if(patch))
        })
        .collect()
}
