//! A devenv that is too old for the project.

use crate::devenv::RequiredVersion;
use crate::facts::Facts;
use crate::finding::{Finding, Location, Severity};
use crate::flake::Reference;
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
  inputs.devenv.url = "github:cachix/devenv/v1.8.2";
  outputs = { nixpkgs, devenv, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { environment.systemPackages = [ devenv.packages.x86_64-linux.default ]; } ];
    };
  };
}
-- devenv.yaml --
require_version: ">=2.2"
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.devenv.url = "github:cachix/devenv/v2.2.2";
  outputs = { nixpkgs, devenv, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { environment.systemPackages = [ devenv.packages.x86_64-linux.default ]; } ];
    };
  };
}
-- devenv.yaml --
require_version: ">=2.2"
"#,
        undecidable: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.devenv.url = "github:cachix/devenv";
  outputs = { nixpkgs, devenv, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { environment.systemPackages = [ devenv.packages.x86_64-linux.default ]; } ];
    };
  };
}
-- devenv.yaml --
require_version: ">=2.2"
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-version-skew",
    severity: Severity::Warning,
    title: "the devenv on the server is not the one that the project asks for",
    why: "devenv compares its own version with `require_version` before it does anything else, and \
          stops: the unit restarts for ever. An older devenv also lacks the manager, the strict \
          ports and the profiles that the project is written for.",
    fix: "Take devenv from its own flake at a version that fits, or change `require_version`.",
    evidence: "devenv's changelog: `require_version` since 2.1",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let required = match facts.devenv_yaml() {
        Some(yaml) => yaml.require_version(),
        None => return Vec::new(),
    };
    let (Some(RequiredVersion::Constraint(constraint)), Some(place)) =
        (required.value(), required.place())
    else {
        return Vec::new();
    };
    let Some((version, location)) = pinned(facts) else {
        return Vec::new();
    };
    if fits(&version, constraint) != Some(false) || !facts.deploys() {
        return Vec::new();
    }
    let message =
        format!("devenv.yaml asks for devenv {constraint}, but the flake takes {version}");
    let help = "pin the input `devenv` to a version that fits";
    let finding = facts.finding_at(&RULE, location, message, help);
    vec![finding.related(place.location(), "asked for here")]
}

/// The version of the devenv that the flake installs, where its input names one.
fn pinned(facts: &Facts<'_>) -> Option<(String, Location)> {
    let input = facts.flake()?.inputs.get("devenv")?;
    let (url, place) = input.url.as_ref()?;
    let reference = Reference::parse(url);
    let is_devenv = reference.repo.as_deref() == Some("devenv");
    // The modules alone, for a flake's own shell, say nothing about the program.
    let installs = facts
        .files
        .values()
        .any(|text| text.contains("devenv.packages"));
    let generated = facts.manifest.is_some();
    let version = reference.reference?.strip_prefix('v')?.to_owned();
    (is_devenv && (installs || generated)).then(|| (version, place.location()))
}

/// Whether a version fits a constraint such as `>=2.0.0, <3`; `None` when that cannot be told.
fn fits(version: &str, constraint: &str) -> Option<bool> {
    let version = numbers(version)?;
    let mut all = true;
    for part in constraint.split(',') {
        let part = part.trim();
        let digits = part.find(|c: char| c.is_ascii_digit())?;
        let (operator, wanted) = part.split_at(digits);
        let wanted = numbers(wanted)?;
        // Only as many numbers count as the constraint has: `<=2.2` takes every 2.2.
        let ours = version.get(..wanted.len())?;
        all &= match operator.trim() {
            ">=" => ours >= &wanted[..],
            "<=" => ours <= &wanted[..],
            ">" => ours > &wanted[..],
            "<" => ours < &wanted[..],
            "=" | "==" | "" => ours == &wanted[..],
            _ => return None,
        };
    }
    Some(all)
}

/// `2.2.2` as its numbers; at most three.
fn numbers(version: &str) -> Option<Vec<u32>> {
    let numbers: Result<Vec<u32>, _> = version.trim().split('.').map(str::parse).collect();
    numbers.ok().filter(|numbers| numbers.len() <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_compared_number_by_number() {
        for (constraint, expected) in [
            (">=2.2", Some(true)),
            (">=2.10", Some(false)),
            ("<=2.2", Some(true)),
            (">2.2", Some(false)),
            ("2.2.2", Some(true)),
            ("=2.2.1", Some(false)),
            (">=2, <3", Some(true)),
            (">=2, <2.2", Some(false)),
            ("~2.2", None),
            ("main", None),
            ("2.2.2.2", None),
        ] {
            assert_eq!(fits("2.2.2", constraint), expected, "{constraint}");
        }
        assert_eq!(fits("2.2.2-rc1", ">=2"), None);
    }
}
