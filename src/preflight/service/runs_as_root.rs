//! `svc-runs-as-root`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
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
  systemd.services.app.serviceConfig.ExecStart = "${pkgs.devenv}/bin/devenv up";
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app.serviceConfig = {
    ExecStart = "${pkgs.devenv}/bin/devenv up";
    User = "app";
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, account, ... }:
{
  systemd.services.app.serviceConfig = {
    ExecStart = "${pkgs.devenv}/bin/devenv up";
    User = account;
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-runs-as-root",
    severity: Severity::Advice,
    title: "the application runs as root",
    why: "Whoever finds a way into the application has the whole machine: its keys, its other data, its firewall. Files that it makes belong to root, and nobody else can change them later.",
    fix: "Set `User` and `Group` of the unit to an account of its own.",
    evidence: "systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let units = facts.devenv_units();
    let found = units.filter_map(|(unit, step)| {
        let others = ["User", "DynamicUser", "PAMName"];
        let is_root = others
            .iter()
            .all(|name| unit.service(name).is_defined() == Some(false));
        if !is_root {
            return None;
        }
        let message = format!("`{}` runs the application as root", unit.title());
        let help = format!(
            "add `User = \"{0}\"; Group = \"{0}\";` with an account of that name",
            unit.name
        );
        let finding = facts.finding(&RULE, step.place.as_ref(), message, help);
        Some(finding.labelled("as root"))
    });
    found.collect()
}
