//! `option-removed`

#[cfg(test)]
use crate::preflight::testing::Examples;

use crate::facts::{Disagreement, Facts, Fault};
use crate::finding::{Finding, Severity};
use crate::preflight::Check;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: EXAMPLES,
};

static RULE: Rule = Rule {
    id: "option-removed",
    severity: Severity::Error,
    title: "an option that NixOS no longer has",
    why: "The name is still known, but only to stop the build with a message; what it did has to be done another way or needs no setting any more.",
    fix: "Remove the line, after reading in the release notes what took its place.",
    evidence: super::EVIDENCE,
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let gone = |it: &Disagreement| {
        let (message, help) = match it.with {
            Fault::Removed => (
                format!("the option `{}` was removed", it.name()),
                "remove the line; the release notes say what to do instead",
            ),
            Fault::Changed => (
                format!("the option `{}` was replaced by another form", it.name()),
                "write it in the form that the release notes show",
            ),
            _ => return None,
        };
        let mut finding =
            super::finding(facts, &RULE, it, &message, help).labelled("no longer there");
        if it.with == Fault::Changed {
            // NixOS still translates it, and warns.
            finding.severity = finding.severity.min(Severity::Warning);
        }
        Some(finding)
    };
    facts.disagreements().iter().filter_map(gone).collect()
}

#[cfg(test)]
const EXAMPLES: Examples = Examples {
    bad: r#"
-- flake.nix --
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{ boot.bootMount = "/boot"; }
"#,
    good: r#"
-- flake.nix --
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{ fileSystems."/boot".device = "/dev/vda2"; }
"#,
    undecidable: r#"
-- flake.nix --
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{ lib, ... }:
{
  options.boot.bootMount = lib.mkOption { type = lib.types.str; };
  config.boot.bootMount = "/boot";
}
"#,
};
