//! `svc-keep-project-masks-failure`

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
      ExecStart = "${pkgs.devenv}/bin/devenv --no-tui up";
      
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
      ExecStart = "${pkgs.devenv}/bin/devenv --no-tui up";
      
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
      ExecStart = "${pkgs.devenv}/bin/devenv --no-tui up";
      
    };
  };
  
}
-- devenv.nix --
{ tui, ... }: { process.manager.implementation = "process-compose"; process.managers.process-compose.tui.enable = tui; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-keep-project-masks-failure",
    severity: Severity::Warning,
    title: "process-compose stays when every process has ended",
    why: "devenv lets process-compose keep its project open whenever the interface is on in the configuration, even when the unit switches it off for itself. A unit without a single process left then counts as running.",
    fix: "Set `process.managers.process-compose.tui.enable = false` in the profile that the unit runs.",
    evidence: "devenv's module of process-compose: `keep-project` follows `tui.enable`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let kept = |(unit, step): (&Unit, &Step)| {
        let shell = facts.shell_of(&step.command)?;
        let place = super::process_compose(shell)?;
        let arguments = shell.at("process.manager.args.keep-project");
        // With the interface on, it does not even start.
        let is_off = step.command.flag(&["--no-tui"]).is_some()
            || ["DEVENV_TUI", "PC_TUI_ENABLED"].iter().any(|name| {
                let value = unit.variable(name);
                value
                    .value()
                    .is_some_and(|value| value == "false" || value == "0")
            });
        if !is_off || arguments.is_defined() != Some(false) {
            return None;
        }
        let message = format!(
            "`{}` goes on after its last process has ended: process-compose keeps the project open",
            unit.title()
        );
        let help = "set `process.managers.process-compose.tui.enable = false`, at least in the profile of the unit";
        let finding = facts.finding(&RULE, Some(&place), message, help);
        Some(with_unit(finding, step).labelled("keeps the project open"))
    };
    facts.devenv_units().filter_map(kept).collect()
}
