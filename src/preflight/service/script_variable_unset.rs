//! `svc-script-variable-unset`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Script, Unit};
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{
  systemd.services.app.script = "set -u; echo $revision";
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app = {
    environment.place = "/srv";
    script = ''
      revision=$(git rev-parse HEAD)
      echo $revision $place $http_proxy
      while read -r name value; do echo "$name"; done < list
      for it in a b; do echo $it \$none; done
    '';
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{
  systemd.services.app.script = ". ./settings; echo $revision";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-script-variable-unset",
    severity: Severity::Warning,
    title: "a script reads a variable that nothing sets",
    why: "With `set -u` the script ends there; without it the variable is empty, and what follows works on nothing. Small letters are what people give to variables of their own, so nobody else sets it; `XDG_RUNTIME_DIR` is set for people who log in, and for no unit.",
    fix: "Set the variable before it is read, or correct its name.",
    evidence: "bash(1)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in facts.units().iter().filter(|it| it.is_own) {
        for script in unit.scripts.iter().filter(|it| it.complete) {
            let Some(name) = unset(unit, script) else {
                continue;
            };
            let message = format!(
                "a script of `{}` reads `${name}`, which nothing sets",
                unit.title()
            );
            let help = format!("set `{name}` before, or correct the name");
            let finding = facts.finding(&RULE, script.place.as_ref(), message, help);
            findings.push(finding.labelled("reads a variable that is not there"));
        }
    }
    super::once(findings)
}

fn unset<'s>(unit: &Unit, script: &'s Script) -> Option<&'s str> {
    // What is quoted, sourced or made up on the way is not followed.
    const HIDDEN: [&str; 8] = [
        "<<",
        "awk",
        "eval",
        "mapfile",
        "printf -v",
        "readarray",
        "source ",
        "'$",
    ];
    let text = script.text.as_str();
    let mut commands = text.split(['\n', ';', '&', '|', '(']);
    let sources = commands.any(|it| it.trim_start().starts_with(". "));
    if sources || HIDDEN.iter().any(|it| text.contains(it)) {
        return None;
    }
    names(text)
        .into_iter()
        .find(|name| !name.ends_with("_proxy") && !is_set_by(unit, name) && !is_given(unit, name))
}

/// Set for people who log in, and for no unit.
const SESSION: &str = "XDG_RUNTIME_DIR";

/// Every `$name` in small letters, and the one in capitals that units lack.
fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut parts = text.split('$');
    let mut before = parts.next().unwrap_or_default();
    for part in parts {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = part.find(|c| !is_of_name(c)).unwrap_or(part.len());
        let name = &part[..end];
        let is_small = name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.contains(|c: char| c.is_ascii_uppercase());
        if (is_small || name == SESSION) && !before.ends_with(['\\', '$']) {
            names.push(name);
        }
        before = part;
    }
    names
}

/// Whether a script of the unit sets it: one may call the other.
fn is_set_by(unit: &Unit, name: &str) -> bool {
    unit.scripts.iter().any(|it| is_set(&it.text, name))
}

/// Whether the environment of the unit may hold it; that of its file is written in capitals.
fn is_given(unit: &Unit, name: &str) -> bool {
    let plain = unit.view.at(&["environment", name]).is_defined();
    let others = ["Environment", "PassEnvironment", "PAMName"];
    plain != Some(false)
        || others
            .iter()
            .any(|it| unit.service(it).is_defined() != Some(false))
}

/// Whether the name stands anywhere but behind a `$`: assigned, read, or counted through.
fn is_set(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !is_word(before) && !is_word(after) && !matches!(before, Some('$' | '{' | '-' | '/' | '.'))
    })
}
