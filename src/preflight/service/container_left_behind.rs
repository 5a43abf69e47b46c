//! `svc-container-left-behind`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::command::Command;
use crate::facts::{Facts, Unit};
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
  systemd.services.app.serviceConfig.ExecStart = "${pkgs.devenv}/bin/devenv up";
}
-- devenv.nix --
{
  processes.db.exec = "exec docker run --rm --name db postgres:17";
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app.serviceConfig = {
    ExecStart = "${pkgs.devenv}/bin/devenv up";
    ExecStopPost = "-${pkgs.docker}/bin/docker rm --force db";
  };
}
-- devenv.nix --
{
  processes.db.exec = "docker rm --force db || true; exec docker run --rm --name db postgres:17";
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app.serviceConfig.ExecStart = "${pkgs.devenv}/bin/devenv up";
}
-- devenv.nix --
{ pkgs, ... }:
{
  processes.db.exec = pkgs.lib.getExe pkgs.database;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-container-left-behind",
    severity: Severity::Warning,
    title: "a container that outlives its process",
    why: "The daemon runs a container, not the client that asked for it. When the client is killed the container goes on, keeps its ports and its name, and the next start ends with \"name is already in use\".",
    fix: "Remove the container by its name before it is run, and in `ExecStopPost` of the unit.",
    evidence: "docker run; systemd.service(5)",
};

/// Where a unit may clean up.
const AFTERWARDS: [&str; 2] = ["preStop", "postStop"];
const AFTERWARDS_OF_SYSTEMD: [&str; 2] = ["ExecStop", "ExecStopPost"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        for (process, view) in shell.at("processes").children() {
            let exec = view.at("exec").value();
            let Some(value) = exec.value() else {
                continue;
            };
            let (commands, is_whole) = facts.commands(value);
            if is_whole && !commands.is_empty() && commands.iter().all(only_removes) {
                let message =
                    format!("the process `{process}` removes its container and runs none");
                let help = "run the container after it, with `exec docker run`";
                let finding = facts.finding(&RULE, exec.place(), message, help);
                findings.push(super::with_unit(finding, step).labelled("runs nothing"));
                continue;
            }
            let Some((engine, name)) = commands.iter().find_map(named) else {
                continue;
            };
            let is_removed = commands
                .iter()
                .any(|it| it.is(&engine, &["rm"]) || it.is(&engine, &["container", "rm"]));
            let (what, help) = if is_whole && !is_removed {
                (
                    "is not removed before it is run again",
                    format!("write `{engine} rm --force {name} || true` before it"),
                )
            } else if leaves(unit) {
                (
                    "is not removed when the unit stops",
                    format!("add `ExecStopPost = \"-… {engine} rm --force {name}\";` to the unit"),
                )
            } else {
                continue;
            };
            let message = format!("the container `{name}` of the process `{process}` {what}");
            let finding = facts.finding(&RULE, exec.place(), message, help);
            findings.push(super::with_unit(finding, step).labelled("outlives its process"));
        }
    }
    findings
}

/// The engine and the name of a container that a command runs.
fn named(command: &Command) -> Option<(String, String)> {
    let engine = command
        .program()
        .filter(|it| ["docker", "podman"].contains(it))?;
    let is_detached = command.flag(&["-d", "--detach"]).is_some();
    let name = command.value(&["--name"]).filter(|it| it.decided)?;
    (command.is(engine, &["run"]) && !is_detached).then(|| (engine.to_owned(), name.text))
}

fn only_removes(command: &Command) -> bool {
    let engines = ["docker", "podman"].into_iter();
    command.program() == Some("true") || engines.into_iter().any(|it| command.is(it, &["rm"]))
}

/// Whether a unit certainly does nothing once it has stopped.
fn leaves(unit: &Unit) -> bool {
    let settings = AFTERWARDS_OF_SYSTEMD.iter();
    AFTERWARDS
        .iter()
        .all(|it| unit.view.at(*it).is_defined() == Some(false))
        && settings
            .into_iter()
            .all(|it| unit.service(it).is_defined() == Some(false))
}
