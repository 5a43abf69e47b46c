//! `svc-network-online`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
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
    after = [ "network-online.target" ];
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
    after = [ "network-online.target" ];
    wants = [ "network-online.target" ];
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, targets, ... }:
{
  systemd.services.app = {
    after = [ "network-online.target" ];
    wants = targets;
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      
    };
  };
  
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-network-online",
    severity: Severity::Warning,
    title: "the unit does not wait for the network",
    why: "The first start fetches inputs. `after` alone does not bring `network-online.target` up, and `wants` alone does not wait for it.",
    fix: "Name `network-online.target` both in `after` and in `wants`.",
    evidence: "systemd.special(7)",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let hasty = |(unit, step): (&Unit, &Step)| {
        let after = names(unit, &["after"])?;
        let wants = names(unit, &["wants", "requires", "bindsTo", "requisite"])?;
        let target = "network-online.target";
        let missing: Vec<&str> = [("after", &after), ("wants", &wants)]
            .into_iter()
            .filter(|(_, names)| !names.iter().any(|it| it == target))
            .map(|(option, _)| option)
            .collect();
        // A unit that it waits for may wait itself.
        let is_ordered = after.iter().any(|name| {
            let name = name.strip_suffix(".service").unwrap_or(name);
            facts.units().iter().any(|it| &*it.name == name)
        });
        if missing.is_empty() || is_ordered {
            return None;
        }
        let missing = missing.join("` and `");
        let message = format!("`{}` does not name `{target}` in `{missing}`", unit.title());
        let help = format!("add `{target}` to `{missing}` of the unit");
        let place = unit.view.at("after").place().or(step.place.clone());
        Some(
            facts
                .finding(&RULE, place.as_ref(), message, help)
                .labelled("may start without a network"),
        )
    };
    facts.devenv_units().filter_map(hasty).collect()
}

fn names(unit: &Unit, options: &[&str]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for option in options {
        let list = unit.view.at(&[*option]).list();
        if !list.complete || unit.view.at("unitConfig").is_defined() != Some(false) {
            return None;
        }
        for item in list.items {
            match item.value {
                Value::Text(text) => all.push(text.with_symbols()?),
                _ => return None,
            }
        }
    }
    Some(all)
}
