//! `svc-mode-before-skips-tasks`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
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
{ tasks."app:seed" = { exec = "./seed"; after = [ "devenv:processes:web" ]; }; }
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
  
}
-- devenv.nix --
{ tasks."app:seed" = { exec = "./seed"; before = [ "devenv:processes:web" ]; }; }
"#,
        undecidable: r#"
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
{ order, ... }: { tasks."app:seed" = { exec = "./seed"; after = order; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-mode-before-skips-tasks",
    severity: Severity::Warning,
    title: "a task after a process, which `devenv up` does not run",
    why: "`devenv up` runs what comes before the processes, and the processes. A task that is ordered after one of them never runs.",
    fix: "Move what the task does into a unit of its own that comes after the application's.",
    evidence: "devenv's run of the graph of tasks",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        for (name, task) in shell.at("tasks").children() {
            for item in task.at("after").list().items {
                let Value::Text(text) = &item.value else {
                    continue;
                };
                let Some(process) = text
                    .known()
                    .and_then(|it| it.strip_prefix("devenv:processes:"))
                else {
                    continue;
                };
                let message = format!(
                    "`{}` never runs the task `{name}`, which comes after the process `{process}`",
                    unit.title()
                );
                let help = "move the task into a systemd unit that comes after the application's";
                findings.push(
                    facts
                        .finding(&RULE, item.place.as_ref(), message, help)
                        .labelled("never run"),
                );
            }
        }
    }
    super::once(findings)
}
