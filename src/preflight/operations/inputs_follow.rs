//! Inputs that bring a nixpkgs of their own.

use super::{Input, inputs, nixpkgs};
use crate::facts::Facts;
use crate::finding::{Finding, Patch, Severity};
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
  inputs.disko.url = "github:nix-community/disko";
  outputs = { nixpkgs, disko, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ disko.nixosModules.disko ]; };
  };
}
"#,
        good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko";
  inputs.disko.inputs.nixpkgs.follows = "nixpkgs";
  inputs.devenv.url = "github:cachix/devenv";
  outputs = { nixpkgs, disko, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ disko.nixosModules.disko ]; };
  };
}
"#,
        undecidable: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.mine.url = "github:example/modules";
  outputs = { nixpkgs, mine, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ mine.nixosModules.web ]; };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "ops-inputs-follow",
    severity: Severity::Advice,
    title: "an input brings a nixpkgs of its own",
    why: "Each further nixpkgs is fetched and evaluated besides the first, which costs hundreds of \
          megabytes, and what comes from it gets its security fixes only when that input moves.",
    fix: "Let its nixpkgs follow the flake's own: `inputs.NAME.inputs.nixpkgs.follows = \"nixpkgs\";`.",
    evidence: "Nix: the reference of flake inputs",
};

/// Projects that are known to have an input `nixpkgs`, for flakes without a lock.
const WITH_NIXPKGS: [(&str, &str); 9] = [
    ("mic92", "sops-nix"),
    ("nix-community", "disko"),
    ("nix-community", "home-manager"),
    ("nix-community", "nixos-anywhere"),
    ("nix-community", "nixos-generators"),
    ("nix-community", "srvos"),
    ("ryantm", "agenix"),
    ("serokell", "deploy-rs"),
    ("zhaofengli", "colmena"),
];

/// Projects whose binary cache is built with their own nixpkgs: following would compile them.
const WITH_CACHE: [(&str, &str); 1] = [("cachix", "devenv")];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let inputs = inputs(facts);
    let Some(own) = nixpkgs(&inputs) else {
        return Vec::new();
    };
    let alone: Vec<&Input> = inputs
        .iter()
        .filter(|input| input.name != own.name && brings_nixpkgs(facts, input, own))
        .collect();
    if alone.is_empty() || !facts.deploys() {
        return Vec::new();
    }
    alone
        .into_iter()
        .map(|input| {
            let name = &input.name;
            let message = format!("`{name}` brings a nixpkgs of its own beside `{}`", own.name);
            let line = format!("{name}.inputs.nixpkgs.follows = \"{}\";", own.name);
            let help = format!("add `{line}` to the inputs of flake.nix");
            let mut finding = facts.finding_at(&RULE, input.location.clone(), message, help);
            finding.patch = patch(facts, input, &line);
            finding
        })
        .collect()
}

fn brings_nixpkgs(facts: &Facts<'_>, input: &Input, own: &Input) -> bool {
    if is_one_of(&input.reference, &WITH_CACHE) || facts.flake().is_none() {
        return false;
    }
    let written = facts.flake().and_then(|it| it.inputs.get(&*input.name));
    if written.is_some_and(|it| it.follows.contains_key("nixpkgs")) {
        return false;
    }
    let Some(lock) = facts.flake_lock() else {
        return is_one_of(&input.reference, &WITH_NIXPKGS);
    };
    match (
        lock.resolve(&[&input.name, "nixpkgs"]),
        lock.resolve(&[&own.name]),
    ) {
        (Some(theirs), Some(ours)) => theirs != ours,
        _ => false,
    }
}

fn is_one_of(reference: &Reference, list: &[(&str, &str)]) -> bool {
    let (Some(owner), Some(repo)) = (&reference.owner, &reference.repo) else {
        return false;
    };
    let mut known = list.iter();
    known.any(|it| owner.eq_ignore_ascii_case(it.0) && repo.eq_ignore_ascii_case(it.1))
}

/// The line after `NAME.url = "…";`, where that is how the input is written.
fn patch(facts: &Facts<'_>, input: &Input, line: &str) -> Option<Patch> {
    let range = input.location.range.clone()?;
    let text = facts.files.get(&input.location.file)?;
    let start = text.get(..range.start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(start..range.start)?;
    let written = before.trim_start();
    let indent = &before[..before.len() - written.len()];
    let prefix = written.strip_suffix(&format!("{}.url = ", input.name))?;
    let plain = matches!(prefix, "" | "inputs.") && text.get(range.end..)?.starts_with(";\n");
    let end = range.end + 1;
    plain.then(|| Patch {
        file: input.location.file.clone(),
        range: end..end,
        replacement: format!("\n{indent}{prefix}{line}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::{files, findings};

    #[test]
    fn the_edit_ends_the_finding() {
        let mut project = files(CHECK.examples.bad);
        let found = findings(&CHECK, CHECK.examples.bad);
        let patch = found[0].patch.clone().expect("an edit");
        let flake = project.get_mut("flake.nix").expect("a flake");
        flake.replace_range(patch.range, &patch.replacement);
        assert!(flake.contains("\n  inputs.disko.inputs.nixpkgs.follows = \"nixpkgs\";\n"));
        let fixed = format!("-- flake.nix --\n{flake}");
        assert!(findings(&CHECK, &fixed).is_empty());
    }

    #[test]
    fn the_lock_knows_inputs_that_nobody_listed() {
        let lock = r#"{"nodes": {
            "mine": {"inputs": {"nixpkgs": "nixpkgs_2"}},
            "nixpkgs": {"original": {"owner": "NixOS", "repo": "nixpkgs", "type": "github"}},
            "nixpkgs_2": {"original": {"owner": "NixOS", "repo": "nixpkgs", "type": "github"}},
            "root": {"inputs": {"mine": "mine", "nixpkgs": "nixpkgs"}}
        }, "root": "root", "version": 7}"#;
        let project = format!("{}\n-- flake.lock --\n{lock}\n", CHECK.examples.undecidable);
        assert_eq!(findings(&CHECK, &project).len(), 1);
        let same = project.replace("\"nixpkgs\": \"nixpkgs_2\"", "\"nixpkgs\": [\"nixpkgs\"]");
        assert!(findings(&CHECK, &same).is_empty());
    }
}
