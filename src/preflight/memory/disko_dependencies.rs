use crate::facts::Facts;
use crate::finding::Patch;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{installers, size};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_partitioner_attr = ".#nixosConfigurations.a.config.system.build.diskoScript"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_partitioner_attr = ".#nixosConfigurations.a.config.system.build.diskoScriptNoDeps"
}
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "${var.size}"
}
variable "size" {}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_partitioner_attr = ".#nixosConfigurations.a.config.system.build.diskoScript"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ram-disko-deps",
    severity: Severity::Warning,
    title: "the partitioner is too heavy for a small droplet",
    why: "`diskoScript` brings its tools along, and while the installer runs they lie in memory. With 2 GB little is left for the installation itself.",
    fix: "Write `diskoScriptNoDeps`, which uses the installer's own tools.",
    evidence: "nixos-anywhere: docs/howtos/limited-ram.md",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((size, size_place)) = size(facts).filter(|(size, _)| size.memory_mib <= 2048) else {
        return Vec::new();
    };
    let installers = installers(facts).into_iter();
    installers
        .filter_map(|installer| {
            let attribute = installer.body().attribute("nixos_partitioner_attr")?;
            let value = attribute.value.text()?;
            if !value.ends_with(".diskoScript") {
                return None;
            }
            let place = &attribute.value.place;
            let message = format!(
                "`diskoScript` with all its tools goes into the {} MB of memory",
                size.memory_mib
            );
            let finding = facts
                .finding(
                    &RULE,
                    Some(place),
                    message,
                    "write `diskoScriptNoDeps` at the end",
                )
                .related(size_place.location(), format!("{} MB", size.memory_mib));
            let written = facts.files.get(&*place.file)?.get(place.range())?;
            if !written.ends_with(".diskoScript\"") {
                return Some(finding);
            }
            let end = place.range().end - 1;
            Some(finding.patched(Patch {
                file: place.file.to_string(),
                range: end..end,
                replacement: "NoDeps".to_owned(),
            }))
        })
        .collect()
}
