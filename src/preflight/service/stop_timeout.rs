//! `svc-stop-timeout`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
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
      TimeoutStopSec = 5; KillMode = "process";
    };
  };
  
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      TimeoutStopSec = 60; KillMode = "mixed";
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, limit, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      TimeoutStopSec = limit;
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-stop-timeout",
    severity: Severity::Warning,
    title: "processes are killed before they can end",
    why: "devenv gives every process five seconds after SIGTERM. When systemd is faster, or kills only the program that it started, a database is cut off or goes on without anybody.",
    fix: "Set `TimeoutStopSec = 60` and `KillMode = \"mixed\"` for the unit.",
    evidence: "devenv's shutdown of processes; systemd.kill(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, _) in facts.devenv_units() {
        let timeout = unit.service("TimeoutStopSec");
        if let Some(seconds) = super::seconds(&timeout, None).filter(|it| *it < 30.0) {
            let message = format!(
                "`{}` gives devenv {seconds} seconds to end its processes",
                unit.title()
            );
            let value = timeout.value();
            let finding = facts.finding(&RULE, value.place(), message, "write `60`");
            let patch = value
                .place()
                .and_then(|place| facts.replacement(place, "60"));
            findings.push(finding.patched_if(patch).labelled("too short"));
        }
        let mode = unit.service("KillMode").string();
        if mode.is(&"process".to_owned()) {
            let message = format!(
                "`{}` ends devenv alone, and leaves its processes behind",
                unit.title()
            );
            let finding = facts.finding(&RULE, mode.place(), message, "write `\"mixed\"`");
            let patch = mode
                .place()
                .and_then(|place| facts.replacement(place, "\"mixed\""));
            findings.push(
                finding
                    .patched_if(patch)
                    .labelled("leaves processes behind"),
            );
        }
    }
    findings
}
