use crate::catalog;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::manifest::MINIMUM_MEMORY_MIB;
use crate::manifest::rules::RAM_BELOW_KEXEC_MINIMUM;
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;

pub(super) static CHECK: Check = Check {
    rule: &RAM_BELOW_KEXEC_MINIMUM,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  size = "s-1vcpu-1gb"
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

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter(|it| it.has_stock_image())
        .filter_map(|droplet| {
            let attribute = droplet.body().attribute("size")?;
            let size = catalog::size(&attribute.value.text()?)?;
            // A manifest is judged where it says so itself.
            if size.memory_mib >= MINIMUM_MEMORY_MIB || facts.is_generated(&attribute.value.place) {
                return None;
            }
            let message = format!(
                "`{}` has {} MB of memory, too little to install NixOS on (as of {})",
                size.slug,
                size.memory_mib,
                catalog::sizes_as_of()
            );
            let patch = facts.replacement(&attribute.value.place, "\"s-1vcpu-2gb\"");
            let help = "write `size = \"s-1vcpu-2gb\"` or a larger one";
            let rule = &RAM_BELOW_KEXEC_MINIMUM;
            let finding = facts.finding_on(rule, attribute, message, help);
            Some(
                finding
                    .labelled("the installer lives in memory")
                    .patched_if(patch),
            )
        })
        .collect()
}
