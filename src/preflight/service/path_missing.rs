//! `svc-path-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    path = [ pkgs.openssh ];
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    path = [ pkgs.git pkgs.nix ];
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, tools, ... }:
{
  systemd.services.app = {
    path = tools;
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-path-missing",
    severity: Severity::Warning,
    title: "the unit has no git or nix to call",
    why: "The PATH of a unit holds little more than coreutils. devenv calls git to find the root of the project and to fetch inputs, and nix to build the environment.",
    fix: "Add `pkgs.git`, `pkgs.nix`, `pkgs.openssh` and `pkgs.bash` to the `path` of the unit.",
    evidence: "NixOS' default PATH of units; devenv's calls of git and nix",
};

/// What devenv calls, by the packages that have it.
const NEEDED: [(&str, &[&str]); 4] = [
    ("git", &["git", "gitMinimal", "gitFull"]),
    ("nix", &["nix", "lix"]),
    ("openssh", &["openssh"]),
    ("bash", &["bash", "bashInteractive", "bashNonInteractive"]),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let without = |(unit, step): (&Unit, &Step)| {
        let path = unit.view.at("path").list();
        let packages: Option<Vec<String>> =
            path.items.iter().map(|it| package(&it.value)).collect();
        let packages = packages.filter(|_| path.complete && unit.complete)?;
        let has_own_path = unit.brings_programs
            || unit.view.at("environment.PATH").is_defined() != Some(false)
            || unit.service("Environment").is_defined() != Some(false)
            || unit.steps.iter().any(sets_path);
        let missing: Vec<&str> = NEEDED
            .iter()
            .filter(|(_, names)| !packages.iter().any(|it| names.contains(&it.as_str())))
            .map(|(name, _)| *name)
            .collect();
        // Without the other two only some projects fail.
        let fails = missing.contains(&"git") || missing.contains(&"nix");
        if has_own_path || !fails {
            return None;
        }
        let listed = missing.join("`, `");
        let message = format!(
            "`{}` runs devenv without `{listed}` in its PATH",
            unit.title()
        );
        let added: Vec<String> = missing.iter().map(|name| format!("pkgs.{name}")).collect();
        let help = format!("add `{}` to the `path` of the unit", added.join(" "));
        let place = unit.view.at("path").place().or(step.place.clone());
        Some(
            facts
                .finding(&RULE, place.as_ref(), message, help)
                .labelled("too little in PATH"),
        )
    };
    facts.devenv_units().filter_map(without).collect()
}

fn package(value: &Value) -> Option<String> {
    match value {
        Value::Symbol(symbol) => Some(symbol.name.rsplit('.').next()?.to_owned()),
        _ => None,
    }
}

/// A login shell and an assignment bring a PATH of their own.
fn sets_path(step: &Step) -> bool {
    let command = &step.command;
    let is_login = matches!(command.program(), Some("bash" | "sh" | "zsh"))
        && command.flag(&["-l", "--login"]).is_some();
    let words = command.arguments().iter().chain(command.assignments());
    is_login || words.into_iter().any(|word| word.text.starts_with("PATH="))
}
