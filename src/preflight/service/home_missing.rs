//! `svc-home-missing`

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
  users.users.app = { isSystemUser = true; group = "app"; home = "/var/lib/app"; };
  systemd.services.app = {
    environment.HOME = "/var/lib/app";
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; User = "app"; };
  };
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  users.users.app = { isSystemUser = true; group = "app"; home = "/var/lib/app"; };
  systemd.services.app = {
    environment.HOME = "/var/lib/app";
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; User = "app"; StateDirectory = "app"; };
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, account, ... }:
{
  users.users.app = account;
  systemd.services.app = {
    environment.HOME = "/var/lib/app";
    serviceConfig = { ExecStart = "${pkgs.devenv}/bin/devenv up"; User = "app"; };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-home-missing",
    severity: Severity::Error,
    title: "the home folder of a unit is made by nothing",
    why: "Whatever the unit keeps in `HOME` fails: caches, keys, its own notes. NixOS makes the home of a normal user; that of a system user only on request, and an ordinary user makes no folder in `/var/lib`.",
    fix: "Make it with `systemd.tmpfiles.rules`, with `createHome`, or put it below the `StateDirectory` of the unit.",
    evidence: "NixOS: users.users.<name>.createHome; systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let missing = |unit: &Unit| {
        let home = unit.variable("HOME");
        let Read::Known(path, place) = &home else {
            return None;
        };
        let user = unit.service("User").string();
        let user = user.value().filter(|it| *it != "root")?;
        let is_folder = path.starts_with('/') && !path.contains('%');
        if !is_folder || folders::may_be_made(facts, unit, path) {
            return None;
        }
        let message = format!(
            "`HOME` of `{}` is `{path}`, which nothing makes",
            unit.title()
        );
        let help = format!("add `\"d {path} 0750 {user} {user} -\"` to `systemd.tmpfiles.rules`");
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(finding.labelled("no such folder"))
    };
    let own = facts.units().iter().filter(|it| it.is_own);
    own.filter_map(missing).collect()
}
