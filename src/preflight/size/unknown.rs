use crate::catalog;
use crate::deployment::Refusal;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::{Attribute, Resource};

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
  size = "s-2vcpu-2g"
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  size   = "s-2vcpu-2gb"
  region = "fra1"
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

static RULE: Rule = Rule {
    id: "size-unknown-or-not-in-region",
    severity: Severity::Error,
    title: "a size or a region that does not exist",
    why: "The request is refused after keys and records were made.",
    fix: "Write a slug that exists; `doctl compute size list` and `doctl compute region list` name them.",
    evidence: "the DigitalOcean API: sizes and regions",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.installs_nixos() {
        return Vec::new();
    }
    let droplets = facts.tofu().resources("digitalocean_droplet");
    droplets
        .flat_map(|(_, droplet)| [unknown_size(facts, droplet), unknown_region(facts, droplet)])
        .flatten()
        .collect()
}

fn unknown_size(facts: &Facts<'_>, droplet: &Resource) -> Option<Finding> {
    let attribute = droplet.body().attribute("size")?;
    let slug = attribute.value.text()?;
    let refusal = catalog::find_size(&slug).err()?;
    report(facts, attribute, refusal, looks_like_size(&slug))
}

/// Sizes are added, and old ones go: what looks like one may be one.
fn looks_like_size(slug: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let is_memory = |text: &str| {
        let number = text.strip_suffix("gb").or_else(|| text.strip_suffix("mb"));
        number.is_some_and(is_number)
    };
    let mut parts = slug.split('-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("s"), Some(cpus), Some(memory)) => {
            cpus.strip_suffix("vcpu").is_some_and(is_number) && is_memory(memory)
        }
        (Some(family), Some(_), _) => family.len() < 6 && family != "s",
        (Some(old), None, None) => is_memory(old),
        _ => false,
    }
}

fn unknown_region(facts: &Facts<'_>, droplet: &Resource) -> Option<Finding> {
    let attribute = droplet.body().attribute("region")?;
    let slug = attribute.value.text()?;
    let refusal = catalog::find_region(&slug).err()?;
    // A region that is known but closed is the subject of another rule.
    if catalog::region(&slug).is_some() {
        return None;
    }
    let mut rest = slug.chars().skip_while(|it| it.is_ascii_alphabetic());
    let plausible = slug.len() == 4 && rest.next().is_some_and(|it| it.is_ascii_digit());
    report(facts, attribute, refusal, plausible)
}

/// A slug that looks like a real one and resembles no known one may be newer than the facts.
fn report(
    facts: &Facts<'_>,
    attribute: &Attribute,
    refusal: Refusal,
    plausible: bool,
) -> Option<Finding> {
    if plausible && refusal.suggestion.is_none() {
        return None;
    }
    let meant = refusal.suggestion.map(|it| format!("\"{it}\""));
    let patch = meant.and_then(|it| facts.replacement(&attribute.value.place, it));
    let mut finding = facts
        .finding_on(&RULE, attribute, refusal.message, refusal.help)
        .labelled("refused")
        .patched_if(patch);
    if plausible {
        finding.severity = Severity::Advice;
    }
    Some(finding)
}
