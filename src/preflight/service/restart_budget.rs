//! `svc-restart-budget`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::devenv::{RequiredVersion, Yaml};
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
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
-- devenv.nix --
{ processes.web = { exec = "node server.js";  }; }
-- devenv.yaml --
require_version: ">=2.2"
"#,
        good: r#"
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
{ processes.web = { exec = "node server.js"; restart.max = null; }; }
-- devenv.yaml --
require_version: ">=2.2"
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
{ processes.web = { exec = "node server.js"; restart.max = (import ./limits.nix).web; }; }
-- devenv.yaml --
require_version: ">=2.2"
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-restart-budget",
    severity: Severity::Warning,
    title: "a process may be started again five times in its whole life",
    why: "devenv restarts a process that failed at most five times, without a pause and without ever counting anew. A database that needs ten seconds uses that up, and the process stays down.",
    fix: "Set `restart.max = null` for the process, or a `restart.window`.",
    evidence: "devenv's module of processes and its manager",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    // Only the manager of devenv 2 counts.
    let required = facts.devenv_yaml().map(Yaml::require_version);
    let is_second = matches!(&required, Some(Read::Known(RequiredVersion::Constraint(text), _))
        if text.trim_start_matches(['>', '=', '^', '~', ' ']).starts_with('2'));
    let mut findings = Vec::new();
    for (_, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        if !is_second || shell.at("process.manager.implementation").is_defined() != Some(false) {
            continue;
        }
        for (name, process) in shell.at("processes").children() {
            let (most, place) = match process.at("restart.max").integer() {
                Read::Known(most, place) => (most, place),
                Read::Absent => (5, process.place()),
                Read::Unknown => continue,
            };
            let never = process.at("restart.on").string().is(&"never".to_owned());
            if never || super::never_gives_up(&process) {
                continue;
            }
            let message =
                format!("devenv starts the process `{name}` again {most} times, and then never");
            let help = format!("add `processes.{name}.restart.max = null;`");
            let finding = facts.finding(&RULE, place.as_ref(), message, help);
            findings.push(finding.labelled("gives up for good"));
        }
    }
    super::once(findings)
}
