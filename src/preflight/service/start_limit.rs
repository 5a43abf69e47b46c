//! `svc-start-limit`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
use crate::finding::{Finding, Severity};
use crate::nixos::View;
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
      Restart = "always";
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
      Restart = "always"; RestartSec = "10s";
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, pause, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      Restart = "always"; RestartSec = pause;
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-start-limit",
    severity: Severity::Warning,
    title: "the unit gives up after a short outage",
    why: "Without other settings systemd starts a unit five times in ten seconds at most, and then not again. A cache that does not answer for a moment is enough.",
    fix: "Set `startLimitIntervalSec = 0` for the unit, and `RestartSec = 10`.",
    evidence: "systemd.unit(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let limited = |(unit, step): (&Unit, &Step)| {
        let restart = unit.service("Restart").string();
        let restarts = restart
            .value()
            .is_some_and(|it| it == "always" || it.starts_with("on-"));
        let pause = seconds(&unit.service("RestartSec"), 0.1)?;
        let interval = seconds(&unit.view.at("startLimitIntervalSec"), 10.0)?;
        let burst = seconds(&unit.view.at("startLimitBurst"), 5.0)?;
        let is_reached = interval > 0.0 && pause * burst < interval;
        if !restarts || !is_reached || unit.view.at("unitConfig").is_defined() != Some(false) {
            return None;
        }
        let message = format!(
            "`{}` is started at most {burst} times in {interval} seconds, with a pause of {pause}, and then never again",
            unit.title()
        );
        let help = "add `startLimitIntervalSec = 0;` to the unit, and `RestartSec = 10;` to its `serviceConfig`";
        let place = restart.place().or(step.place.as_ref());
        Some(
            facts
                .finding(&RULE, place, message, help)
                .labelled("gives up for good"),
        )
    };
    facts.devenv_units().filter_map(limited).collect()
}

fn seconds(view: &View, default: f64) -> Option<f64> {
    super::seconds(view, Some(default))
}
