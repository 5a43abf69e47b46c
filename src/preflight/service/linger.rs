//! `svc-linger-masks-dead-app`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::facts::{Phase, Step, Unit};
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
{ processes.web.exec = "node server.js"; }
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
  systemd.services.health = { startAt = "minutely"; script = "curl -f http://127.0.0.1:3000 || systemctl restart app"; };
}
-- devenv.nix --
{ processes.web.exec = "node server.js"; }
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, health, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  imports = [ health ];
}
-- devenv.nix --
{ processes.web.exec = "node server.js"; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-linger-masks-dead-app",
    severity: Severity::Error,
    title: "nobody notices when the application has given up",
    why: "devenv's own process manager stays in the foreground after every process has given up. The unit counts as active, so that `Restart` never acts and the site stays down.",
    fix: "Add a timer that asks the application over HTTP and restarts the unit when it does not answer.",
    evidence: "devenv's process manager: a run in the foreground lingers",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let unwatched = |(unit, step): (&Unit, &Step)| {
        let shell = facts.shell_of(&step.command)?;
        let manager = shell.at("process.manager.implementation").string();
        if !(manager.is_absent() || manager.is(&"native".to_owned())) {
            return None;
        }
        let processes = shell.at("processes").children();
        if processes.iter().all(|(_, it)| super::never_gives_up(it)) || may_be_watched(facts, unit)
        {
            return None;
        }
        let message = format!(
            "`{}` stays active when every process of devenv has given up, and nothing asks whether they answer",
            unit.title()
        );
        let help = "add a timer and a service that requests the application's port with `curl` and restarts the unit when it fails";
        Some(
            facts
                .finding(&RULE, step.place.as_ref(), message, help)
                .labelled("lingers"),
        )
    };
    facts.devenv_units().filter_map(unwatched).collect()
}

/// Whether anything runs now and then, or watches all the time.
fn may_be_watched(facts: &Facts<'_>, unit: &Unit) -> bool {
    let system = facts.system_of(unit);
    let timers = system.at("systemd.timers").names();
    let watchers = [
        "monit",
        "prometheus",
        "uptime-kuma",
        "gatus",
        "zabbixAgent",
        "cron",
        "fcron",
    ];
    let others = facts.units().iter().filter(|it| it.system == unit.system);
    let mut others = others.filter(|it| it.name != unit.name);
    !timers.complete
        || !timers.names.is_empty()
        || watchers
            .iter()
            .any(|name| system.at(&["services", name]).is_defined() != Some(false))
        || unit.service("WatchdogSec").is_defined() != Some(false)
        || !unit.complete
        || others.any(|it| {
            let asks = ["curl", "wget", "systemctl", "devenv", "nc", "python3"];
            it.view.at("startAt").is_defined() != Some(false)
                || !it.complete
                || asks
                    .iter()
                    .any(|program| it.runs(Phase::Start, program).next().is_some())
        })
}
