use crate::facts::{Facts, Installer};
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{beside, installers_of, is_on, on_droplets, replacing, report, texts};
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
{ services.cloud-init = { enable = true; network.enable = true; settings = { cloud_init_modules = [ "ssh" ]; cloud_config_modules = [ ]; }; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.cloud-init = { enable = true; network.enable = true; settings = { ssh_deletekeys = false; cloud_init_modules = [ "ssh" ]; cloud_config_modules = [ ]; }; }; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ modules, ... }: { services.cloud-init = { enable = true; network.enable = true; settings = { cloud_init_modules = modules; cloud_config_modules = [ ]; }; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "net-cloud-init-wipes-host-keys",
    severity: Severity::Warning,
    title: "cloud-init deletes the host keys at the first boot",
    why: "Its module `ssh` removes `/etc/ssh/ssh_host_*` on a new instance and makes others. Keys that were copied are lost, pinned ones no longer fit, and secrets that are encrypted for them stay locked.",
    fix: "Add `ssh_deletekeys = false;` and leave the module out.",
    evidence: "srvos: nixos/mixins/cloud-init.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        let settings = system.at("services.cloud-init.settings");
        let deletes = settings.at("ssh_deletekeys");
        let deletion = deletes.boolean();
        if !is_on(system, "services.cloud-init.enable")
            || !(deletion.is_absent() || deletion.is(&true))
            || !runs_ssh(system)?
        {
            return None;
        }
        let place = deletion.place().cloned();
        let place = place.or_else(|| {
            beside(
                system,
                &["services.cloud-init.settings", "services.cloud-init"],
            )
        });
        let message = "cloud-init replaces the host keys at the first boot";
        let help = "add `services.cloud-init.settings.ssh_deletekeys = false;`";
        let mut finding = report(facts, &RULE, system, place.as_ref(), message, help);
        if relies_on_host_keys(facts, system) {
            finding.severity = Severity::Error;
        }
        Some(replacing(facts, finding, deletion.place(), "false"))
    })
}

/// Whether the module `ssh` runs: it is among those that run when nobody lists any.
fn runs_ssh(system: &System) -> Option<bool> {
    let lists = [
        "cloud_init_modules",
        "cloud_config_modules",
        "cloud_final_modules",
    ];
    let mut runs = false;
    for list in lists {
        let option = system.at("services.cloud-init.settings").at(list);
        if option.is_defined()? {
            runs |= texts(&option)?.iter().any(|module| module == "ssh");
        } else {
            runs |= list == "cloud_init_modules";
        }
    }
    Some(runs)
}

/// Whether something was made for the host keys that are there before.
fn relies_on_host_keys(facts: &Facts<'_>, system: &System) -> bool {
    let copies = |it: &Installer<'_>| it.body().boolean("copy_host_keys").is(&true);
    installers_of(facts, system).iter().any(copies)
        || !system.at("age.secrets").names().names.is_empty()
        || !system.at("sops.age.sshKeyPaths").list().items.is_empty()
}
