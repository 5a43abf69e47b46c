//! `svc-requires-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::preflight::host::text_of;
use crate::reading::Place;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{
  systemd.services.app = {
    requires = [ "app-source.service" ];
    serviceConfig.ExecStart = "/opt/app/run";
  };
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app = {
    requires = [ "app-source.service" "postgresql.service" ];
    serviceConfig.ExecStart = "/opt/app/run";
  };
  systemd.services.app-source.serviceConfig.ExecStart = "/opt/app/fetch";
  systemd.timers.app-source.timerConfig.OnBootSec = "1min";
}
"#,
        undecidable: r#"
-- configuration.nix --
{ units, ... }:
{
  systemd.services = units // { app = {
    requires = [ "app-source.service" ];
    serviceConfig.ExecStart = "/opt/app/run";
  }; };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-requires-missing",
    severity: Severity::Error,
    title: "a unit cannot do without a service that is not there",
    why: "systemd does not start a unit whose requirement has no file, and does not start a timer whose service has none.",
    fix: "Define the service, or correct the name.",
    evidence: "systemd.unit(5), systemd.timer(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, system) in facts.systems().iter().enumerate() {
        let services = system.at("systemd.services").names();
        if !services.complete {
            continue;
        }
        let units = facts.units().iter().filter(|it| it.system == index);
        let own: Vec<_> = units.filter(|it| it.is_own).collect();
        // A name that goes on from the name of an own unit is nobody else's.
        let is_missing = |name: &str| {
            let mut own = own.iter();
            services.names.iter().all(|it| &**it != name)
                && own.any(|it| {
                    name.strip_prefix(&*it.name)
                        .is_some_and(|it| it.starts_with('-'))
                })
        };
        let mut report = |who: String, name: &str, place: Option<Place>| {
            let message = format!("`{who}` needs `{name}.service`, which nothing defines");
            let help = format!("define `systemd.services.{name}`, or correct the name");
            let finding = facts.finding(&RULE, place.as_ref(), message, help);
            findings.push(finding.labelled("no such service"));
        };
        for unit in &own {
            for list in ["requires", "bindsTo", "requisite"] {
                for item in unit.view.at(list).list().items {
                    let text = text_of(&item);
                    let name = text.as_deref().and_then(|it| it.strip_suffix(".service"));
                    if let Some(name) = name.filter(|it| is_missing(it)) {
                        report(unit.title(), name, item.place.clone());
                    }
                }
            }
        }
        for (name, timer) in system.at("systemd.timers").children() {
            let other = timer.at("timerConfig").at(&["Unit"]).is_defined() != Some(false);
            if !other && is_missing(&name) {
                report(format!("{name}.timer"), &name, timer.place());
            }
        }
    }
    findings
}
