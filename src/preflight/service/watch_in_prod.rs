//! `svc-watch-in-prod`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
use crate::facts::Facts;
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
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
-- devenv.nix --
{ processes.web = { exec = "node server.js"; watch.paths = [ ./src ]; }; }
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv -P prod up";
      
    };
  };
  
}
-- devenv.nix --
{ lib, ... }:
{
  processes.web = { exec = "node server.js"; watch.paths = [ ./src ]; };
  profiles.prod.module.processes.web.watch.paths = lib.mkForce [ ];
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
-- devenv.nix --
{ paths, ... }: { processes.web = { exec = "x"; watch = { inherit paths; }; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-watch-in-prod",
    severity: Severity::Advice,
    title: "the server watches the files of a process",
    why: "Every file that an update touches restarts the process, in no certain order, while the update is still at work. Watching also takes memory.",
    fix: "Set `watch.paths = lib.mkForce [ ];` for the process in the profile of the server.",
    evidence: "devenv's module of processes",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        for (name, process) in shell.at("processes").children() {
            let paths = process.at("watch.paths");
            if paths.list().items.is_empty() {
                continue;
            }
            let message = format!(
                "`{}` restarts the process `{name}` whenever a file changes",
                unit.title()
            );
            let help = format!(
                "set `processes.{name}.watch.paths = lib.mkForce [ ];` in the profile of the server"
            );
            let finding = facts.finding(&RULE, paths.place().as_ref(), message, help);
            findings.push(with_unit(finding, step).labelled("watched on the server too"));
        }
    }
    findings
}
