//! `svc-pull-on-start`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::facts::{Phase, Step};
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
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      ExecStartPre = "${pkgs.git}/bin/git pull";
    };
  };
  
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, update, ... }:
{
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      ExecStartPre = update;
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-pull-on-start",
    severity: Severity::Warning,
    title: "the unit fetches other code at every start",
    why: "A restart after a crash, or a reboot at night, brings whatever the branch has become, untested and without a way back; and when the repository does not answer, nothing starts at all.",
    fix: "Move the update into a command or unit of its own, and let the start only clone what is not there yet.",
    evidence: "what `git pull` does in `ExecStartPre`",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in facts.units() {
        // A unit for updates is started on purpose or by a timer.
        let is_started = |(name, list): (&str, &str)| {
            let names = unit.view.at(&[name]).list().items;
            names
                .iter()
                .any(|item| matches!(&item.value, Value::Text(text) if text.known() == Some(list)))
        };
        let at_boot = is_started(("wantedBy", "multi-user.target"))
            || is_started(("wantedBy", "default.target"));
        let runs_on = !unit.service("Type").string().is(&"oneshot".to_owned())
            && unit.steps.iter().any(|step| step.phase == Phase::Start);
        let has_loop = unit
            .steps
            .iter()
            .any(|step| matches!(step.command.program(), Some("sleep" | "done")));
        if !(at_boot && runs_on) || has_loop {
            continue;
        }
        let fetches = |step: &&Step| {
            let moves =
                step.command.is("git", &["reset"]) && step.command.flag(&["--hard"]).is_some();
            step.command.is("git", &["pull"]) || moves
        };
        if let Some(step) = unit.steps.iter().find(fetches) {
            let word = step
                .command
                .arguments()
                .iter()
                .find(|it| it.is("pull") || it.is("reset"));
            let word = word.map_or("pull", |word| word.text.as_str());
            let message = format!("`{}` runs `git {word}` at every start", unit.title());
            let help =
                "move it into a unit of its own that restarts this one when the update is good";
            findings.push(
                facts
                    .finding(&RULE, step.place.as_ref(), message, help)
                    .labelled("other code at every start"),
            );
        }
    }
    findings
}
