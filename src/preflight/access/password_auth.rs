use super::has_more_settings;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::preflight::host::{is_on, on_droplets, switch};
#[cfg(test)]
use crate::preflight::testing::Examples;
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
-- configuration.nix --
{ services.openssh.enable = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.openssh = { enable = true; settings.PasswordAuthentication = false; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ask, ... }: { services.openssh = { enable = true; settings.PasswordAuthentication = ask; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-password-auth-on",
    severity: Severity::Warning,
    title: "sshd takes passwords",
    why: "NixOS lets sshd ask for passwords unless it is told not to, and a public address is tried within minutes.",
    fix: "Write `services.openssh.settings.PasswordAuthentication = false;`.",
    evidence: "srvos: nixos/common/openssh.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let option = "services.openssh.settings.PasswordAuthentication";
        // Without it PAM refuses passwords over the other way too.
        let methods = system.at("services.openssh.settings.AuthenticationMethods");
        let others = has_more_settings(system) || methods.is_defined() != Some(false);
        if !is_on(system, "services.openssh.enable") || !is_on(system, option) || others {
            return None;
        }
        let neighbours = ["services.openssh.settings", "services.openssh"];
        let message = "sshd takes passwords";
        Some(switch(
            facts,
            &RULE,
            system,
            option,
            "false",
            &neighbours,
            message,
        ))
    })
}
