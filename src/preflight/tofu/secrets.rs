use std::collections::BTreeSet;

use crate::deployment::{looks_like_secret, looks_like_secret_named};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::{Module, Value};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- terraform.tfvars --
do_token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- terraform.tfvars --
do_token = "dop_v1_your-token-here"
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {}
variable "do_token" {}
provider "digitalocean" {
  token = var.do_token
}
"#,
    },
};

pub(crate) static RULE: Rule = Rule {
    id: "tofu-secrets-in-tfvars-or-state",
    severity: Severity::Error,
    title: "a secret where others can read it",
    why: "What is in a file of the repository is in its history for good, and what a resource makes is in the state as plain text.",
    fix: "Take tokens from the environment (`DIGITALOCEAN_TOKEN`), revoke the one that was written down, and make keys outside of OpenTofu.",
    evidence: "the DigitalOcean provider: its token argument; OpenTofu: sensitive data in state",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.droplets().is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    // A value that is handed on is written once.
    let mut said = BTreeSet::new();
    for module in &facts.tofu().modules {
        for (name, value) in settings(module) {
            for (key, leaf) in value.leaves() {
                let name = if key.is_empty() { name } else { key };
                let is_variable = module.variables().contains_key(name);
                // What a provider gets from a variable is written where the variable is.
                if let Some(what) = leaf.text().and_then(|text| secret(name, &text))
                    && said.insert(leaf.place.clone())
                {
                    findings.push(written(facts, name, leaf, what, is_variable));
                }
            }
        }
        for key in module.resources("tls_private_key") {
            let message = format!(
                "the private key of `{}` is plain text in the state",
                key.address()
            );
            let help =
                "remove the resource and make the key with `ssh-keygen`, outside of the state";
            let finding = facts.finding(&RULE, Some(&key.block.header), message, help);
            findings.push(finding.labelled("readable in the state"));
        }
    }
    findings
}

/// Whatever a file gives a value by name.
fn settings(module: &Module) -> Vec<(&str, &Value)> {
    let assigned = module
        .assignments()
        .iter()
        .map(|it| (it.name.as_str(), &it.value));
    let locals = module
        .locals()
        .iter()
        .map(|(name, value)| (name.as_str(), value));
    let defaults = module.variables().iter().filter_map(|(name, variable)| {
        Some((
            name.as_str(),
            &variable.block.body.attribute("default")?.value,
        ))
    });
    let providers = module
        .blocks("provider")
        .flat_map(|block| block.body.attributes().map(|(name, it)| (name, &it.value)));
    assigned
        .chain(locals)
        .chain(defaults)
        .chain(providers)
        .collect()
}

fn written(facts: &Facts<'_>, name: &str, leaf: &Value, what: &str, is_variable: bool) -> Finding {
    let message = format!("`{name}` holds a {what}");
    let way = if is_variable {
        format!("as `TF_VAR_{name}`")
    } else {
        "through the provider's own variable, such as `DIGITALOCEAN_TOKEN`".to_owned()
    };
    let help = format!("remove the value, revoke it, and pass another {way}");
    facts
        .finding(&RULE, Some(&leaf.place), message, help)
        .labelled("in the repository")
        .concealed()
}

/// The tfvars file that a finding of this rule is about. There a secret is a fault only once git
/// holds the file, which files alone do not tell.
pub(in crate::preflight) fn settings_file(finding: &Finding) -> Option<&str> {
    let file = finding.location.as_ref()?.file.as_str();
    let settings = [".tfvars", ".tfvars.json"]
        .iter()
        .any(|end| file.ends_with(end));
    (finding.rule == &RULE && settings).then_some(file)
}

fn secret(name: &str, text: &str) -> Option<&'static str> {
    looks_like_secret(text)
        .or_else(|| looks_like_secret_named(name, text).filter(|_| is_generated(text)))
}

/// Whether a text looks made by a machine and not by a person who left a hint.
fn is_generated(text: &str) -> bool {
    let has = |kind: fn(&char) -> bool| text.chars().any(|c| kind(&c));
    let mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    let hexadecimal = text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit());
    let lower = text.to_lowercase();
    let hint = ["your", "example", "change", "xxx", "here", "todo"];
    (mixed || hexadecimal) && !hint.iter().any(|word| lower.contains(word))
}
