//! `svc-directory-variable`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Unit};
use crate::finding::{Finding, Severity};
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{
  systemd.services.app = {
    script = "touch \"$RUNTIME_DIRECTORY/ready\"";
  };
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app = {
    script = "touch \"$RUNTIME_DIRECTORY/ready\" \"\${STATE_DIRECTORY:-.}/x\"";
    serviceConfig.RuntimeDirectory = "app";
  };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ hardening, ... }:
{
  systemd.services.app = {
    script = "touch \"$RUNTIME_DIRECTORY/ready\"";
    serviceConfig = hardening;
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-directory-variable",
    severity: Severity::Error,
    title: "a script uses a directory that its unit does not have",
    why: "systemd sets `RUNTIME_DIRECTORY` and its like only for a unit that asks for the directory. Otherwise the variable is empty, and the script works in `/`, where an ordinary user may write nothing.",
    fix: "Ask for it with `RuntimeDirectory`, `StateDirectory` and so on.",
    evidence: "systemd.exec(5)",
};

/// What systemd sets, and the option that asks for it.
const DIRECTORIES: [(&str, &str); 5] = [
    ("RUNTIME_DIRECTORY", "RuntimeDirectory"),
    ("STATE_DIRECTORY", "StateDirectory"),
    ("CACHE_DIRECTORY", "CacheDirectory"),
    ("LOGS_DIRECTORY", "LogsDirectory"),
    ("CONFIGURATION_DIRECTORY", "ConfigurationDirectory"),
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let own = facts.units().iter().filter(|it| it.is_own);
    let found = own.flat_map(|unit| {
        let missing = DIRECTORIES.iter();
        missing.filter_map(|(variable, option)| without(facts, unit, variable, option))
    });
    found.collect()
}

fn without(facts: &Facts<'_>, unit: &Unit, variable: &str, option: &str) -> Option<Finding> {
    let uses = [format!("${variable}"), format!("${{{variable}}}")];
    let sets = format!("{variable}=");
    let script = unit.scripts.iter().find(|script| {
        uses.iter().any(|it| script.text.contains(it)) && !script.text.contains(&sets)
    })?;
    let is_set =
        unit.service(option).is_defined() != Some(false) || !unit.variable(variable).is_absent();
    if is_set {
        return None;
    }
    let message = format!(
        "`{}` uses `${variable}`, which is empty without `{option}`",
        unit.title()
    );
    let help = format!("add `{option} = \"{}\";` to its `serviceConfig`", unit.name);
    let finding = facts.finding(&RULE, script.place.as_ref(), message, help);
    Some(finding.labelled("an empty variable"))
}
