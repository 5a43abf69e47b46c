//! `svc-capabilities-need-manager`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
use crate::evaluation::Value;
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
      User = "app";
    };
  };
  
}
-- devenv.nix --
{ processes.web = { exec = "node server.js"; linux.capabilities = [ "net_bind_service" ]; }; }
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = "app"; AmbientCapabilities = [ "CAP_NET_BIND_SERVICE" ];
    };
  };
  
}
-- devenv.nix --
{ processes.web = { exec = "node server.js"; linux.capabilities = [ "net_bind_service" ]; }; }
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, user, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = user;
    };
  };
  
}
-- devenv.nix --
{ processes.web = { exec = "node server.js"; linux.capabilities = [ "net_bind_service" ]; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-capabilities-need-manager",
    severity: Severity::Warning,
    title: "a process asks for a right that its unit does not have",
    why: "The manager of devenv can pass on only what the unit gave it. An ordinary user without ambient capabilities has none, and the process fails at its start.",
    fix: "Name the same capability in `AmbientCapabilities` of the unit.",
    evidence: "devenv's module of processes",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        if !super::is_powerless(facts, unit) {
            continue;
        }
        for (name, process) in shell.at("processes").children() {
            let wanted = process.at("linux.capabilities").list().items;
            let Some((item, text)) = wanted.iter().find_map(|item| match &item.value {
                Value::Text(text) => Some((item, text.known()?.to_owned())),
                _ => None,
            }) else {
                continue;
            };
            let message = format!(
                "the process `{name}` asks for `{text}`, which `{}` does not have to give",
                unit.title()
            );
            let help = format!(
                "add `AmbientCapabilities = [ \"CAP_{}\" ];` to the unit",
                text.to_uppercase()
            );
            let finding = facts.finding(&RULE, item.place.as_ref(), message, help);
            findings.push(with_unit(finding, step).labelled("not granted"));
        }
    }
    findings
}
