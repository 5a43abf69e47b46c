use super::is_unprotected;
use crate::facts::Droplet;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

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
    ignore_changes = [image]
  }
}
"#,
        undecidable: r#"-- flake.nix --
{ outputs = _: { nixosConfigurations.droplet = { }; }; }
-- main.tf --
variable "on" {}
resource "digitalocean_droplet" "a" {}
resource "digitalocean_droplet" "b" {
  image = var.on
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-forcenew-drift",
    severity: Severity::Error,
    title: "a small edit would replace the droplet",
    why: "The provider replaces a droplet when one of these attributes changes: another address, an empty disk. They mean nothing once NixOS runs, yet a further SSH key or a stock image that is retired is enough.",
    fix: "List them in `ignore_changes` of the droplet, beside `prevent_destroy = true`.",
    evidence: "the DigitalOcean provider 2.99.1: resource_droplet.go",
};

/// What only the stock image reads.
const MEANINGLESS: [&str; 5] = [
    "image",
    "ssh_keys",
    "user_data",
    "monitoring",
    "droplet_agent",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let droplets = facts.droplets();
    droplets
        .iter()
        .filter_map(|it| replaced(facts, it))
        .collect()
}

fn replaced(facts: &Facts<'_>, droplet: &Droplet<'_>) -> Option<Finding> {
    let resource = droplet.resource;
    let ignored = |name: &&&str| resource.ignores(name).is(&true);
    if resource.ignores("image").is_unknown() {
        return None;
    }
    let kept = MEANINGLESS.iter().filter(|name| !ignored(name));
    let missing: Vec<&str> = kept
        .filter(|name| droplet.body().attribute(name).is_some())
        .copied()
        .collect();
    let first = droplet.body().attribute(missing.first()?)?;
    let names = missing.join("`, `");
    let message = format!(
        "a change of `{names}` would replace `{}`",
        resource.address()
    );
    let wanted: Vec<&str> = MEANINGLESS
        .iter()
        .copied()
        .filter(|name| missing.contains(name) || resource.ignores(name).is(&true))
        .collect();
    let list = format!("[{}]", wanted.join(", "));
    let lifecycle = droplet.body().block("lifecycle");
    // Names that this rule does not know must not get lost.
    let foreign = lifecycle
        .and_then(|block| block.body.attribute("ignore_changes"))
        .is_some_and(|it| {
            it.mentions
                .iter()
                .any(|name| !wanted.contains(&name.as_str()))
        });
    let patch = lifecycle
        .filter(|_| !foreign)
        .and_then(|block| facts.setting(block, "ignore_changes", &list));
    let help = format!("write `ignore_changes = {list}` in the `lifecycle` block of the droplet");
    let mut finding = facts
        .finding(&RULE, Some(&resource.block.header), message, help)
        .labelled("its disk would be lost")
        .related(first.name.location(), "a change here")
        .patched_if(patch);
    // With that the plan stops; it is a nuisance instead of a loss.
    if !is_unprotected(resource) {
        finding.severity = Severity::Advice;
    }
    Some(finding)
}
