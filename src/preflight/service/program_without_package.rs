//! `svc-program-without-package`

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
  packages = [ pkgs.nodejs_22 ];
  processes.web.exec = "npm run start";
}
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
{ tools, pkgs, ... }:
{
  packages = tools;
  processes.web.exec = "npm run start";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-program-without-package",
    severity: Severity::Warning,
    title: "a program that no package provides",
    why: "The server has what `packages` and `languages` of devenv name, and nothing else that a developer's machine may have. The process ends with \"command not found\".",
    fix: "Add the package that has the program to `packages`.",
    evidence: "devenv's PATH on a server",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, step) in facts.devenv_units() {
        let Some(shell) = facts.shell_of(&step.command) else {
            continue;
        };
        let Some(packages) = programs::packages(shell) else {
            continue;
        };
        let path = programs::names(&unit.view.at("path").list());
        let Some(path) = path.filter(|_| !unit.brings_programs) else {
            continue;
        };
        let prepares = unit.steps.iter().find_map(|step| {
            let (program, package) = programs::packaged(&step.command)?;
            let provided = programs::provided(shell, program, packages.iter().chain(&path));
            (!provided).then_some((step, program, package))
        });
        if let Some((before, program, package)) = prepares {
            let message = format!(
                "`{}` runs `{program}`, which neither its `path` nor devenv provides",
                unit.title()
            );
            let help = format!("add `pkgs.{package}` to `packages` in `devenv.nix`");
            let finding = facts.finding(&RULE, before.place.as_ref(), message, help);
            findings.push(finding.labelled("not there"));
        }
        for (name, process) in shell.at("processes").children() {
            let Read::Known(value, place) = process.at("exec").value() else {
                continue;
            };
            let own = process.at("packages").is_defined() != Some(false)
                || process.at("env.PATH").is_defined() != Some(false);
            let (commands, _) = facts.commands(&value);
            let missing = commands.iter().find_map(|command| {
                let (program, package) = programs::packaged(command)?;
                let provided = programs::provided(shell, program, packages.iter().chain(&path));
                (!provided).then_some((program, package))
            });
            let Some((program, package)) =
                missing.filter(|_| !own && !facts.brings_programs(&value))
            else {
                continue;
            };
            let message = format!(
                "the process `{name}` runs `{program}`, which no package of devenv provides"
            );
            let help = format!("add `pkgs.{package}` to `packages` in `devenv.nix`");
            let finding = facts.finding(&RULE, place.as_ref(), message, help);
            findings.push(with_unit(finding, step).labelled("not there"));
        }
    }
    findings
}
