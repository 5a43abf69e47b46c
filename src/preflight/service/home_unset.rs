//! `svc-home-unset`

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
      User = "app";
    };
  };
  users.users.app = { isSystemUser = true; group = "app"; home = "/var/lib/app"; };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = "app"; EnvironmentFile = "/run/app";
    };
  };
  users.users.app.isSystemUser = true;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-home-unset",
    severity: Severity::Error,
    title: "devenv runs without a home folder",
    why: "systemd sets HOME only for a unit with `User`, and a system user without `home` has `/var/empty`, where nothing can be written. devenv then has no place for its data and stops.",
    fix: "Give the unit a user with a `home` of its own, or set `HOME` and `DEVENV_HOME` in `environment`.",
    evidence: "devenv's lookup of its data folder; systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let homeless = |(unit, step): (&Unit, &Step)| {
        let names = ["HOME", "DEVENV_HOME", "XDG_DATA_HOME"];
        let is_unset = names.iter().all(|name| unit.variable(name).is_absent());
        let exports = |step: &Step| {
            let words = step
                .command
                .arguments()
                .iter()
                .chain(step.command.assignments());
            words
                .into_iter()
                .any(|word| names.iter().any(|name| word.text.starts_with(name)))
        };
        if !is_unset || !unit.complete || unit.steps.iter().any(exports) {
            return None;
        }
        let (why, place) = match unit.service("User").string() {
            Read::Absent if unit.service("DynamicUser").is_defined() == Some(false) => {
                ("has no `User`, so that HOME is not set".to_owned(), None)
            }
            Read::Known(user, place) => {
                let home = facts.system_of(unit).at(&["users", "users", user.as_str()]);
                if home.at("isSystemUser").boolean().value() != Some(&true) {
                    return None;
                }
                match home.at("home").string() {
                    Read::Absent => {}
                    Read::Known(home, _) if home == "/var/empty" => {}
                    _ => return None,
                }
                (
                    format!("runs as `{user}`, whose home is `/var/empty`"),
                    place,
                )
            }
            _ => return None,
        };
        let message = format!("`{}` runs devenv and {why}", unit.title());
        let help = "set `environment.HOME` and `environment.DEVENV_HOME` of the unit to a folder below `/var/lib`";
        let place = place.as_ref().or(step.place.as_ref());
        Some(
            facts
                .finding(&RULE, place, message, help)
                .labelled("without a home"),
        )
    };
    facts.devenv_units().filter_map(homeless).collect()
}
