//! `svc-workdir-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::folders;
use crate::facts::Facts;
use crate::facts::{Phase, Unit};
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
      WorkingDirectory = "/opt/app";
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
      WorkingDirectory = "/opt/app/web";
    };
  };
  systemd.tmpfiles.rules = [ "d /opt/app 0755 root root -" ];
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, rules, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      WorkingDirectory = "/opt/app";
    };
  };
  systemd.tmpfiles.rules = rules;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-workdir-missing",
    severity: Severity::Error,
    title: "the unit's working directory is made by nothing",
    why: "systemd changes into the directory before it runs anything of the unit, `ExecStartPre` included. A directory that is not there ends every start with status 200/CHDIR.",
    fix: "Make it with `systemd.tmpfiles.rules`, or put it below the unit's `StateDirectory`.",
    evidence: "systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let missing = |unit: &Unit| {
        let Read::Known(directory, place) = unit.service("WorkingDirectory").string() else {
            return None;
        };
        // Units of nixpkgs that are only changed here bring their own directories.
        let is_own = unit.steps.iter().any(|step| step.phase == Phase::Start);
        let is_folder = directory.starts_with('/') && !directory.contains('%');
        if !is_own || !is_folder || folders::may_exist(facts, unit, &directory) {
            return None;
        }
        let message = format!(
            "`{}` works in `{directory}`, which nothing makes",
            unit.title()
        );
        let user = unit.service("User").string();
        let user = user.value().map_or("root", String::as_str);
        let help = format!(
            "add `\"d {directory} 0755 {user} {user} -\"` to `systemd.tmpfiles.rules`, or use `StateDirectory`"
        );
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(finding.labelled("no such directory"))
    };
    facts.units().iter().filter_map(missing).collect()
}
