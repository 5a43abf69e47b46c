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
  public_networking = false
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  public_networking = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-private-droplet",
    severity: Severity::Error,
    title: "a droplet without a public address",
    why: "It has one private interface and reaches the internet through a gateway at best, so nothing outside of its network can install it or ask it for a page.",
    fix: "Remove `public_networking = false`.",
    evidence: "the DigitalOcean provider: digitalocean_droplet",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter(|it| it.body().boolean("public_networking").is(&false))
        .filter_map(|droplet| {
            let attribute = droplet.body().attribute("public_networking")?;
            let message = format!(
                "`{}` has no public address, so the installer cannot reach it",
                droplet.resource.address()
            );
            let patch = facts.replacement(&attribute.place, "true");
            let help = "write `public_networking = true`, or remove the line";
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("private only").patched_if(patch))
        })
        .collect()
}
