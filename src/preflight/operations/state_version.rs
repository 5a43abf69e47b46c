//! A state version that no machine can have been installed with.

use super::pinned_release;
use crate::deployment::NixosRelease;
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
        bad: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { system.stateVersion = "26.11"; } ];
    };
  };
}
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { system.stateVersion = "24.11"; } ];
    };
  };
}
"#,
        undecidable: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { system.stateVersion = "26.11"; } ];
    };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-state-version",
    severity: Severity::Warning,
    title: "system.stateVersion is newer than the release, or nowhere",
    why: "The state version says which formats the data of databases and services on this machine \
          have. One that runs ahead of the release asks for formats that are not there yet, and one \
          that is missing changes with every upgrade.",
    fix: "Write the release that the machine was installed with, and never change it.",
    evidence: "nixpkgs: nixos/modules/misc/version.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let droplets = facts.droplet_systems();
    for system in facts.systems() {
        let option = system.at("system.stateVersion");
        if option.is_defined() == Some(false) {
            // An image or a machine that only tries something out may do without.
            if system.files.is_empty() || !droplets.iter().any(|it| std::ptr::eq(*it, system)) {
                continue;
            }
            let message = "`system.stateVersion` is set nowhere, so it changes with the release";
            let help = "set `system.stateVersion` to the release of the first installation";
            findings.push(facts.finding(&RULE, Some(&system.place), message, help));
            continue;
        }
        let read = option.string();
        let (Some(text), Some(place)) = (read.value(), read.place()) else {
            continue;
        };
        let Ok(version) = NixosRelease::try_from(text.as_str()) else {
            continue;
        };
        let Some((release, pinned)) = pinned_release(facts) else {
            continue;
        };
        if version.year_month() <= release.year_month() {
            continue;
        }
        let message = format!("`system.stateVersion` is {version}, but nixpkgs is {release}");
        let help = format!(
            "write `{release}` before the first installation; on an installed machine the release \
             that it was installed with"
        );
        let mut finding = facts
            .finding(&RULE, Some(place), message, help)
            .related(pinned, "the release is chosen here");
        if let Some(key) = facts.decided_by(&["server", "state_version"], Some(place)) {
            finding.location = Some(key);
        }
        findings.push(finding);
    }
    findings
}
