//! `svc-cache-not-trusted`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::facts::{Step, Unit};
use crate::finding::{Finding, Severity};
use crate::nixos::System;
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
      User = "app";
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
  nix.settings = {
    substituters = [ "https://devenv.cachix.org" ];
    trusted-public-keys = [ "devenv.cachix.org-1:w1cLUi8dv3hnoSPGAuibQv+f9TZLr6cv/Hm9XgU50cw=" ];
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, caches, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      User = "app";
    };
  };
  nix.settings.substituters = caches;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-cache-not-trusted",
    severity: Severity::Warning,
    title: "the daemon does not ask devenv's cache",
    why: "The Nix daemon ignores caches that an ordinary user asks for. Without them in the system's own settings the server compiles devenv and its tools itself, for hours, or until memory runs out.",
    fix: "Add `https://devenv.cachix.org` to `nix.settings.substituters`, and its key to `trusted-public-keys`.",
    evidence: "devenv's documentation of binary caching; its pull request 3177",
};

const KEY: &str = "devenv.cachix.org-1:w1cLUi8dv3hnoSPGAuibQv+f9TZLr6cv/Hm9XgU50cw=";

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let untrusted = |(unit, step): (&Unit, &Step)| {
        let system = facts.system_of(unit);
        let user = unit.service("User").string();
        let user = user.value().filter(|user| *user != "root")?;
        let trusted = texts(system, &["trusted-users"])?;
        if trusted
            .iter()
            .any(|it| it == user || it == "*" || it.starts_with('@'))
        {
            return None;
        }
        let caches = texts(
            system,
            &["substituters", "extra-substituters", "trusted-substituters"],
        )?;
        let keys = texts(
            system,
            &["trusted-public-keys", "extra-trusted-public-keys"],
        )?;
        let has_cache = caches.iter().any(|it| it.contains("devenv.cachix.org"));
        let has_key = keys.iter().any(|it| it.starts_with("devenv.cachix.org-1:"));
        let (missing, help) = if !has_cache {
            (
                "caches without `https://devenv.cachix.org`",
                format!(
                    "add `https://devenv.cachix.org` to `nix.settings.substituters`, and `{KEY}` to `nix.settings.trusted-public-keys`"
                ),
            )
        } else if !has_key {
            (
                "keys without that of `devenv.cachix.org`",
                format!("add `{KEY}` to `nix.settings.trusted-public-keys`"),
            )
        } else {
            return None;
        };
        let message = format!(
            "`{}` runs devenv as `{user}`, and the daemon trusts {missing}",
            unit.title()
        );
        let place = system
            .at("nix.settings.substituters")
            .place()
            .or(step.place.clone());
        Some(
            facts
                .finding(&RULE, place.as_ref(), message, help)
                .labelled("compiled on the server"),
        )
    };
    facts.devenv_units().filter_map(untrusted).collect()
}

/// The strings of several lists of `nix.settings`; `None` when there may be others.
fn texts(system: &System, options: &[&str]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for option in options {
        let list = system.at(&["nix", "settings", option]).list();
        if !list.complete || system.at("nix.extraOptions").is_defined() != Some(false) {
            return None;
        }
        for item in list.items {
            match item.value {
                Value::Text(text) => all.push(text.known()?.to_owned()),
                _ => return None,
            }
        }
    }
    Some(all)
}
