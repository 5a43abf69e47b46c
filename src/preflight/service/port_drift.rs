//! `svc-port-drift`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
use crate::devenv::Yaml;
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
{ processes.web.ports.http.allocate = 3000; }
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up --strict-ports";
      
    };
  };
  
}
-- devenv.nix --
{ processes.web.ports.http.allocate = 3000; }
"#,
        undecidable: r#"
-- configuration.nix --
{ flags, ... }: { systemd.services.app.serviceConfig.ExecStart = "devenv up ${flags}"; }
-- devenv.nix --
{ processes.web.ports.http.allocate = 3000; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-port-drift",
    severity: Severity::Error,
    title: "devenv may take another port than the proxy asks",
    why: "A port that devenv allocates is the next free one when the wanted one is still busy, for example because the former process has not ended yet. The proxy goes on asking the wanted one and answers 502.",
    fix: "Write `strict_ports: true` in `devenv.yaml`, or start with `devenv up --strict-ports`.",
    evidence: "devenv's changelog: `strict_ports`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let strict = facts.devenv_yaml().map(Yaml::strict_ports);
    if strict.is_some_and(|strict| !strict.is(&false)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let is_strict = step.command.flag(&["--strict-ports"]).is_some();
        let is_decided = step.command.arguments().iter().all(|word| word.decided);
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        if is_strict || !is_decided {
            continue;
        }
        for (name, process) in shell.at("processes").children() {
            for (port, view) in process.at("ports").children() {
                let Read::Known(number, place) = view.at("allocate").integer() else {
                    continue;
                };
                let message = format!(
                    "devenv takes another port than {number} for `{name}` when that is busy, and `{}` does not forbid it",
                    unit.title()
                );
                let help = "write `strict_ports: true` in `devenv.yaml`";
                let finding = facts.finding(&RULE, place.as_ref(), message, help);
                let finding = with_unit(finding, step);
                findings.push(finding.labelled(format!("`{port}` may move")));
            }
        }
    }
    findings
}
