use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{beside, is_on, on_droplets, report, text_of, texts};
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
{ services.cloud-init = { enable = true; network.enable = true; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.cloud-init = { enable = true; network.enable = true; settings = { cloud_init_modules = [ "seed_random" ]; cloud_config_modules = [ ]; }; }; }
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
    id: "net-cloud-init-default-modules",
    severity: Severity::Warning,
    title: "cloud-init edits files that NixOS owns",
    why: "Its usual modules make users, mounts, host keys and resolv.conf. On NixOS they fail or undo what the configuration says.",
    fix: "List the modules that you need; for the network alone none are.",
    evidence: "nixos-anywhere-examples: digitalocean.nix; nixpkgs: cloud-init.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        if !is_on(system, "services.cloud-init.enable") {
            return None;
        }
        let lists = ["cloud_init_modules", "cloud_config_modules"];
        lists.iter().find_map(|list| judge(facts, system, list))
    })
}

/// Modules that change what the NixOS configuration decides.
const HARMFUL: [&str; 8] = [
    "ssh",
    "users-groups",
    "users_groups",
    "update_etc_hosts",
    "locale",
    "mounts",
    "resolv_conf",
    "rsyslog",
];

fn judge(facts: &Facts<'_>, system: &System, list: &str) -> Option<Finding> {
    let option = system.at("services.cloud-init.settings").at(list);
    if option.is_defined()? {
        let modules = texts(&option)?;
        let harmful = modules.iter().find(|it| HARMFUL.contains(&it.as_str()))?;
        let place = option
            .list()
            .items
            .into_iter()
            .find_map(|it| (text_of(&it).as_ref() == Some(harmful)).then_some(it.place));
        let place = place.flatten().or_else(|| option.place());
        let message = format!("cloud-init's module `{harmful}` changes what NixOS decides");
        let help = format!("remove `\"{harmful}\"` from `{list}`");
        return Some(report(facts, &RULE, system, place.as_ref(), message, help));
    }
    let place = beside(
        system,
        &["services.cloud-init.settings", "services.cloud-init"],
    );
    let message = format!("cloud-init runs every module of its default `{list}`");
    let help = format!("add `services.cloud-init.settings.{list} = [ ];`");
    Some(report(facts, &RULE, system, place.as_ref(), message, help))
}
