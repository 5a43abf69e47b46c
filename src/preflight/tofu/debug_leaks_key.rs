use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;
use crate::tofu::Body;

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
  debug_logging   = true
  install_ssh_key = tls_private_key.deploy.private_key_openssh
}
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  debug_logging = true
}
"#,
        undecidable: r#"-- main.tf --
variable "it" {}
resource "digitalocean_droplet" "web" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  debug_logging   = true
  install_ssh_key = var.it
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "tofu-debug-leaks-key",
    severity: Severity::Warning,
    title: "debug output that prints the private key",
    why: "With `debug_logging` the script prints all of its input, the key among it, into a log that CI keeps.",
    fix: "Remove the key and let an SSH agent hold it, or switch `debug_logging` off.",
    evidence: "nixos-anywhere: terraform/install/run-nixos-anywhere.sh",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let installers = facts.installers().into_iter();
    installers
        .filter(|it| it.installs() && it.body().boolean("debug_logging").is(&true))
        .filter_map(|installer| {
            let key = ["install_ssh_key", "ssh_private_key"]
                .into_iter()
                .find(|name| is_set(installer.body(), name))?;
            let debug = installer.body().attribute("debug_logging")?;
            let message = format!("`debug_logging` prints `{key}` into the log");
            let help = "remove `debug_logging = true`, or leave the key to an SSH agent";
            let patch = facts.replacement(&debug.place, "false");
            let finding = facts
                .finding_on(&RULE, debug, message, help)
                .patched_if(patch);
            let key = installer.body().attribute(key)?;
            Some(
                finding
                    .labelled("shows every input")
                    .related(key.name.location(), "this key"),
            )
        })
        .collect()
}

/// Whether a key is certainly given: text, or something that a resource made.
fn is_set(body: &Body, name: &str) -> bool {
    let read = body.read(name);
    let value = read.value();
    value.is_some_and(|it| it.reference().is_some() || it.text().is_some_and(|text| text.len() > 1))
}
