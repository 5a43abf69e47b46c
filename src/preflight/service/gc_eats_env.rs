//! `svc-gc-eats-env`

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
      Environment = "HOME=/tmp/app";
    };
  };
  nix.gc.automatic = true;
}
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      Environment = "HOME=/var/lib/app";
    };
  };
  nix.gc.automatic = true;
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, home, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      Environment = "HOME=${home}";
    };
  };
  nix.gc.automatic = true;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-gc-eats-env",
    severity: Severity::Warning,
    title: "garbage collection removes what the application runs from",
    why: "The roots of devenv's environment lie in DEVENV_HOME and in `.devenv`. When these are in a folder that goes away, the next collection deletes the store paths of the running application.",
    fix: "Put HOME and DEVENV_HOME below `/var/lib`, with a user that stays.",
    evidence: "devenv's roots against garbage collection",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let eaten = |(unit, step): (&Unit, &Step)| {
        let automatic = facts.system_of(unit).at("nix.gc.automatic").boolean();
        if automatic.value() != Some(&true) {
            return None;
        }
        let own = unit.variable("DEVENV_HOME");
        let home = if own.is_absent() {
            unit.variable("HOME")
        } else {
            own
        };
        let Read::Known(folder, place) = home else {
            return None;
        };
        let goes_away = ["/tmp", "/var/tmp", "/run", "/dev/shm"]
            .iter()
            .any(|root| super::folders::holds(root, &folder));
        if !goes_away {
            return None;
        }
        let message = format!(
            "`{}` keeps devenv's roots in `{folder}`, which does not last, while `nix.gc.automatic` is on",
            unit.title()
        );
        let help = format!("put it below `/var/lib/{}`", unit.name);
        let place = place.as_ref().or(step.place.as_ref());
        Some(
            facts
                .finding(&RULE, place, message, help)
                .labelled("does not last"),
        )
    };
    facts.devenv_units().filter_map(eaten).collect()
}
