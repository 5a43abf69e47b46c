//! `devenv-process-without-exec`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::once;
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
{ nixpkgs.hostPlatform = "x86_64-linux"; }
-- devenv.nix --
{ processes.web.cwd = "/opt/app"; }
"#,
        good: r#"
-- configuration.nix --
{ nixpkgs.hostPlatform = "x86_64-linux"; }
-- devenv.nix --
{ processes.web = { cwd = "/opt/app"; exec = "./serve"; }; }
"#,
        undecidable: r#"
-- configuration.nix --
{ nixpkgs.hostPlatform = "x86_64-linux"; }
-- devenv.nix --
{ settings, ... }:
{ processes.web = settings // { cwd = "/opt/app"; }; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "devenv-process-without-exec",
    severity: Severity::Error,
    title: "a process of devenv that runs nothing",
    why: "`exec` is the one option of a process that has no default. devenv stops while it evaluates the project, before it starts any other process.",
    fix: "Say what the process runs, or remove it.",
    evidence: "devenv's module of processes",
};

/// Sets of options that define processes of their own.
const MAKERS: [&str; 3] = ["services", "languages", "android"];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(shell) = facts.shell().filter(|_| facts.deploys()) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for system in std::iter::once(&shell.base).chain(shell.profiles.values()) {
        // What devenv's own services run may be changed without being said again.
        if MAKERS
            .iter()
            .any(|it| system.at(*it).is_defined() != Some(false))
        {
            continue;
        }
        for (name, process) in system.at("processes").children() {
            let Some(place) = process.place() else {
                continue;
            };
            if process.at("exec").is_defined() == Some(false) {
                let message = format!("the process `{name}` has no `exec`");
                let help = format!("write what it runs: `processes.{name}.exec = \"…\";`");
                let finding = facts.finding(&RULE, Some(&place), message, help);
                findings.push(finding.labelled("runs nothing"));
            }
        }
    }
    once(findings)
}
