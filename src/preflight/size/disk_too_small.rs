use crate::catalog;
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
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  size = "s-1vcpu-512mb-10gb"
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  size = "s-1vcpu-2gb"
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  size = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "disk-too-small-for-nix",
    severity: Severity::Warning,
    title: "a disk that NixOS fills up",
    why: "Two generations of a system, devenv and the packages of an application take more than 10 GB. A full disk stops updates and the renewal of certificates.",
    fix: "Choose a size with a disk of 25 GB or more.",
    evidence: "devenv: closure sizes in its changelog; DigitalOcean: sizes",
};

const LEAST_GIB: u32 = 20;

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter_map(|droplet| {
            let attribute = droplet.body().attribute("size")?;
            let size = catalog::size(&attribute.value.text()?)?;
            if size.disk_gib >= LEAST_GIB {
                return None;
            }
            let message = format!(
                "`{}` has a disk of {} GB, which NixOS fills up (as of {})",
                size.slug,
                size.disk_gib,
                catalog::sizes_as_of()
            );
            let help = "write `size = \"s-1vcpu-2gb\"`, whose disk has 50 GB, or a larger one";
            let patch = facts.replacement(&attribute.value.place, "\"s-1vcpu-2gb\"");
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("too small").patched_if(patch))
        })
        .collect()
}
