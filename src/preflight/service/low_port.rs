//! `svc-low-port`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
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
      User = "app";
    };
  };
  
}
-- devenv.nix --
{ processes.web.ports.http.allocate = 80; }
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
{ processes.web.ports.http.allocate = 80; }
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, rights, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = "app"; AmbientCapabilities = rights;
    };
  };
  
}
-- devenv.nix --
{ processes.web.ports.http.allocate = 80; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-low-port",
    severity: Severity::Error,
    title: "a process binds a port that only root may",
    why: "Ports below 1024 are refused to an ordinary user without the capability CAP_NET_BIND_SERVICE.",
    fix: "Use a port above 1023 behind Caddy, or give the unit `AmbientCapabilities = [ \"CAP_NET_BIND_SERVICE\" ]`.",
    evidence: "capabilities(7); systemd.exec(5)",
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
            for (_, port) in process.at("ports").children() {
                let Read::Known(number @ 1..1024, place) = port.at("allocate").integer() else {
                    continue;
                };
                let message = format!(
                    "the process `{name}` binds port {number}, which `{}` has no right to",
                    unit.title()
                );
                let help = "use a port above 1023, or add `AmbientCapabilities = [ \"CAP_NET_BIND_SERVICE\" ];` to the unit";
                let finding = facts.finding(&RULE, place.as_ref(), message, help);
                findings.push(with_unit(finding, step).labelled("only for root"));
            }
        }
    }
    findings
}
