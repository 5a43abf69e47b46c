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
variable "it" {
  default = "s-1vcpu-2gb"
}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  size = var.it
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
    id: "disk-resize-is-forever",
    severity: Severity::Warning,
    title: "a size that is made to change, and a disk that never shrinks",
    why: "Unless `resize_disk` is false, trying a larger size grows the disk as well, and there is no way back to the smaller size.",
    fix: "Write `resize_disk = false`, or `true` if that is meant.",
    evidence: "the DigitalOcean provider: digitalocean_droplet",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter(|it| it.body().read("resize_disk").is_absent())
        .filter_map(|droplet| {
            let size = droplet.body().attribute("size")?;
            // A size that is written down here is not one that people try out.
            let variable = size.mentions.iter().find(|it| it.starts_with("var."))?;
            size.value.text()?;
            let message = format!(
                "a larger `{variable}` grows the disk of `{}` for ever",
                droplet.resource.address()
            );
            let help = "add `resize_disk = false`, or `true` if that is meant";
            let patch = facts.setting(&droplet.resource.block, "resize_disk", "false");
            let mut finding = facts.finding(&RULE, Some(&size.place), message, help);
            // Nothing happens before somebody changes the size.
            finding.severity = Severity::Advice;
            Some(finding.labelled("made to change").patched_if(patch))
        })
        .collect()
}
