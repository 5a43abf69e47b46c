//! `svc-protect-home`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::facts::Unit;
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
      ProtectHome = true; WorkingDirectory = "/home/app";
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
      ProtectHome = true; WorkingDirectory = "/var/lib/app";
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, hide, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      ProtectHome = hide; WorkingDirectory = "/home/app";
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-protect-home",
    severity: Severity::Warning,
    title: "the unit does not see its own folder",
    why: "`ProtectHome` shows `/home`, `/root` and `/run/user` as empty. A unit that works there cannot change into its folder.",
    fix: "Move the application below `/var/lib`, or remove `ProtectHome`.",
    evidence: "systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let hidden = |unit: &Unit| {
        let protect = unit.service("ProtectHome");
        let is_on = match protect.value() {
            Read::Known(Value::Bool(on), _) => on,
            Read::Known(Value::Text(text), _) => matches!(text.known()?, "yes" | "true" | "tmpfs"),
            _ => false,
        };
        let folders = [
            unit.service("WorkingDirectory").string(),
            unit.variable("HOME"),
        ];
        let (folder, place) = folders.into_iter().find_map(|read| match read {
            Read::Known(folder, place) => ["/home", "/root", "/run/user"]
                .iter()
                .any(|root| super::folders::holds(root, &folder))
                .then_some((folder, place)),
            _ => None,
        })?;
        let binds = ["BindPaths", "BindReadOnlyPaths"];
        if !is_on
            || binds
                .iter()
                .any(|name| unit.service(name).is_defined() != Some(false))
        {
            return None;
        }
        let message = format!(
            "`{}` uses `{folder}`, which `ProtectHome` hides from it",
            unit.title()
        );
        let help = "move the folder below `/var/lib`";
        let finding = facts
            .finding(&RULE, place.as_ref(), message, help)
            .labelled("hidden");
        Some(match protect.value().place() {
            Some(place) => finding.related(place.location(), "hidden by this"),
            None => finding,
        })
    };
    facts.units().iter().filter_map(hidden).collect()
}
