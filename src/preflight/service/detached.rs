//! `svc-detached-under-systemd`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
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
      ExecStart = "${pkgs.devenv}/bin/devenv --profile prod up -d";
      
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
      ExecStart = "${pkgs.devenv}/bin/devenv --profile prod up";
      
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ flags, ... }: { systemd.services.app.serviceConfig.ExecStart = "devenv up ${flags}"; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-detached-under-systemd",
    severity: Severity::Error,
    title: "devenv goes to the background under systemd",
    why: "With `-d` the program that systemd started ends at once. systemd takes that for the end of the service and ends every process that is left in its control group.",
    fix: "Run `devenv up` in the foreground: remove `-d` or `--detach`.",
    evidence: "devenv's command line; systemd.kill(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let detached = |(unit, step): (&Unit, &Step)| {
        let flag = step.command.flag(&["-d", "--detach"])?;
        // A unit that says that its program forks may mean it.
        let forks = ["forking", "oneshot"];
        match unit.service("Type").string() {
            Read::Known(kind, _) if forks.contains(&kind.as_str()) => return None,
            Read::Unknown => return None,
            _ => {}
        }
        let message = format!(
            "`{}` runs `devenv up {}`, which ends at once and takes its processes along",
            unit.title(),
            flag.text
        );
        let help = format!("remove `{}` from the command", flag.text);
        Some(
            facts
                .finding(&RULE, step.place.as_ref(), message, help)
                .labelled("goes to the background"),
        )
    };
    facts.devenv_units().filter_map(detached).collect()
}
