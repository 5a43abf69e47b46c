use super::droplet_of;
use crate::facts::Facts;
use crate::facts::Installer;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Reference;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_host = "web.example.org"
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_host = "203.0.113.7"
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  target_host = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-target-host-is-dns",
    severity: Severity::Warning,
    title: "an installation whose target is a name",
    why: "The record may not exist yet, a cached answer may still lead to the old server, which would be wiped, and a name that Cloudflare proxies carries no SSH.",
    fix: "Write `target_host = digitalocean_droplet.<name>.ipv4_address`.",
    evidence: "nixos-anywhere: terraform/all-in-one/variables.tf; Cloudflare proxies web traffic only",
};

const RECORDS: [&str; 3] = [
    "cloudflare_dns_record",
    "cloudflare_record",
    "digitalocean_record",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter().filter(Installer::installs);
    installers
        .filter_map(|installer| {
            let attribute = installer.body().attribute("target_host")?;
            let value = &attribute.value;
            let name = match value.reference() {
                Some(reference) => is_name(reference).then(|| reference.to_string()),
                None => value.text().filter(|text| is_domain(text)),
            }?;
            let droplet = droplet_of(&installer);
            let droplet = droplet.as_deref().unwrap_or("digitalocean_droplet.<name>");
            let message = format!(
                "`target_host` is the name `{name}`, which may still lead to another server"
            );
            let help = format!("write `target_host = {droplet}.ipv4_address`");
            let patch = droplet_of(&installer)
                .and_then(|it| facts.replacement(&attribute.place, format!("{it}.ipv4_address")));
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("not an address").patched_if(patch))
        })
        .collect()
}

fn is_name(reference: &Reference) -> bool {
    let record = reference
        .resource()
        .is_some_and(|(kind, _)| RECORDS.contains(&kind));
    record && matches!(reference.attribute(), Some("name" | "hostname" | "fqdn"))
}

/// A word without a dot may be an alias of `ssh_config`.
fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.trim_end_matches('.').split('.').collect();
    let label =
        |it: &&str| !it.is_empty() && it.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let last = labels
        .last()
        .is_some_and(|it| it.starts_with(|c: char| c.is_ascii_alphabetic()));
    labels.len() > 1 && last && labels.iter().all(label)
}
