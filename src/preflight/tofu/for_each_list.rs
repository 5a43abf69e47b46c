//! `tofu-for-each-list`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::tofu::{Attribute, Module, Resource};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "domains" {
  default = ["example.org"]
}
resource "digitalocean_domain" "web" {
  for_each = var.domains
  name     = each.value
}
"#,
        good: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "domains" {
  type    = set(string)
  default = ["example.org"]
}
resource "digitalocean_domain" "web" {
  for_each = var.domains
  name     = each.value
}
"#,
        undecidable: r#"
-- configuration.nix --
{ boot.loader.grub.enable = true; }
-- main.tf --
variable "domains" {}
resource "digitalocean_domain" "web" {
  for_each = var.domains
  name     = each.value
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-for-each-list",
    severity: Severity::Error,
    title: "`for_each` over a list",
    why: "The instances of `for_each` are known by keys, and the elements of a list have only numbers. OpenTofu refuses the plan.",
    fix: "Give the variable the type `set(string)`, or write `toset(…)`.",
    evidence: "OpenTofu: the for_each argument",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let modules = facts.tofu().modules.iter();
    let found = modules.flat_map(|module| {
        let resources = module.all_resources().iter();
        resources.filter_map(|resource| over_a_list(facts, module, resource))
    });
    found.collect()
}

fn over_a_list(facts: &Facts<'_>, module: &Module, resource: &Resource) -> Option<Finding> {
    let each = resource.body().attribute("for_each")?;
    let name = variable(facts, each)?;
    let variable = module.variables().get(name)?;
    let list = variable.value.list()?;
    if list.set || list.items.is_empty() {
        return None;
    }
    let message = format!(
        "`for_each` of `{}` goes over `var.{name}`, a list",
        resource.address()
    );
    let help = format!("give `var.{name}` the type `set(string)`, or write `toset(var.{name})`");
    let finding = facts.finding(&RULE, Some(&each.place), message, help);
    let declared = variable.block.header.location();
    Some(
        finding
            .related(declared, "declared here")
            .labelled("a list"),
    )
}

/// The variable that an argument is, and nothing besides.
fn variable<'f>(facts: &'f Facts<'_>, attribute: &Attribute) -> Option<&'f str> {
    let text = facts.files.get(&*attribute.place.file)?;
    let name = text
        .get(attribute.place.range())?
        .trim()
        .strip_prefix("var.")?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_plain.then_some(name)
}
