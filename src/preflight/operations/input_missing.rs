use std::collections::BTreeSet;

use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::flake::UsedInputs;
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::reading::Place;
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
  outputs = inputs@{ nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ inputs.disko.nixosModules.disko ];
    };
  };
}
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko";
  outputs = inputs@{ self, nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ inputs.disko.nixosModules.disko { x = inputs.self.y; z = inputs.other or null; } ];
    };
  };
}
"#,
        undecidable: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ (inputs: { x = inputs.disko; }) ];
    };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "flake-input-missing",
    severity: Severity::Error,
    title: "an input is used that the flake does not have",
    why: "`outputs` is called with the inputs that flake.nix declares. Any other name ends the evaluation, before anything is built.",
    fix: "Declare the input with its `url`.",
    evidence: "nix flake: the attribute inputs",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(flake) = facts.flake().filter(|_| facts.deploys()) else {
        return Vec::new();
    };
    let mut known: BTreeSet<String> = flake.inputs.keys().map(ToString::to_string).collect();
    known.insert("self".to_owned());
    let mut findings = Vec::new();
    let files = facts.files.iter();
    let mut files: Vec<_> = files
        // Most files have nothing to do with inputs, and need not be parsed.
        .filter(|(path, text)| *path == "flake.nix" || text.contains("inputs"))
        .filter(|(path, _)| is_of_the_flake(facts, path))
        .collect();
    // The flake's own arguments are inputs as well, so it comes first.
    files.sort_by_key(|(path, _)| *path != "flake.nix");
    for (path, _) in files {
        let tree = facts.evaluator().tree(path);
        let Some(used) = tree.and_then(|tree| UsedInputs::read(&tree, path == "flake.nix")) else {
            continue;
        };
        known.extend(used.arguments);
        for (name, range) in used.names {
            if known.contains(&name) {
                continue;
            }
            let message = format!("`inputs.{name}` is used, and flake.nix has no input `{name}`");
            let help = format!("add `{name}.url = \"…\";` to the inputs of flake.nix");
            let place = Place::new(&path.as_str().into(), range);
            let finding = facts.finding(&RULE, Some(&place), message, help);
            findings.push(finding.labelled("no such input"));
        }
    }
    findings
}

/// Whether `inputs` in a file are those of the project's flake: devenv has its own, and so has a
/// flake further in.
fn is_of_the_flake(facts: &Facts<'_>, path: &str) -> bool {
    if path == "flake.nix" {
        return true;
    }
    let is_devenv = path.contains("devenv")
        || facts
            .shell()
            .is_some_and(|shell| shell.base.files.iter().any(|file| &**file == path));
    let mut flakes = facts
        .files
        .keys()
        .filter_map(|it| it.strip_suffix("/flake.nix"));
    path.strip_suffix(".nix").is_some() && !is_devenv && !flakes.any(|it| path.starts_with(it))
}
