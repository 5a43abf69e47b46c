//! `option-wrong-type`

#[cfg(test)]
use crate::preflight::testing::Examples;

use crate::deployment::looks_like_secret_named;
use crate::facts::{Disagreement, Facts, Fault};
use crate::finding::{Finding, Patch, Severity};
use crate::options::{Kind, Literal, is_identifier};
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
        Fault::Type {
            expected,
            found,
            is_item,
        } => Some(judged(facts, it, expected, found, *is_item)),
        _ => None,
    };
    facts.disagreements().iter().filter_map(wrong).collect()
}

fn judged(
    facts: &Facts<'_>,
    it: &Disagreement,
    expected: &Kind,
    found: &Literal,
    is_item: bool,
) -> Finding {
    let name = it.name();
    let last = it.path.last().map_or("", |name| &**name);
    let is_secret = |text: &str| looks_like_secret_named(last, text).is_some();
    let written = facts
        .files
        .get(&*it.value.file)
        .and_then(|text| text.get(it.value.range()))
        .filter(|text| !text.contains('\n'))
        .filter(|_| match found {
            Literal::Text(text) => !is_secret(text),
            other => other.written().is_some(),
        });
    let noun = found.noun().unwrap_or("something else");
    let shown = match written.filter(|text| text.len() <= 40) {
        Some(text) => format!("{noun} (`{text}`)"),
        None => noun.to_owned(),
    };
    let message = if is_item {
        format!("each item of `{name}` is {expected}, and one is {shown}")
    } else {
        format!("`{name}` takes {expected} and is set to {shown}")
    };
    let meant = written.and_then(|text| meant(expected, found, text));
    let help = match (&meant, found) {
        (Some(meant), _) => format!("write `{meant}`"),
        (None, Literal::Text(name)) if *expected == Kind::Package && is_identifier(name) => {
            format!("write `pkgs.{name}`")
        }
        _ if is_item => format!("write {expected}"),
        _ => format!("set `{name}` to {expected}"),
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
    // Anything that is not written on its own may need parentheses, or be needed elsewhere.
    if !is_one_token(written) {
        return None;
    }
    let fits = |value: &Literal| expected.accepts(value) == Some(true);
    let plain = match found {
        Literal::Text(text) => match text.as_str() {
            "true" => Some((Literal::Bool(true), text.clone())),
            "false" => Some((Literal::Bool(false), text.clone())),
            text => text
                .parse()
                .ok()
                .map(|number| (Literal::Int(number), text.to_owned())),
        },
        // A fraction is a version, whose last zero counts.
        Literal::Int(_) | Literal::Float(_) => {
            Some((Literal::text(written), format!("\"{written}\"")))
        }
        _ => None,
    };
    if let Some((_, text)) = plain.filter(|(value, _)| fits(value)) {
        return Some(text);
    }
    let is_plain = matches!(found, Literal::Int(_) | Literal::Text(_));
    let listed = Literal::List(vec![found.clone()]);
    (is_plain && fits(&listed)).then(|| format!("[ {written} ]"))
}

fn is_one_token(written: &str) -> bool {
    let inner = written
        .strip_prefix('"')
        .and_then(|it| it.strip_suffix('"'));
    match inner {
        Some(inner) => !inner.contains(['"', '$']),
        None => written
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.'),
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
        assert_eq!(edits, [some("[ 22 ]"), some("true"), some("22")]);
    }
}
