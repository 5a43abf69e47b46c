use std::collections::BTreeMap;

use super::is_partly_json;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::{Module, Resource};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
terraform {
  required_providers {
    digitalocean = {
      version = "~> 2.99"
    }
  }
}
resource "digitalocean_droplet" "web" {}
"#,
        good: r#"-- main.tf --
terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.99"
    }
  }
}
resource "digitalocean_droplet" "web" {}
"#,
        undecidable: r#"-- versions.tf.json --
{}
-- main.tf --
resource "digitalocean_droplet" "web" {}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-provider-source",
    severity: Severity::Error,
    title: "a provider is looked for where it is not",
    why: "Without a `source` OpenTofu takes a provider for one of HashiCorp's own, and there is none of this name: `tofu init` ends with \"provider registry does not have a provider named hashicorp/…\". Each folder says it for itself; a module inherits no source.",
    fix: "Name the source in `required_providers` of the folder that uses the provider.",
    evidence: "OpenTofu: provider requirements",
};

/// Providers that their makers publish.
const SOURCES: [(&str, &str); 2] = [
    ("cloudflare", "cloudflare/cloudflare"),
    ("digitalocean", "digitalocean/digitalocean"),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.deploys() {
        return Vec::new();
    }
    let modules = facts.tofu().modules.iter();
    let modules = modules.filter(|module| !is_partly_json(facts, module) && is_whole(module));
    modules
        .flat_map(|module| of_module(facts, module))
        .collect()
}

/// Whether the folder is what OpenTofu sees. A root without a word about itself and its providers
/// may get one from a tool that writes such files.
fn is_whole(module: &Module) -> bool {
    let mut settings = module.blocks("terraform").chain(module.blocks("provider"));
    !module.address.is_empty() || settings.next().is_some()
}

fn of_module(facts: &Facts<'_>, module: &Module) -> Vec<Finding> {
    let mut first: BTreeMap<&str, &Resource> = BTreeMap::new();
    for resource in module.all_resources() {
        // One that names its provider may take it from an entry of any name.
        let provider = resource.kind.split('_').next().unwrap_or_default();
        if resource.body().attribute("provider").is_none() {
            first.entry(provider).or_insert(resource);
        }
    }
    let unsourced = SOURCES.iter().filter_map(|(name, source)| {
        let user = first.get(name)?;
        let entries: Vec<_> = module
            .required_providers()
            .filter_map(|it| it.attribute(name))
            .collect();
        let is_sourced = entries.iter().any(|entry| {
            let object = entry.value.object();
            object.is_none_or(|it| !it.complete || it.entries.contains_key("source"))
        });
        if is_sourced && !entries.is_empty() {
            return None;
        }
        let message = format!("nothing says where the provider `{name}` comes from");
        let help = format!("write `{name} = {{ source = \"{source}\" }}` in `required_providers`");
        let place = entries.first().map_or(&user.block.header, |it| &it.place);
        let finding = facts.finding(&RULE, Some(place), message, help);
        Some(finding.labelled(format!("taken for hashicorp/{name}")))
    });
    unsourced.collect()
}
