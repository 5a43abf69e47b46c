//! `svc-stale-pid`

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
      RuntimeDirectory = "app"; Environment = "XDG_RUNTIME_DIR=/run/app";
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, variables, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      Environment = variables;
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-stale-pid",
    severity: Severity::Warning,
    title: "a process id may survive a crash",
    why: "devenv notes the process id of its manager in its runtime folder, which is in `/tmp` unless XDG_RUNTIME_DIR says otherwise. After a crash any other process with that id makes it believe that it runs already.",
    fix: "Set `RuntimeDirectory` for the unit, and `XDG_RUNTIME_DIR` to that folder: systemd removes it at every stop.",
    evidence: "devenv's handling of its pid file",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let stale = |(unit, step): (&Unit, &Step)| {
        if !super::has_no_runtime_folder(unit)
            || unit.service("PrivateTmp").boolean().value() == Some(&true)
        {
            return None;
        }
        let message = format!(
            "`{}` keeps devenv's process id in `/tmp`, where it survives a crash",
            unit.title()
        );
        let help = format!(
            "add `RuntimeDirectory = \"{0}\";`, and set `environment.XDG_RUNTIME_DIR = \"/run/{0}\";`",
            unit.name
        );
        Some(
            facts
                .finding(&RULE, step.place.as_ref(), message, help)
                .labelled("no runtime folder"),
        )
    };
    facts.devenv_units().filter_map(stale).collect()
}
