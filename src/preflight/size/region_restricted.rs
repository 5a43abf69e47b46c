use crate::catalog::{self, RegionStatus};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::manifest::rules::SIZE_REGION_RESTRICTED;
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;

pub(super) static CHECK: Check = Check {
    rule: &SIZE_REGION_RESTRICTED,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  region = "sfo1"
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  region = "sfo3"
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  region = var.it
}
"#,
    },
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.installs_nixos() {
        return Vec::new();
    }
    let droplets = facts.tofu().resources("digitalocean_droplet");
    droplets
        .filter_map(|(_, droplet)| {
            let attribute = droplet.body().attribute("region")?;
            let region = catalog::region(&attribute.value.text()?)?;
            let closed = matches!(
                region.status,
                RegionStatus::Closed | RegionStatus::Restricted
            );
            // A manifest is judged where it says so itself.
            if !closed || facts.is_generated(&attribute.value.place) {
                return None;
            }
            let mut open = catalog::regions()
                .iter()
                .filter(|it| it.status == RegionStatus::Open);
            let near = open.rfind(|it| it.place == region.place)?;
            let help = format!(
                "write `region = \"{}\"`, which is open and in the same city",
                near.slug
            );
            let patch = facts.replacement(&attribute.value.place, format!("\"{}\"", near.slug));
            let finding =
                facts.finding_on(&SIZE_REGION_RESTRICTED, attribute, region.remark()?, help);
            Some(finding.labelled("not open to everyone").patched_if(patch))
        })
        .collect()
}
