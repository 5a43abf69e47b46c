//! `svc-code-change-no-restart`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
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
      WorkingDirectory = "/opt/app";
    };
  };
  systemd.services.update = { startAt = "hourly"; script = "cd /opt/app; git pull"; };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      WorkingDirectory = "/opt/app";
    };
  };
  systemd.services.update = { startAt = "hourly"; script = "cd /opt/app; git pull; systemctl restart app"; };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, after, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      WorkingDirectory = "/opt/app";
    };
  };
  systemd.services.update = { startAt = "hourly"; script = "cd /opt/app; git pull; ${after}"; };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-code-change-no-restart",
    severity: Severity::Warning,
    title: "new code arrives and nothing restarts the application",
    why: "A process goes on with the code that it started with. systemd and NixOS restart a unit only when its definition changes, not when files in a checkout do.",
    fix: "Restart the application's unit at the end of the unit that updates the checkout.",
    evidence: "NixOS' switch-to-configuration",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let stale = |(unit, _): (&Unit, &Step)| {
        let directory = unit.service("WorkingDirectory").string();
        let directory = directory.value()?;
        let others = facts
            .units()
            .iter()
            .filter(|it| it.system == unit.system && it.name != unit.name);
        others.into_iter().find_map(|other| {
            let system = facts.system_of(unit);
            let timer = system.at(&["systemd", "timers", &*other.name]);
            let is_timed = other.view.at("startAt").is_defined() == Some(true)
                || timer.is_defined() == Some(true);
            let moves = other.steps.iter().find(|step| {
                let command = &step.command;
                let names =
                    |step: &Step| step.command.arguments().iter().any(|it| it.is(directory));
                let there = other.service("WorkingDirectory").string().is(directory)
                    || other.steps.iter().any(names);
                there && (command.is("git", &["pull"]) || command.is("git", &["reset"]))
            })?;
            let restarts = other.steps.iter().any(|step| {
                matches!(
                    step.command.program(),
                    None | Some("systemctl" | "kill" | "pkill")
                )
            });
            let is_linked = ["partOf", "bindsTo", "onSuccess"].iter().any(|name| {
                [unit, other]
                    .iter()
                    .any(|it| it.view.at(&[*name]).is_defined() != Some(false))
            });
            if !is_timed || restarts || is_linked || !other.complete {
                return None;
            }
            let message = format!(
                "`{}` updates `{directory}` again and again, and `{}` goes on with the old code",
                other.title(),
                unit.title()
            );
            let help = format!(
                "end `{}` with `systemctl restart {}`",
                other.title(),
                unit.title()
            );
            Some(
                facts
                    .finding(&RULE, moves.place.as_ref(), message, help)
                    .labelled("restarts nothing"),
            )
        })
    };
    facts.devenv_units().filter_map(stale).collect()
}
