//! `tofu-region-left-open`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-13-x64"
}
resource "digitalocean_reserved_ip" "web" {
  region = "fra1"
}
"#,
        good: r#"
-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image  = "debian-13-x64"
  region = "fra1"
}
resource "digitalocean_reserved_ip" "web" {
  region = "fra1"
}
"#,
        undecidable: r#"
-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "reserved" {}
resource "digitalocean_droplet" "web" {
  image = "debian-13-x64"
}
resource "digitalocean_reserved_ip" "web" {
  count  = var.reserved
  region = "fra1"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-region-left-open",
    severity: Severity::Error,
    title: "a droplet that may come to be in another region than the rest",
    why: "Without a region DigitalOcean chooses one. An address, a volume or a network of a certain region can be given only to droplets of the same one.",
    fix: "Write the same `region` for the droplet.",
    evidence: "DigitalOcean: regions",
};

/// What can be given only to droplets of its own region.
const REGIONAL: [&str; 4] = [
    "digitalocean_floating_ip",
    "digitalocean_reserved_ip",
    "digitalocean_volume",
    "digitalocean_vpc",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut regional = REGIONAL
        .iter()
        .flat_map(|kind| facts.tofu().resources(kind));
    let Some((_, other)) = regional.find(|(_, it)| it.certain) else {
        return Vec::new();
    };
    let droplets = facts.droplets();
    let open = droplets
        .iter()
        .filter(|it| it.body().attribute("region").is_none());
    open.map(|droplet| {
        let message = format!(
            "`{}` has no region, and `{}` has one",
            droplet.resource.address(),
            other.address()
        );
        let help = "write the same `region` for the droplet";
        let finding = facts.finding(&RULE, Some(&droplet.resource.block.header), message, help);
        finding
            .related(other.block.header.location(), "has a region")
            .labelled("anywhere")
    })
    .collect()
}
