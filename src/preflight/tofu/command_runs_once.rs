//! `tofu-command-runs-once`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::tofu::{Block, Resource};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "debian-13-x64"
}
resource "terraform_data" "system" {
  triggers_replace = digitalocean_droplet.web.id
  provisioner "local-exec" {
    command = "nixos-rebuild switch --flake .#web --target-host root@web"
  }
}
"#,
        good: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
locals {
  system = filesha256("configuration.nix")
}
resource "digitalocean_droplet" "web" {
  image = "debian-13-x64"
}
resource "terraform_data" "system" {
  triggers_replace = [digitalocean_droplet.web.id, local.system]
  provisioner "local-exec" {
    command = "nixos-rebuild switch --flake .#web --target-host root@web"
  }
}
"#,
        undecidable: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "command" {}
resource "digitalocean_droplet" "web" {
  image = "debian-13-x64"
}
resource "terraform_data" "system" {
  provisioner "local-exec" {
    command = var.command
  }
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-command-runs-once",
    severity: Severity::Warning,
    title: "a deployment that runs once and never again",
    why: "A provisioner runs when its resource is made. Without a trigger that follows the configuration, `tofu apply` finds nothing to do after the first time, and the server keeps its first system.",
    fix: "Let `triggers_replace` hold a hash of the files that the system is built from.",
    evidence: "OpenTofu: terraform_data",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let kinds = [
        ("terraform_data", "triggers_replace"),
        ("null_resource", "triggers"),
    ];
    let found = kinds.iter().flat_map(|(kind, trigger)| {
        let resources = facts.tofu().resources(kind);
        resources.filter_map(|(_, resource)| once(facts, resource, trigger))
    });
    if facts.deploys() {
        found.collect()
    } else {
        Vec::new()
    }
}

fn once(facts: &Facts<'_>, resource: &Resource, trigger: &str) -> Option<Finding> {
    let provisioners = resource.body().blocks("provisioner").known;
    let switches = |it: &&Block| {
        let command = it.body.text("command");
        let is_at_the_end = it.body.attribute("when").is_some();
        command
            .value()
            .is_some_and(|it| it.contains("nixos-rebuild switch"))
            && !is_at_the_end
    };
    let provisioner = provisioners.into_iter().find(switches)?;
    let attribute = resource.body().attribute(trigger);
    let lifecycle = resource.body().block("lifecycle");
    let is_replaced =
        lifecycle.is_some_and(|it| it.body.attribute("replace_triggered_by").is_some());
    let follows = attribute.is_some_and(|it| {
        let text = facts.files.get(&*it.place.file);
        let calls = text.and_then(|text| text.get(it.place.range()));
        let is_machine = |path: &String| {
            ["terraform_data.", "null_resource.", "digitalocean_"]
                .iter()
                .any(|start| path.starts_with(start))
        };
        calls.is_none_or(|text| text.contains('(')) || !it.mentions.iter().all(is_machine)
    });
    if follows || is_replaced || resource.body().attribute("count").is_some() {
        return None;
    }
    let message = format!(
        "`{}` switches the system once, and not when the configuration changes",
        resource.address()
    );
    let help = format!("let `{trigger}` hold a hash of the files, as `filesha256` gives it");
    let place = attribute.map_or(&provisioner.header, |it| &it.place);
    let finding = facts.finding(&RULE, Some(place), message, help);
    Some(finding.labelled("nothing follows the files"))
}
