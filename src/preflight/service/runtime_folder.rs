//! `svc-runtime-folder`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::folders;
use crate::facts::{Facts, Unit};
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
    environment.XDG_RUNTIME_DIR = "/run/app";
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; User = "app"; };
  };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    environment.XDG_RUNTIME_DIR = "/run/app";
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; User = "app"; RuntimeDirectory = "app"; };
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, folders, ... }:
{
  systemd.services.app = {
    environment.XDG_RUNTIME_DIR = "/run/app";
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; User = "app"; RuntimeDirectory = folders; };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-runtime-folder",
    severity: Severity::Error,
    title: "the unit's runtime folder is made by nothing",
    why: "`/run` is empty after every boot, and only root makes anything in it. devenv keeps its sockets in `XDG_RUNTIME_DIR` and stops where that is not there.",
    fix: "Write `RuntimeDirectory`, which systemd makes for the account of the unit.",
    evidence: "systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let missing = |unit: &Unit| {
        let view = unit.view.at(&["environment", "XDG_RUNTIME_DIR"]);
        let Read::Known(folder, place) = view.string() else {
            return None;
        };
        let name = folder.strip_prefix("/run/")?;
        let user = unit.service("User").string();
        let is_powerless = user.value().is_some_and(|user| user != "root");
        let made = folders::of_unit(unit)?;
        let system = facts.system_of(unit);
        let rules = system.at("systemd.tmpfiles.rules").list();
        let texts = rules.items.iter().map(super::super::host::text_of);
        let mentioned = texts
            .into_iter()
            .any(|rule| rule.is_none_or(|rule| rule.contains(&folder)));
        let others = facts.units().iter().filter(|it| it.system == unit.system);
        let by_others = others.filter(|it| it.name != unit.name).any(|it| {
            folders::of_unit(it)
                .is_none_or(|made| made.iter().any(|it| folders::holds(it, &folder)))
        });
        if !is_powerless
            || name.starts_with("user")
            || name.contains('%')
            || made.iter().any(|it| folders::holds(it, &folder))
            || mentioned
            || by_others
            || !rules.complete
            || system.at("systemd.tmpfiles.settings").is_defined() != Some(false)
        {
            return None;
        }
        let message = format!(
            "`{}` keeps its sockets in `{folder}`, which nothing makes",
            unit.title()
        );
        let help = format!("add `RuntimeDirectory = \"{name}\";` to its `serviceConfig`");
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(finding.labelled("no such folder"))
    };
    let own = facts.units().iter().filter(|it| it.is_own);
    own.filter_map(missing).collect()
}
