//! `svc-start-without-install`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::{programs, with_unit};
use crate::facts::Facts;
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
      
    };
  };
  
}
-- devenv.nix --
{ pkgs, ... }:
{
  packages = [ pkgs.nodejs ];
  processes.web.exec = "npm run start";
}
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
{ pkgs, ... }:
{
  tasks."app:install" = { exec = "npm ci"; before = [ "devenv:processes:web" ]; };
  processes.web.exec = "npm run start";
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, prepare, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      ExecStartPre = prepare;
    };
  };
  
}
-- devenv.nix --
{ pkgs, ... }:
{
  packages = [ pkgs.nodejs ];
  processes.web.exec = "npm run start";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-start-without-install",
    severity: Severity::Warning,
    title: "a start command without an install step",
    why: "A fresh checkout has no `node_modules` and no virtual environment: these are never in git. `npm start` then ends with a module that cannot be found.",
    fix: "Install what the lock file names before the first start, for example with a task before the process: `npm ci`.",
    evidence: "npm and pip keep what they install out of the repository",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        let (mut all, complete) = programs::of_shell(facts, shell);
        all.extend(unit.steps.iter().map(|step| step.command.clone()));
        let others = facts.units().iter().filter(|it| it.system == unit.system);
        let units_known = others.clone().all(|it| it.complete);
        all.extend(others.flat_map(|it| it.steps.iter().map(|step| step.command.clone())));
        // The modules of devenv for a language can install by themselves.
        let languages = [
            "languages.javascript",
            "languages.python",
            "languages.typescript",
        ];
        let by_language = |language: &str| {
            let rest = [
                "npm.install.enable",
                "pnpm.install.enable",
                "yarn.install.enable",
                "bun.install.enable",
                "uv.sync.enable",
                "poetry.install.enable",
                "venv.requirements",
            ];
            rest.iter().any(|option| {
                shell.at(&format!("{language}.{option}")[..]).is_defined() != Some(false)
            })
        };
        if !complete || !units_known || languages.iter().any(|it| by_language(it)) {
            continue;
        }
        for (name, process) in shell.at("processes").children() {
            let Read::Known(value, place) = process.at("exec").value() else {
                continue;
            };
            let (own, _) = facts.commands(&value);
            let Some((written, install)) = own.iter().find_map(programs::start) else {
                continue;
            };
            if all.iter().any(programs::installs) {
                continue;
            }
            let message = format!(
                "the process `{name}` runs `{written}`, and nothing installs what it needs"
            );
            let is_generated = place.as_ref().is_some_and(|it| facts.is_generated(it));
            let help = if is_generated {
                format!("add `prepare = \"{install}\"` to `[services.{name}]` in seance.toml")
            } else {
                format!("add a task before `devenv:processes:{name}` that runs `{install}`")
            };
            let finding = facts.finding(&RULE, place.as_ref(), message, help);
            findings.push(with_unit(finding, step).labelled("nothing is installed"));
        }
    }
    findings
}
