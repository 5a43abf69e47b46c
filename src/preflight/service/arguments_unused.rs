//! `svc-arguments-unused`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::{Part, Symbol, Value};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::reading::Read;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ pkgs, ... }:
let start = pkgs.writeShellScript "start" "set -eu"; in
{
  systemd.services.app.serviceConfig.ExecStart = "${start} ${pkgs.devenv}/bin/devenv up";
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
let start = pkgs.writeShellScript "start" "exec \"$@\""; in
{
  systemd.services.app.serviceConfig.ExecStart = "${start} ${pkgs.devenv}/bin/devenv up";
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, start, ... }:
{
  systemd.services.app.serviceConfig.ExecStart = "${start} ${pkgs.devenv}/bin/devenv up";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-arguments-unused",
    severity: Severity::Error,
    title: "a script that does nothing with what it is given",
    why: "A unit that starts a script with a command behind it counts on the script to run that command. One that never says `$@` ends without it, and the application never runs.",
    fix: "End the script with `exec \"$@\"`.",
    evidence: "bash(1)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let own = facts.units().iter().filter(|it| it.is_own);
    let found = own.filter_map(|unit| {
        let start = unit.service("ExecStart").value();
        let (Read::Known(Value::Text(text), place), true) = (&start, unit.complete) else {
            return None;
        };
        let [Part::Symbol(script), Part::Literal(space), .., last] = text.parts.as_slice() else {
            return None;
        };
        let is_given = space.starts_with(' ')
            && match last {
                Part::Literal(text) => !text.trim().is_empty(),
                _ => true,
            };
        let text = text_of(facts, script).filter(|_| is_given)?;
        let uses = [
            "$@", "$*", "$#", "${@", "${*", "$1", "${1", "shift", "getopts",
        ];
        if uses.iter().any(|it| text.contains(it)) {
            return None;
        }
        let message = format!(
            "the script of `{}` does nothing with the command that it is given",
            unit.title()
        );
        let help = "end the script with `exec \"$@\"`";
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(finding.labelled("never runs"))
    });
    found.collect()
}

/// The text of a script that the project writes itself.
fn text_of(facts: &Facts<'_>, script: &Symbol) -> Option<String> {
    let function = script.name.rsplit('.').next()?;
    let [_, text] = script.arguments.as_slice() else {
        return None;
    };
    let is_shell = ["writeShellScript", "writeShellScriptBin"].contains(&function);
    match facts.evaluator().force(text) {
        Value::Text(text) if is_shell => text.with_symbols(),
        _ => None,
    }
}
