//! `svc-nothing-to-run`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Unit, is_of_nixpkgs};
use crate::finding::{Finding, Severity};
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
    description = "The application";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.User = "app";
  };
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app = {
    description = "The application";
    wantedBy = [ "multi-user.target" ];
    script = "exec server";
  };
  systemd.services.sshd.serviceConfig.OOMScoreAdjust = -500;
}
"#,
        undecidable: r#"
-- configuration.nix --
{ hardening, ... }:
{
  systemd.services.app = {
    description = "The application";
    serviceConfig = hardening;
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-nothing-to-run",
    severity: Severity::Error,
    title: "a service without anything to run",
    why: "systemd refuses a service that has neither `ExecStart` nor `ExecStop`, and with it every unit that requires it.",
    fix: "Write `script` or `serviceConfig.ExecStart`.",
    evidence: "systemd.service(5)",
};

/// What a unit may consist of; any is enough.
const ENOUGH: [&str; 8] = [
    "script",
    "preStart",
    "postStart",
    "preStop",
    "postStop",
    "reload",
    "overrideStrategy",
    "aliases",
];
const ENOUGH_OF_SYSTEMD: [&str; 3] = ["ExecStart", "ExecStop", "SuccessAction"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let idle = |unit: &Unit| {
        let system = facts.system_of(unit);
        let is_undefined = |name: &&str| unit.view.at(*name).is_defined() == Some(false);
        let mut settings = ENOUGH_OF_SYSTEMD.iter();
        let is_idle = ENOUGH.iter().all(is_undefined)
            && settings.all(|name| unit.service(name).is_defined() == Some(false));
        // A description is what says that the unit is defined here, not changed.
        let is_own = unit.view.at("description").string().place().is_some()
            && !unit.name.contains('@')
            && system.at(&["services", &unit.name]).is_defined() == Some(false)
            && !is_of_nixpkgs(&unit.name);
        if !is_idle || !is_own || unit.view.at("enable").is_defined() != Some(false) {
            return None;
        }
        let message = format!("`{}` has nothing to run", unit.title());
        let help = "write `script`, or `ExecStart` in its `serviceConfig`";
        let place = unit.view.place();
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(finding.labelled("refused by systemd"))
    };
    facts.units().iter().filter_map(idle).collect()
}
