//! `svc-command-not-found`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::programs;
use crate::facts::{Facts, Step, Unit};
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
  systemd.services.ping = { startAt = "minutely"; script = "curl -f http://127.0.0.1:3000"; };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.ping = {
    startAt = "minutely";
    path = [ pkgs.curl ];
    script = "curl -f http://127.0.0.1:3000; ${pkgs.git}/bin/git status; grep x /etc/passwd";
  };
  systemd.services.pong = {
    startAt = "minutely";
    serviceConfig.ExecStart = "${
      pkgs.writeShellApplication {
        name = "pong";
        runtimeInputs = [ pkgs.curl ];
        text = "curl -f http://127.0.0.1:3000";
      }
    }/bin/pong";
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ tools, ... }:
{
  systemd.services.ping = { startAt = "minutely"; path = tools; script = "curl -f http://127.0.0.1:3000"; };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-command-not-found",
    severity: Severity::Error,
    title: "a unit calls a program that is not in its PATH",
    why: "A unit of NixOS finds coreutils, findutils, grep, sed and systemd, whatever is installed for people who log in. Its script ends with status 127.",
    fix: "Add the package to the `path` of the unit.",
    evidence: "NixOS: the option systemd.services.<name>.path",
};

/// Programs that are in no unit's PATH by themselves, with the words in the names of packages
/// that bring them.
const PROGRAMS: [(&str, &[&str]); 13] = [
    ("curl", &["curl"]),
    ("docker", &["docker"]),
    ("gawk", &["gawk"]),
    ("git", &["git"]),
    ("jq", &["jq"]),
    ("node", &["nodejs", "node"]),
    ("npm", &["nodejs"]),
    ("podman", &["podman"]),
    ("python3", &["python"]),
    ("rsync", &["rsync"]),
    ("ssh", &["openssh"]),
    ("ssh-keygen", &["openssh"]),
    ("wget", &["wget"]),
];

/// Programs that give what they run a PATH of its own.
const SHELLS: [&str; 9] = [
    "devenv",
    "direnv",
    "env",
    "eval",
    "nix",
    "nix-shell",
    "source",
    ".",
    "su",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let unfound = |unit: &Unit| {
        let path = programs::names(&unit.view.at("path").list())?;
        let runs = |step: &Step| {
            let command = &step.command;
            let sets = command.arguments().iter().chain(command.assignments());
            let is_shell = match command.program() {
                Some(program) => SHELLS.contains(&program),
                None => !command.arguments().is_empty(),
            };
            is_shell || sets.into_iter().any(|word| word.text.starts_with("PATH="))
        };
        let has_own_path = unit.view.at("environment.PATH").is_defined() != Some(false)
            || unit.service("Environment").is_defined() != Some(false)
            || unit.service("EnvironmentFile").is_defined() != Some(false)
            || unit.service("ExecSearchPath").is_defined() != Some(false);
        if has_own_path || unit.brings_programs || unit.steps.iter().any(runs) {
            return None;
        }
        let missing = unit.steps.iter().find_map(|step| {
            let program = step.command.program().filter(|_| step.command.is_bare())?;
            let (program, packages) = PROGRAMS.iter().find(|(name, _)| *name == program)?;
            let is_there = path
                .iter()
                .any(|name| packages.iter().any(|it| name.contains(it)));
            (!is_there).then_some((step, program, packages.first()?))
        });
        let (step, program, package) = missing?;
        let message = format!(
            "`{}` calls `{program}`, which is not in its PATH",
            unit.title()
        );
        let help = format!("add `pkgs.{package}` to its `path`");
        let finding = facts.finding(&RULE, step.place.as_ref(), message, help);
        Some(finding.labelled("not found"))
    };
    let own = facts.units().iter().filter(|it| it.is_own);
    own.filter_map(unfound).collect()
}
