//! `option-renamed`

#[cfg(test)]
use crate::preflight::testing::Examples;

use crate::facts::{Disagreement, Facts, Fault};
use crate::finding::{Finding, Patch, Severity};
use crate::options::dotted;
use crate::preflight::Check;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: EXAMPLES,
};

static RULE: Rule = Rule {
    id: "option-renamed",
    severity: Severity::Error,
    title: "an option under its former name",
    why: "NixOS still leads the former name to the new one and warns at every build; after some releases it stops to, and the system no longer evaluates.",
    fix: "Write the present name.",
    evidence: super::EVIDENCE,
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let renamed = |it: &Disagreement| match &it.with {
        Fault::Renamed { to } => Some(judged(facts, it, to)),
        _ => None,
    };
    facts.disagreements().iter().filter_map(renamed).collect()
}

fn judged(facts: &Facts<'_>, it: &Disagreement, to: &str) -> Finding {
    let message = format!("the option `{}` is called `{to}`", it.name());
    let mut finding = super::finding(facts, &RULE, it, &message, format!("write `{to}`"))
        .labelled("its former name");
    // It works until the former name is dropped.
    finding.severity = finding.severity.min(Severity::Warning);
    // Another release may not have the new name yet.
    if facts.options_are_of_this_release() {
        finding.patch = patch(facts, it, to);
    }
    finding
}

/// The new name in place of the old, where what differs is written in one piece.
fn patch(facts: &Facts<'_>, it: &Disagreement, to: &str) -> Option<Patch> {
    let old: Vec<&str> = it.path.iter().map(|name| &**name).collect();
    // A name with a dot in it stands in quotes, and is left to the reader.
    let new: Vec<&str> = to.split('.').collect();
    if to.contains('"') {
        return None;
    }
    let common = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let keys: Option<Vec<&Place>> = it.keys.get(common..)?.iter().map(Option::as_ref).collect();
    let keys = keys?;
    let (first, last) = (keys.first()?, keys.last()?);
    let text = facts.files.get(&*first.file)?;
    let in_one_piece = keys.windows(2).all(|pair| {
        pair[0].file == pair[1].file
            && text.get(pair[0].range().end..pair[1].range().start) == Some(".")
    });
    // `inherit` takes no dots.
    let after = text.get(last.range().end..)?.trim_start();
    let names_a_value = after.starts_with(['=', '.']);
    let replacement = new.get(common..).filter(|rest| !rest.is_empty())?;
    (in_one_piece && names_a_value).then(|| Patch {
        file: first.file.to_string(),
        range: first.range().start..last.range().end,
        replacement: dotted(replacement),
    })
}

#[cfg(test)]
const EXAMPLES: Examples = Examples {
    bad: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{
  boot.cleanTmpDir = true;
  services = { openssh = { permitRootLogin = "no"; }; };
}
"#,
    good: r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; };
  };
}
-- web.nix --
{
  boot.tmp.cleanOnBoot = true;
  services = { openssh = { settings.PermitRootLogin = "no"; }; };
}
"#,
    undecidable: r"
-- flake.nix --
{
  outputs = { nixpkgs, settings, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ { boot = settings.boot; } ]; };
  };
}
",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::findings;

    #[test]
    fn only_what_differs_is_replaced() {
        let findings = findings(&CHECK, EXAMPLES.bad);
        let edits: Vec<_> = findings
            .iter()
            .map(|it| it.patch.as_ref().map(|patch| patch.replacement.as_str()))
            .collect();
        assert_eq!(
            edits,
            [Some("tmp.cleanOnBoot"), Some("settings.PermitRootLogin")]
        );
    }
}
