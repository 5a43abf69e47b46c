use super::droplet_of;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Resource;

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
  target_host = digitalocean_droplet.web.ipv4_address
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
    id: "tofu-instance-id-missing",
    severity: Severity::Error,
    title: "the installation is tied to no droplet",
    why: "The id of the instance is the only thing that sets the installation off again. Without it a droplet that was replaced keeps its stock image, and the update step then talks to that.",
    fix: "Add `instance_id = digitalocean_droplet.<name>.id` to the call.",
    evidence: "nixos-anywhere: terraform/install/main.tf",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = calls(facts);
    findings.extend(commands(facts));
    findings
}

/// The resources that run nixos-anywhere as a command and hang on nothing.
fn commands(facts: &Facts<'_>) -> Vec<Finding> {
    let installations = facts.installations().into_iter();
    installations
        .filter(|it| {
            let (argument, _) = trigger(it);
            let lifecycle = it.body().block("lifecycle");
            let replaced = lifecycle.and_then(|it| it.body.attribute("replace_triggered_by"));
            it.body().read(argument).is_absent() && replaced.is_none()
        })
        .map(|resource| {
            let (argument, value) = trigger(resource);
            let message = format!(
                "`{}` has no `{argument}`, so a new droplet is never installed",
                resource.address()
            );
            let help = format!("add `{argument} = {value}`");
            let finding = facts.finding(&RULE, Some(&resource.block.header), message, help);
            finding.labelled("installed once at most")
        })
        .collect()
}

/// The argument that sets a resource off again, and what it should be.
fn trigger(resource: &Resource) -> (&'static str, &'static str) {
    if resource.kind == "null_resource" {
        ("triggers", "{ droplet = digitalocean_droplet.<name>.id }")
    } else {
        ("triggers_replace", "digitalocean_droplet.<name>.id")
    }
}

fn calls(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    let untied = installers.filter(|it| it.installs() && it.body().read("instance_id").is_absent());
    untied
        .map(|installer| {
            let address = installer.address();
            let message =
                format!("`{address}` has no `instance_id`, so a new droplet is never installed");
            let id = droplet_of(&installer);
            let value = format!(
                "{}.id",
                id.as_deref().unwrap_or("digitalocean_droplet.<name>")
            );
            let block = &installer.call.block;
            facts
                .finding(
                    &RULE,
                    Some(&block.header),
                    message,
                    // No patch: on an installed server the edit is a change, and installs anew.
                    format!(
                        "add `instance_id = {value}` before the first installation; on an installed server this change wipes the disk"
                    ),
                )
                .labelled("installed once at most")
        })
        .collect()
}
