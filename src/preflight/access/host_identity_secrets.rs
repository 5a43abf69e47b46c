use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{installers_of, on_droplets, report, texts, undefined};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ sops.defaultSopsFile = ./secrets.yaml; sops.secrets.token = { }; sops.age.sshKeyPaths = [ "/etc/ssh/ssh_host_ed25519_key" ]; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ sops.defaultSopsFile = ./secrets.yaml; sops.secrets.token = { }; sops.age.keyFile = "/var/lib/key"; sops.age.sshKeyPaths = [ ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
}
-- configuration.nix --
{ paths, ... }: { sops.secrets.token = { }; sops.age.sshKeyPaths = paths; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-host-identity-secrets",
    severity: Severity::Error,
    title: "secrets are encrypted for a host key that does not exist yet",
    why: "The first boot makes a new host key, which decrypts nothing that was encrypted before. Passwords and tokens are missing, and the services that need them fail.",
    fix: "Make the host key beforehand and send it with `extra_files_script`.",
    evidence: "nixos-anywhere: docs/howtos/secrets.md",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let installers = installers_of(facts, system);
        let mut installing = installers.iter().filter(|it| it.installs());
        let installer = installing.next().filter(|_| installing.next().is_none())?;
        let is_without = |argument| {
            let sends = installer.body().read(argument);
            sends.is_absent() || installer.body().boolean(argument).is(&false)
        };
        if !is_without("extra_files_script") || !is_without("copy_host_keys") {
            return None;
        }
        let (tool, place) = needs_host_key(system)?;
        let message = format!("{tool} decrypts with the host key, which nothing puts on the disk");
        let help = "make the key with `ssh-keygen` and send it with `extra_files_script`";
        let finding = report(facts, &RULE, system, Some(&place), message, help);
        let header = installer.call.block.header.location();
        Some(finding.related(header, "installs without extra files"))
    })
}

/// What decrypts its secrets with `/etc/ssh/ssh_host_*`, and where it says so.
fn needs_host_key(system: &System) -> Option<(&'static str, Place)> {
    let is_host_key = |path: &String| path.starts_with("/etc/ssh/ssh_host_");
    let tools = [
        (
            "sops-nix",
            "sops.secrets",
            "sops.age.sshKeyPaths",
            "sops.age.keyFile",
        ),
        ("agenix", "age.secrets", "age.identityPaths", "age.keyFile"),
    ];
    tools.into_iter().find_map(|(tool, secrets, paths, file)| {
        let paths = system.at(paths);
        let keys = texts(&paths)?;
        let has_secrets = !system.at(secrets).names().names.is_empty();
        let is_host_key = !keys.is_empty() && keys.iter().all(is_host_key);
        (has_secrets && is_host_key && undefined(system, &[file]))
            .then(|| paths.place().map(|place| (tool, place)))
            .flatten()
    })
}
