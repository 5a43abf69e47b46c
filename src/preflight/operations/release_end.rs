//! A release that gets no fixes any more.

use super::{inputs, nixpkgs};
use crate::catalog::{NEWEST_RELEASE, is_past_its_end, releases_as_of, supported_until};
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
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { } ]; };
  };
}
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { } ]; };
  };
}
"#,
        undecidable: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.unstable.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = inputs: {
    nixosConfigurations.web = inputs.unstable.lib.nixosSystem { modules = [ { } ]; };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-release-eol",
    severity: Severity::Warning,
    title: "the NixOS release gets no fixes any more",
    why: "A release is supported for seven months. After that no hole is mended, not even one in sshd, \
          and nothing says so.",
    fix: "Follow the next release: change the branch, run `nix flake update nixpkgs`, read its \
          release notes, and leave `system.stateVersion` as it is.",
    evidence: "NixOS's release schedule",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let inputs = inputs(facts);
    let Some(input) = nixpkgs(&inputs) else {
        return Vec::new();
    };
    let Some(release) = input.reference.release().filter(is_past_its_end) else {
        return Vec::new();
    };
    if !facts.deploys() {
        return Vec::new();
    }
    let (year, month) = supported_until(&release);
    let message = format!(
        "NixOS {release} gets no fixes since {year}-{month:02}, as of {}",
        releases_as_of()
    );
    let help = format!(
        "change `{release}` to `{NEWEST_RELEASE}` here and run `nix flake update {}`",
        input.name
    );
    vec![facts.finding_at(&RULE, input.location.clone(), message, help)]
}
