//! `svc-secret-prompt`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use super::with_unit;
use crate::devenv::Yaml;
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
      
    };
  };
  
}
-- devenv.yaml --
secretspec:
  enable: true
  provider: keyring
"#,
        good: r#"
-- configuration.nix --
{ pkgs, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      Environment = "SECRETSPEC_PROVIDER=env";
    };
  };
  
}
-- devenv.yaml --
secretspec:
  enable: true
  provider: keyring
"#,
        undecidable: r#"
-- configuration.nix --
{ pkgs, variables, ... }:
{
  systemd.services.app = {
    serviceConfig = {
      ExecStart = "${pkgs.devenv}/bin/devenv up";
      Environment = variables;
    };
  };
  
}
-- devenv.yaml --
secretspec:
  enable: true
  provider: keyring
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-secret-prompt",
    severity: Severity::Warning,
    title: "secrets come from where only a person has them",
    why: "A keyring belongs to a desktop session and a password manager asks for a password. On a server devenv waits for both, and nothing starts.",
    fix: "Set `SECRETSPEC_PROVIDER` for the unit to a provider that needs nobody, such as `env`.",
    evidence: "secretspec's documentation of providers",
};

/// Providers that need a person.
const PERSONAL: [&str; 5] = [
    "1password",
    "bitwarden",
    "keyring",
    "lastpass",
    "onepassword",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((provider, place)) = facts.devenv_yaml().and_then(Yaml::secretspec_provider) else {
        return Vec::new();
    };
    let name = provider.split(':').next().unwrap_or(provider);
    let asking = |(unit, step): (&Unit, &Step)| {
        let is_other = !unit.variable("SECRETSPEC_PROVIDER").is_absent() || !unit.complete;
        if is_other || !PERSONAL.contains(&name) {
            return None;
        }
        let message = format!(
            "`{}` takes its secrets from `{name}`, which needs a person",
            unit.title()
        );
        let help = "set `environment.SECRETSPEC_PROVIDER = \"env\";` of the unit, and its `EnvironmentFile`";
        let finding = facts
            .finding(&RULE, Some(place), message, help)
            .labelled("needs a person");
        Some(with_unit(finding, step))
    };
    facts.devenv_units().filter_map(asking).collect()
}
