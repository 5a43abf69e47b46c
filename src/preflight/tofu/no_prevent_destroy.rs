use super::is_unprotected;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Read;
use crate::rules::Rule;
use crate::tofu::{Body, Resource};

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
}
"#,
        good: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
  lifecycle {
    prevent_destroy = true
  }
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "on" {}
resource "digitalocean_droplet" "web" {
  backups = var.on
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-no-prevent-destroy",
    severity: Severity::Warning,
    title: "one plan could delete what cannot be made again",
    why: "A changed name, a moved folder or a mistyped target is enough for a plan that destroys. With `prevent_destroy` such a plan stops.",
    fix: "Add `prevent_destroy = true` to the `lifecycle` block.",
    evidence: "OpenTofu: the lifecycle block",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    if droplets.is_empty() {
        return Vec::new();
    }
    let saved = |body: &Body| {
        !matches!(
            body.boolean("backups"),
            Read::Known(false, _) | Read::Absent
        )
    };
    let unsaved = droplets.iter().filter(|it| !saved(it.body()));
    let mut lost: Vec<(&Resource, &str)> = unsaved
        .map(|it| (it.resource, "the disk of the server"))
        .collect();
    for (kind, what) in [
        ("digitalocean_volume", "the data on the volume"),
        (
            "digitalocean_reserved_ip",
            "the address that records point to",
        ),
    ] {
        lost.extend(facts.tofu().resources(kind).map(|(_, it)| (it, what)));
    }
    lost.retain(|(resource, _)| is_unprotected(resource));
    lost.into_iter()
        .map(|(resource, what)| unprotected(facts, resource, what))
        .collect()
}

fn unprotected(facts: &Facts<'_>, resource: &Resource, what: &str) -> Finding {
    let message = format!(
        "nothing keeps a plan from deleting `{}`, and {what} with it",
        resource.address()
    );
    let patch = match resource.body().block("lifecycle") {
        Some(lifecycle) => facts.setting(lifecycle, "prevent_destroy", "true"),
        None => facts.addition(
            &resource.block,
            "\nlifecycle {\n  prevent_destroy = true\n}",
        ),
    };
    let help = "write `prevent_destroy = true` in its `lifecycle` block";
    let finding = facts.finding(&RULE, Some(&resource.block.header), message, help);
    finding.labelled("not protected").patched_if(patch)
}
