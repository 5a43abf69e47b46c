//! `option-wrong-type`

#[cfg(test)]
use crate::preflight::testing::Examples;

use crate::facts::{Disagreement, Facts, Fault};
use crate::finding::{Finding, Patch, Severity};
use crate::options::{Kind, Literal};
use crate::preflight::Check;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: EXAMPLES,
};

static RULE: Rule = Rule {
    id: "option-wrong-type",
    severity: Severity::Error,
    title: "a value that the option does not take",
    why: "NixOS checks the type of every value that an option is set to, and builds nothing when one does not fit.",
    fix: "Write a value of the type that the message names.",
    evidence: super::EVIDENCE,
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let wrong = |it: &Disagreement| match &it.with {
        Fault::Type { expected, found } => Some(judged(facts, it, expected, found)),
        _ => None,
    };
    facts.disagreements().iter().filter_map(wrong).collect()
}

fn judged(facts: &Facts<'_>, it: &Disagreement, expected: &Kind, found: &Literal) -> Finding {
    let name = it.name();
    let written = facts
        .files
        .get(&*it.value.file)
        .and_then(|text| text.get(it.value.range()))
        .filter(|text| !text.contains('\n') && text.len() <= 40);
    let noun = found.noun().unwrap_or("something else");
    let shown = match written {
        Some(text) => format!("{noun} (`{text}`)"),
        None => noun.to_owned(),
    };
    let message = format!("`{name}` takes {expected} and is set to {shown}");
    let meant = written.and_then(|text| meant(expected, found, text));
    let help = match &meant {
        Some(meant) => format!("write `{meant}`"),
        None => format!("set `{name}` to {expected}"),
    };
    let finding = super::finding(facts, &RULE, it, &message, help).labelled("of the wrong type");
    match meant {
        Some(replacement) => finding.patched(Patch {
            file: it.value.file.to_string(),
            range: it.value.range(),
            replacement,
        }),
        None => finding,
    }
}

/// The same value in the form that the option takes, where only one can be meant.
fn meant(expected: &Kind, found: &Literal, written: &str) -> Option<String> {
    if let Literal::Text(text) = found {
        let plain = match text.as_str() {
            "true" => Literal::Bool(true),
            "false" => Literal::Bool(false),
            number => Literal::Int(number.parse().ok()?),
        };
        if expected.accepts(&plain) == Some(true) {
            return Some(text.clone());
        }
    }
    // A number or a word in quotes on its own: anything else may need parentheses in a list.
    let is_plain = matches!(found, Literal::Int(_) | Literal::Text(_));
    let listed = Literal::List(vec![found.clone()]);
    (is_plain && expected.accepts(&listed) == Some(true) && is_one_token(written))
        .then(|| format!("[ {written} ]"))
}

fn is_one_token(written: &str) -> bool {
    let inner = written
        .strip_prefix('"')
        .and_then(|it| it.strip_suffix('"'));
    match inner {
        Some(inner) => !inner.contains(['"', '$']),
        None => written.bytes().all(|byte| byte.is_ascii_digit()),
    }
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
  services.openssh.enable = "true";
  networking.firewall.allowedTCPPorts = 22;
  services.openssh.ports = [ "22" ];
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
{ lib, pkgs, ... }:
{
  services.openssh.enable = lib.mkDefault true;
  networking.firewall.allowedTCPPorts = lib.mkIf false "22";
  services.openssh.ports = lib.optionals true [ 22 ];
  services.caddy.package = pkgs.caddy;
}
"#,
    undecidable: r"
-- flake.nix --
{
  outputs = { nixpkgs, values, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      modules = [ { services.openssh.enable = values.ssh; } ];
    };
  };
}
",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::findings;

    #[test]
    fn the_edit_is_made_where_one_form_can_be_meant() {
        let findings = findings(&CHECK, EXAMPLES.bad);
        let edits: Vec<_> = findings
            .iter()
            .map(|it| it.patch.as_ref().map(|patch| patch.replacement.clone()))
            .collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(edits, [some("[ 22 ]"), some("true"), None]);
    }
}
