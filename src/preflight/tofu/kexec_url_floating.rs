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
  kexec_tarball_url = "https://github.com/nix-community/nixos-images/releases/download/nixos-unstable/nixos-kexec-installer-noninteractive-x86_64-linux.tar.gz"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  kexec_tarball_url = null
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  kexec_tarball_url = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-kexec-url-floating",
    severity: Severity::Advice,
    title: "an installer image that is rebuilt under the same address",
    why: "Assets of nix-community/nixos-images keep their names and are built anew every week, so the address pins nothing although it looks as if it did.",
    fix: "Point `kexec_tarball_url` at a copy of your own and note its hash, or leave it out.",
    evidence: "nixos-images: its release workflow",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter_map(|installer| {
            let attribute = installer.body().attribute("kexec_tarball_url")?;
            let url = attribute.value.text()?;
            if !url.contains("github.com/nix-community/nixos-images/releases") {
                return None;
            }
            let message = "`kexec_tarball_url` names an image that is rebuilt every week";
            let help = "mirror the image and name the copy, or remove the line to use the default";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("not a fixed image"))
        })
        .collect()
}
