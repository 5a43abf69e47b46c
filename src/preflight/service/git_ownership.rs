//! `svc-git-ownership`

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
      User = "app"; WorkingDirectory = "/opt/app";
    };
  };
  systemd.services.source.script = "${pkgs.git}/bin/git clone https://example.org/app.git /opt/app";
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = "app"; WorkingDirectory = "/opt/app";
    };
  };
  systemd.services.source = { serviceConfig.User = "app"; script = "${pkgs.git}/bin/git clone https://example.org/app.git /opt/app"; };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, user, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = user; WorkingDirectory = "/opt/app";
    };
  };
  systemd.services.source.script = "${pkgs.git}/bin/git clone https://example.org/app.git /opt/app";
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-git-ownership",
    severity: Severity::Warning,
    title: "the checkout belongs to another user than the unit's",
    why: "git and Nix refuse to work in a repository of somebody else, so that devenv finds neither its root nor its inputs.",
    fix: "Run the unit that clones as the user of the application, or hand the checkout over with `chown`.",
    evidence: "nix issues 6443 and 10202",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let foreign = |(unit, _): (&Unit, &Step)| {
        let directory = unit.service("WorkingDirectory").string();
        let directory = directory.value()?;
        let user = owner(unit)?;
        let safe = facts.system_of(unit).at("programs.git.config");
        if safe.is_defined() != Some(false) {
            return None;
        }
        let (other, step) = facts
            .units()
            .iter()
            .filter(|it| it.system == unit.system && it.name != unit.name)
            .find_map(|it| Some((it, cloning(it, directory)?)))?;
        let cloner = owner(other)?;
        let handed = [unit, other].iter().any(|it| {
            !it.complete
                || it
                    .steps
                    .iter()
                    .any(|step| step.command.program().is_none_or(|it| it == "chown"))
        });
        if handed || cloner == user {
            return None;
        }
        let message = format!(
            "`{}` clones `{directory}` as `{cloner}`, and `{}` works there as `{user}`",
            other.title(),
            unit.title()
        );
        let help = format!(
            "set `serviceConfig.User = \"{user}\";` in `{}`",
            other.title()
        );
        Some(
            facts
                .finding(&RULE, step.place.as_ref(), message, help)
                .labelled("another owner"),
        )
    };
    facts.devenv_units().filter_map(foreign).collect()
}

fn owner(unit: &Unit) -> Option<String> {
    match unit.service("User").string() {
        Read::Known(user, _) => Some(user),
        Read::Absent if unit.service("DynamicUser").is_defined() == Some(false) => {
            Some("root".to_owned())
        }
        _ => None,
    }
}

fn cloning<'u>(unit: &'u Unit, directory: &str) -> Option<&'u Step> {
    let works_there = unit
        .service("WorkingDirectory")
        .string()
        .is(&directory.to_owned());
    unit.steps.iter().find(|step| {
        let names = step
            .command
            .arguments()
            .iter()
            .any(|word| word.is(directory));
        step.command.is("git", &["clone"]) && (works_there || names)
    })
}
