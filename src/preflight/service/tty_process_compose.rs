//! `svc-tty-process-compose`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
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
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
-- devenv.nix --
{ process.manager.implementation = "process-compose";  }
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
{ process.manager.implementation = "process-compose"; process.managers.process-compose.tui.enable = false; }
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
{ tui, ... }: { process.manager.implementation = "process-compose"; process.managers.process-compose.tui.enable = tui; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-tty-process-compose",
    severity: Severity::Error,
    title: "process-compose draws on a terminal that a unit does not have",
    why: "process-compose opens `/dev/tty` for its interface and ends when there is none, as under systemd.",
    fix: "Set `process.managers.process-compose.tui.enable = false` in the profile that the unit runs.",
    evidence: "process-compose issues 364 and 445; devenv's module of process-compose",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let drawing = |(unit, step): (&Unit, &Step)| {
        let shell = facts.shell_of(&step.command)?;
        let place = super::process_compose(shell)?;
        let switches = ["DEVENV_TUI", "PC_TUI_ENABLED", "PC_DISABLE_TUI"];
        let is_off = step.command.flag(&["--no-tui"]).is_some()
            || switches.iter().any(|name| !unit.variable(name).is_absent())
            || switches
                .iter()
                .any(|name| shell.at(&["env", name]).is_defined() != Some(false));
        if is_off || !unit.complete {
            return None;
        }
        let message = format!(
            "`{}` runs process-compose with its interface, but has no terminal",
            unit.title()
        );
        let help = "set `process.managers.process-compose.tui.enable = false`, at least in the profile of the unit";
        let finding = facts.finding(&RULE, Some(&place), message, help);
        Some(with_unit(finding, step).labelled("needs a terminal"))
    };
    facts.devenv_units().filter_map(drawing).collect()
}
