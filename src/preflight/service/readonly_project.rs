//! `svc-readonly-project`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::folders;
use crate::evaluation::{Part, Value};
use crate::facts::Facts;
use crate::facts::{Step, Unit};
use crate::finding::{Finding, Severity};
use crate::nixos::View;
use crate::reading::{Place, Read};
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
      WorkingDirectory = "/opt/app"; ProtectSystem = "strict";
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
      WorkingDirectory = "/opt/app"; ProtectSystem = "strict"; ReadWritePaths = [ "/opt/app" ];
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, level, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      WorkingDirectory = "/opt/app"; ProtectSystem = level;
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-readonly-project",
    severity: Severity::Error,
    title: "devenv cannot write beside its configuration",
    why: "devenv keeps its caches, its state and its roots against garbage collection in `.devenv`, beside `devenv.nix`. In the Nix store, or where `ProtectSystem=strict` makes everything read-only, it stops.",
    fix: "Run it in a writable checkout, and name that in `ReadWritePaths` under `ProtectSystem=strict`.",
    evidence: "devenv's folders; systemd.exec(5)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let read_only = |(unit, _): (&Unit, &Step)| {
        let directory = unit.service("WorkingDirectory");
        if let Some(place) = in_the_store(&directory) {
            let message = format!(
                "`{}` runs devenv in the Nix store, which is read-only",
                unit.title()
            );
            let help = "let a unit put a writable copy below `/var/lib`, and work there";
            return Some(
                facts
                    .finding(&RULE, place.as_ref(), message, help)
                    .labelled("read-only"),
            );
        }
        let protect = unit.service("ProtectSystem").string();
        let Read::Known(directory, _) = directory.string() else {
            return None;
        };
        if !protect.is(&"strict".to_owned()) || may_write(unit, &directory) {
            return None;
        }
        let message = format!(
            "`{}` runs devenv in `{directory}`, which `ProtectSystem = \"strict\"` makes read-only",
            unit.title()
        );
        let help =
            format!("add `ReadWritePaths = [ \"{directory}\" ];` to the unit's `serviceConfig`");
        Some(
            facts
                .finding(&RULE, protect.place(), message, help)
                .labelled("read-only"),
        )
    };
    facts.devenv_units().filter_map(read_only).collect()
}

/// The place of a value that is certainly a path of the store.
#[expect(clippy::option_option, reason = "a value may have no place")]
fn in_the_store(directory: &View) -> Option<Option<Place>> {
    match directory.value() {
        Read::Known(Value::Path(_), place) => Some(place),
        Read::Known(Value::Text(text), place) => {
            let stored = match text.parts.first()? {
                Part::Literal(text) => text.starts_with("/nix/store/"),
                Part::Symbol(symbol) => {
                    symbol.name.starts_with("inputs.") || symbol.name.starts_with("pkgs.")
                }
                Part::Unknown => false,
            };
            stored.then_some(place)
        }
        _ => None,
    }
}

fn may_write(unit: &Unit, directory: &str) -> bool {
    let lists = ["ReadWritePaths", "BindPaths"];
    let listed = lists
        .iter()
        .any(|name| unit.service(name).is_defined() != Some(false));
    listed
        || folders::of_unit(unit)
            .is_none_or(|own| own.iter().any(|it| folders::holds(it, directory)))
}
