//! `svc-profile-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::deployment::nearest;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
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
      ExecStart = "${pkgs.devenv}/bin/devenv --profile prod up";
      
    };
  };
  
}
-- devenv.nix --
{ profiles.production.module = { env.A = "1"; }; }
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv --profile prod up";
      
    };
  };
  
}
-- devenv.nix --
{ profiles.prod.module = { env.A = "1"; }; }
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv --profile prod up";
      
    };
  };
  
}
-- devenv.nix --
{ names, ... }: { profiles = names; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-profile-missing",
    severity: Severity::Error,
    title: "the unit names a profile that devenv.nix does not have",
    why: "devenv stops at an unknown profile before it starts anything, and systemd starts it again without end.",
    fix: "Declare the profile in `devenv.nix`, or correct the name in the unit.",
    evidence: "devenv's documentation of profiles",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(shell) = facts.shell() else {
        return Vec::new();
    };
    let others = facts
        .devenv_yaml()
        .is_some_and(|yaml| !yaml.imports().is_empty());
    if !shell.complete || others {
        return Vec::new();
    }
    let missing = |(unit, step): (&Unit, &Step)| {
        let profile = step.command.value(&["--profile", "-P"])?;
        let name = profile.text.as_str();
        // The manifest's own profiles are there once `devenv.nix` imports them, which another rule
        // asks for.
        let is_generated = facts.manifest.is_some_and(|manifest| {
            let mut profiles = manifest.deployment.profiles.keys();
            profiles.any(|it| it.as_str() == name)
        });
        if !profile.decided || is_generated || shell.under(name).is_some() {
            return None;
        }
        let message = format!(
            "`{}` runs devenv with the profile `{name}`, which `devenv.nix` does not have",
            unit.title()
        );
        let known = shell.profiles.keys().map(|name| &**name);
        let help = match nearest(name, known) {
            Some(near) => format!("write `{near}`, or add `profiles.{name}` to `devenv.nix`"),
            None => format!("add `profiles.{name}.module = {{ … }};` to `devenv.nix`"),
        };
        let finding = facts.finding(&RULE, step.place.as_ref(), message, help);
        Some(finding.labelled("no such profile"))
    };
    facts.devenv_units().filter_map(missing).collect()
}
