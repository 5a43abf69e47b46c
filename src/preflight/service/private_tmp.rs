//! `svc-private-tmp-hides-socket`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
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
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      PrivateTmp = true;
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
      PrivateTmp = true; RuntimeDirectory = "app"; Environment = "XDG_RUNTIME_DIR=/run/app";
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, private, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      PrivateTmp = private;
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-private-tmp-hides-socket",
    severity: Severity::Advice,
    title: "nobody can talk to devenv's processes",
    why: "With `PrivateTmp` the socket of the manager lies in a `/tmp` that only the unit sees, so that `devenv processes` from a shell finds nothing.",
    fix: "Set `RuntimeDirectory` for the unit, and `XDG_RUNTIME_DIR` to that folder.",
    evidence: "devenv's runtime folder; systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let hidden = |(unit, _): (&Unit, &Step)| {
        let private = unit.service("PrivateTmp").boolean();
        if private.value() != Some(&true) || !super::has_no_runtime_folder(unit) {
            return None;
        }
        let message = format!(
            "`PrivateTmp` of `{}` hides the socket of devenv's processes",
            unit.title()
        );
        let help = format!(
            "add `RuntimeDirectory = \"{0}\";`, and set `environment.XDG_RUNTIME_DIR = \"/run/{0}\";`",
            unit.name
        );
        Some(
            facts
                .finding(&RULE, private.place(), message, help)
                .labelled("hides the socket"),
        )
    };
    facts.devenv_units().filter_map(hidden).collect()
}
