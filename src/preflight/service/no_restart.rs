//! `svc-no-restart`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Step, Unit};
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
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.devenv}/bin/devenv up";
  };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; Restart = "always"; };
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, settings, ... }:
{
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = settings // { ExecStart = "${pkgs.devenv}/bin/devenv up"; };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-no-restart",
    severity: Severity::Warning,
    title: "nothing starts the application again when it ends",
    why: "systemd leaves a service down that has ended, unless `Restart` says otherwise. One build that fails for want of the network, or one process killed in a shortage of memory, and the site is down until somebody logs in.",
    fix: "Write `Restart = \"always\";` and a `RestartSec`.",
    evidence: "systemd.service(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let left_alone = |(unit, step): (&Unit, &Step)| {
        let kind = unit.service("Type").string();
        let is_once = kind.is(&"oneshot".to_owned()) || kind.value().is_none() && !kind.is_absent();
        let upheld = unit.view.at("upheldBy").is_defined() != Some(false);
        if is_once || upheld || unit.service("Restart").is_defined() != Some(false) {
            return None;
        }
        let message = format!(
            "`{}` runs devenv, and stays down once that has ended",
            unit.title()
        );
        let help = "add `Restart = \"always\";` and `RestartSec = 10;` to its `serviceConfig`";
        let finding = facts.finding(&RULE, step.place.as_ref(), message, help);
        Some(finding.labelled("never started again"))
    };
    facts.devenv_units().filter_map(left_alone).collect()
}
