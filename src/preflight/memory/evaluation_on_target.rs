use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::manifest::rules::RAM_EVAL_ON_TARGET;
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{is_off, is_on, on_droplets, report, size};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;

pub(super) static CHECK: Check = Check {
    rule: &crate::manifest::rules::RAM_EVAL_ON_TARGET,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
-- configuration.nix --
{ system.autoUpgrade.enable = true; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-4vcpu-8gb"
}
-- configuration.nix --
{ system.autoUpgrade.enable = true; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
  size  = "s-1vcpu-2gb"
}
-- configuration.nix --
{ upgrade, ... }: { system.autoUpgrade.enable = upgrade; }
"#,
    },
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let small = size(facts).filter(|(size, _)| size.memory_mib < 4096);
    // With a manifest its own check says so.
    let (Some((size, size_place)), None) = (small, facts.manifest) else {
        return Vec::new();
    };
    on_droplets(facts, |system| {
        let (what, place) = evaluates(system)?;
        let swap = system.at("swapDevices").list();
        let none = swap.complete && swap.items.is_empty() && is_off(system, "zramSwap.enable");
        if size.memory_mib >= 2048 && !none {
            return None;
        }
        let message = format!(
            "{what} evaluates Nix on a server with {} MB of memory",
            size.memory_mib
        );
        let help = "choose a size with 4 GB, or add swap and `zramSwap.enable = true;`";
        let mut finding = report(
            facts,
            &RAM_EVAL_ON_TARGET,
            system,
            place.as_ref(),
            message,
            help,
        );
        if size.memory_mib < 2048 && none {
            finding.severity = Severity::Error;
        }
        Some(finding.related(size_place.location(), format!("{} MB", size.memory_mib)))
    })
}

/// What evaluates Nix on the server, if anything certainly does.
fn evaluates(system: &System) -> Option<(&'static str, Option<Place>)> {
    let upgrade = "system.autoUpgrade.enable";
    if is_on(system, upgrade) {
        return Some(("`system.autoUpgrade`", system.at(upgrade).place()));
    }
    let services = system.at("systemd.services").children();
    services.into_iter().find_map(|(_, service)| {
        let start = service.at("serviceConfig.ExecStart");
        let text = start.text().value()?.with_symbols()?;
        text.contains("${pkgs.devenv}")
            .then(|| ("devenv", start.place()))
    })
}
