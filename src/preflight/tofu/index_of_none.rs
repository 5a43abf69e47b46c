//! `tofu-index-of-none`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::tofu::{Attribute, Module};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "reserved" {
  default = false
}
resource "digitalocean_reserved_ip" "web" {
  count  = var.reserved ? 1 : 0
  region = "fra1"
}
resource "digitalocean_reserved_ip_assignment" "web" {
  ip_address = digitalocean_reserved_ip.web[0].ip_address
  droplet_id = 1
}
"#,
        good: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "reserved" {
  default = false
}
resource "digitalocean_reserved_ip" "web" {
  count  = var.reserved ? 1 : 0
  region = "fra1"
}
resource "digitalocean_reserved_ip_assignment" "web" {
  count      = var.reserved ? 1 : 0
  ip_address = digitalocean_reserved_ip.web[0].ip_address
  droplet_id = 1
}
output "address" {
  value = var.reserved ? digitalocean_reserved_ip.web[0].ip_address : null
}
"#,
        undecidable: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "reserved" {}
resource "digitalocean_reserved_ip" "web" {
  count  = var.reserved ? 1 : 0
  region = "fra1"
}
resource "digitalocean_reserved_ip_assignment" "web" {
  ip_address = digitalocean_reserved_ip.web[0].ip_address
  droplet_id = 1
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-index-of-none",
    severity: Severity::Error,
    title: "an expression takes the first of none",
    why: "A `count` of zero makes nothing, and `[0]` of nothing is an error of the whole plan.",
    fix: "Give the resource that asks the same `count`, or use `one(…[*]…)`.",
    evidence: "OpenTofu: references to instances",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for module in &facts.tofu().modules {
        for resource in module.all_resources().iter().filter(|it| it.certain) {
            let attributes = resource.body().attributes();
            findings.extend(attributes.filter_map(|(_, it)| of_none(facts, module, it)));
        }
    }
    findings
}

fn of_none(facts: &Facts<'_>, module: &Module, attribute: &Attribute) -> Option<Finding> {
    let text = facts.files.get(&*attribute.place.file)?;
    let written = text.get(attribute.place.range())?;
    let may_not_ask = ["?", "try(", "can(", "for "];
    if may_not_ask.iter().any(|it| written.contains(it)) {
        return None;
    }
    let path = attribute
        .mentions
        .iter()
        .find(|path| written.contains(&format!("{path}[0]")) && is_none(facts, module, path))?;
    let message = format!("`{path}[0]` is asked for, and there is none");
    let help = format!("give the resource that asks the `count` of `{path}`");
    let finding = facts.finding(&RULE, Some(&attribute.place), message, help);
    Some(finding.labelled("of none"))
}

/// Whether a resource is declared in the folder and certainly has no instance.
fn is_none(facts: &Facts<'_>, module: &Module, path: &str) -> bool {
    let (data, path) = match path.strip_prefix("data.") {
        Some(path) => ("data", path),
        None => ("resource", path),
    };
    let Some((kind, name)) = path.split_once('.') else {
        return false;
    };
    let mut made = module.all_resources().iter();
    let header = format!("{data} \"{kind}\" \"{name}\"");
    let mut files = module.files.iter().filter_map(|file| facts.files.get(file));
    let is_made = made.any(|it| it.data == (data == "data") && it.kind == kind && it.name == name);
    !is_made && files.any(|text| text.contains(&header))
}
