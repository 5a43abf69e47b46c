//! `svc-timer-incomplete`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::{System, View};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{
  systemd.services.backup.script = "exec backup";
  systemd.timers.backup = {
    wantedBy = [ "timers.target" ];
    timerConfig.OnUnitInactiveSec = "1h";
  };
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.backup.script = "exec backup";
  systemd.timers.backup = {
    wantedBy = [ "timers.target" ];
    timerConfig = { OnBootSec = "5min"; OnUnitInactiveSec = "1h"; };
  };
  systemd.timers.nix-gc.timerConfig.Persistent = true;
}
"#,
        undecidable: r#"
-- configuration.nix --
{ when, ... }:
{
  systemd.services.backup.script = "exec backup";
  systemd.timers.backup = {
    wantedBy = [ "timers.target" ];
    timerConfig = when;
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-timer-incomplete",
    severity: Severity::Warning,
    title: "a timer that never goes off",
    why: "A timer runs only when something starts it, usually `timers.target`, and it needs a time to begin from: `OnUnitActiveSec` and `OnUnitInactiveSec` count from a run that there was before.",
    fix: "Add `wantedBy = [ \"timers.target\" ];`, and `OnBootSec` or `OnCalendar`.",
    evidence: "systemd.timer(5)",
};

/// Times that come by themselves.
const BEGINNINGS: [&str; 4] = ["OnActiveSec", "OnBootSec", "OnCalendar", "OnStartupSec"];
/// Times after a run.
const REPEATS: [&str; 2] = ["OnUnitActiveSec", "OnUnitInactiveSec"];
/// Events without a time.
const EVENTS: [&str; 2] = ["OnClockChange", "OnTimezoneChange"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in facts.units().iter().filter(|it| it.is_own) {
        let system = facts.system_of(unit);
        let timer = system.at(&["systemd", "timers", &unit.name]);
        let starts_at = unit.view.at("startAt").is_defined() != Some(false);
        if timer.is_defined() != Some(true) || starts_at {
            continue;
        }
        let Some((fault, help)) = fault(facts, system, &unit.name, &timer) else {
            continue;
        };
        let message = format!("`{}.timer` never goes off: {fault}", unit.name);
        let place = timer.place();
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        findings.push(finding.labelled("never"));
    }
    findings
}

fn fault(
    facts: &Facts<'_>,
    system: &System,
    name: &str,
    timer: &View,
) -> Option<(&'static str, &'static str)> {
    let lacks = |option: &&str| timer.at(&["timerConfig", option]).is_defined() == Some(false);
    if timer.at("unitConfig").is_defined() != Some(false) {
        return None;
    }
    if BEGINNINGS.iter().all(&lacks) && EVENTS.iter().all(&lacks) {
        let help = "add `OnBootSec` or `OnCalendar` to its `timerConfig`";
        return Some(if REPEATS.iter().all(lacks) {
            ("it names no time", help)
        } else {
            ("it counts from a run that there never was", help)
        });
    }
    let starts = ["wantedBy", "requiredBy", "upheldBy", "aliases"];
    let is_unwanted = starts
        .iter()
        .all(|option| timer.at(*option).is_defined() == Some(false) || is_empty(timer, option));
    // Another unit or a script may start it.
    let title = format!("{name}.timer");
    let is_mentioned = facts.files.values().any(|text| text.contains(&title));
    let targets = system.at("systemd.targets").names();
    let others = targets.complete && targets.names.is_empty();
    (is_unwanted && others && !is_mentioned).then_some((
        "nothing starts it",
        "add `wantedBy = [ \"timers.target\" ];` to it",
    ))
}

fn is_empty(timer: &View, option: &str) -> bool {
    let items = timer.at(option).list();
    items.complete && items.items.is_empty()
}
