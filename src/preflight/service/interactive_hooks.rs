//! `svc-interactive-shell-hooks`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
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
{ enterShell = "read -p name? NAME"; }
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
{ enterShell = "echo hello"; }
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
{ hook, ... }: { enterShell = hook; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-interactive-shell-hooks",
    severity: Severity::Advice,
    title: "`enterShell` asks somebody who is not there",
    why: "The hook runs before the processes, on the server too. A command that waits for an answer holds the start up for good.",
    fix: "Set `enterShell = lib.mkForce \"\";` in the profile of the server.",
    evidence: "devenv's order of hooks and processes",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let asking = |(unit, step): (&Unit, &Step)| {
        let shell = facts.shell_of(&step.command)?;
        let Read::Known(value, place) = shell.at("enterShell").value() else {
            return None;
        };
        let (commands, _) = facts.commands(&value);
        let asks = commands.iter().find(|it| {
            matches!(
                it.program(),
                Some("select" | "ssh-add" | "fzf" | "gum" | "whiptail" | "dialog")
            ) || it.is("gh", &["auth", "login"])
                || (it.program() == Some("read") && it.flag(&["-p"]).is_some())
        })?;
        let message = format!(
            "`{}` runs `{}` in `enterShell`, which waits for an answer",
            unit.title(),
            asks.program().unwrap_or_default()
        );
        let help = "set `enterShell = lib.mkForce \"\";` in the profile of the server";
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(with_unit(finding, step).labelled("waits for an answer"))
    };
    facts.devenv_units().filter_map(asking).collect()
}
