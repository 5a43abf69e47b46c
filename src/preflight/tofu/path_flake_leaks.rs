use super::inside;
use crate::facts::Facts;
use crate::facts::Installer;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Module;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- terraform/main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  nixos_system_attr = "path:./..#nixosConfigurations.web"
}
"#,
        good: r#"-- terraform/main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  nixos_system_attr = "./..#nixosConfigurations.web"
}
"#,
        undecidable: r#"-- terraform/main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  nixos_system_attr = "path:${var.it}#web"
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-path-flake-leaks",
    severity: Severity::Error,
    title: "a `path:` flake that takes the state along",
    why: "A `path:` flake is copied into the world-readable store with everything in its folder: here `.terraform` and the state, which holds every secret of the resources.",
    fix: "Name the folder without `path:`, so that git decides what belongs to the flake.",
    evidence: "Nix issue 7107",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    let here = installers.filter(|it| it.module.address.is_empty() && keeps_state(it.module));
    here.flat_map(|installer| {
        [
            "nixos_system_attr",
            "nixos_partitioner_attr",
            "attribute",
            "flake",
        ]
        .into_iter()
        .filter_map(move |name| leak(facts, &installer, name))
    })
    .collect()
}

/// Whether the state lies in the module's own folder.
fn keeps_state(module: &Module) -> bool {
    let cloud = module
        .blocks("terraform")
        .any(|it| it.body.block("cloud").is_some());
    let backend = module.backend();
    !cloud && backend.is_none_or(|it| it.labels.first().is_some_and(|kind| kind == "local"))
}

fn leak(facts: &Facts<'_>, installer: &Installer<'_>, name: &str) -> Option<Finding> {
    let attribute = installer.body().attribute(name)?;
    let text = attribute.value.text()?;
    let path = text.strip_prefix("path:")?.split(['#', '?']).next()?;
    let folder = inside(&installer.module.folder, path)?;
    let own = &installer.module.folder;
    let holds = folder.is_empty() || *own == folder || own.starts_with(&format!("{folder}/"));
    if !holds {
        return None;
    }
    let message = format!("`{name}` copies the folder that holds the state into the Nix store");
    let help = "remove `path:`, so that only files that git knows are copied";
    let finding = facts.finding_on(&RULE, attribute, message, help);
    Some(finding.labelled("world-readable from then on"))
}
