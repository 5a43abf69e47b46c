//! `flake-input-without-url`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
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
  inputs.mine.inputs.nixpkgs.follows = "nixpkgs";
  outputs = { nixpkgs, mine, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { } ]; }; };
}
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs = { };
  inputs.mine = { url = "github:me/mine"; inputs.nixpkgs.follows = "nixpkgs"; };
  inputs.other = { type = "github"; owner = "me"; repo = "other"; };
  inputs.same.follows = "mine";
  outputs = { nixpkgs, mine, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { } ]; }; };
}
"#,
        undecidable: r"
-- flake.nix --
{
  inputs = import ./inputs.nix;
  outputs = { nixpkgs, mine, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { } ]; }; };
}
",
    },
};

static RULE: Rule = Rule {
    id: "flake-input-without-url",
    severity: Severity::Error,
    title: "an input that says nothing of where it comes from",
    why: "Nix looks an input without a URL up in the registry of flakes. Few projects are in it, and which version is found depends on the machine that asks.",
    fix: "Give the input its `url`.",
    evidence: "nix registry; nix flake: the attribute inputs",
};

/// The one entry of the registry that people leave to it on purpose.
const REGISTERED: &str = "nixpkgs";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(flake) = facts.flake().filter(|_| facts.deploys()) else {
        return Vec::new();
    };
    let unplaced = flake.inputs.iter();
    let unplaced = unplaced.filter(|(name, input)| !input.is_placed && &***name != REGISTERED);
    unplaced
        .map(|(name, input)| {
            let message = format!("nothing says where the input `{name}` comes from");
            let help = format!("add `{name}.url = \"…\";` to the inputs of flake.nix");
            let finding = facts.finding(&RULE, input.key.as_ref(), message, help);
            finding.labelled("without a URL")
        })
        .collect()
}
