use super::droplet_of;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Reference;
use std::net::IpAddr;

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
  instance_id = digitalocean_droplet.web.ipv4_address
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  instance_id = digitalocean_droplet.web.id
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  instance_id = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-instance-id-unstable",
    severity: Severity::Error,
    title: "the installation is tied to something that changes",
    why: "A new value wipes the disk of a running server, and a value that stays the same when the droplet is replaced leaves the new droplet without NixOS. Only the id of the droplet changes exactly with the droplet.",
    fix: "Write `instance_id = digitalocean_droplet.<name>.id`.",
    evidence: "nixos-anywhere: terraform/install/main.tf, whose documentation shows an address",
};

/// Attributes of a droplet that change while it lives.
const CHANGING: [&str; 9] = [
    "ipv4_address",
    "ipv4_address_private",
    "ipv6_address",
    "name",
    "size",
    "status",
    "tags",
    "vcpus",
    "memory",
];
/// Resources that are an address, which outlives a droplet.
const ADDRESSES: [&str; 4] = [
    "digitalocean_reserved_ip",
    "digitalocean_reserved_ip_assignment",
    "digitalocean_floating_ip",
    "digitalocean_floating_ip_assignment",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = calls(facts);
    findings.extend(commands(facts));
    findings
}

/// The resources that run nixos-anywhere as a command whenever something else changes.
fn commands(facts: &Facts<'_>) -> Vec<Finding> {
    let installations = facts.installations().into_iter();
    installations
        .flat_map(|resource| {
            let names = ["triggers_replace", "triggers"];
            let attributes = names
                .into_iter()
                .filter_map(|it| resource.body().attribute(it));
            attributes.flat_map(move |it| {
                it.value
                    .leaves()
                    .into_iter()
                    .map(move |leaf| (resource, leaf.1))
            })
        })
        .filter_map(|(resource, leaf)| {
            let reference = leaf.reference().filter(|it| is_unstable(it))?;
            let message = format!(
                "`{}` installs again when `{reference}` changes, and wipes the disk",
                resource.address()
            );
            let help = "name the id of the droplet and nothing else";
            let finding = facts.finding(&RULE, Some(&leaf.place), message, help);
            Some(finding.labelled("a change wipes the disk"))
        })
        .collect()
}

fn calls(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter().filter(|it| it.installs());
    installers
        .filter_map(|installer| {
            let attribute = installer.body().attribute("instance_id")?;
            let value = &attribute.value;
            let shown = match value.reference() {
                Some(reference) => is_unstable(reference).then(|| reference.to_string()),
                None => value.text().filter(|it| it.parse::<IpAddr>().is_ok()),
            }?;
            let droplet = droplet_of(&installer);
            let droplet = droplet.as_deref().unwrap_or("digitalocean_droplet.<name>");
            let message = format!(
                "`instance_id` is `{shown}`, which can change while the droplet stays the same"
            );
            // No patch: on an installed server the edit is a change, too, and installs anew.
            let help = format!(
                "write `instance_id = {droplet}.id` before the first installation; on an installed server this change, too, wipes the disk"
            );
            let finding = facts.finding_on(&RULE, attribute, message, help);
            Some(finding.labelled("a change wipes the disk"))
        })
        .collect()
}

fn is_unstable(reference: &Reference) -> bool {
    let changes = |attribute: &str| CHANGING.contains(&attribute);
    match reference.resource() {
        Some(("digitalocean_droplet", _)) => reference.attribute().is_some_and(changes),
        Some((kind, _)) => ADDRESSES.contains(&kind),
        None => false,
    }
}
