//! A misspelt key of devenv.yaml.

use crate::deployment::nearest;
use crate::devenv::Yaml;
use crate::facts::Facts;
use crate::finding::{Finding, Patch, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- devenv.yaml --
strict_port: true
"#,
        good: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- devenv.yaml --
strict_ports: true
allowUnfree: true
"#,
        // What resembles no key may belong to a newer devenv.
        undecidable: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- devenv.yaml --
experimental_cache: true
"#,
    },
};

static RULE: Rule = Rule {
    id: "devenv-yaml-unknown-key",
    severity: Severity::Warning,
    title: "a misspelt key in devenv.yaml",
    why: "devenv passes over keys that it does not know, so the setting stays at its default without \
          a word.",
    fix: "Correct the spelling.",
    evidence: "the JSON schema of devenv.yaml",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(yaml) = facts.devenv_yaml() else {
        return Vec::new();
    };
    let misspelt = yaml.unknown_keys().filter_map(|entry| {
        let meant = nearest(&entry.key, Yaml::known_keys())?;
        Some((entry, meant))
    });
    let misspelt: Vec<_> = misspelt.collect();
    if misspelt.is_empty() || !facts.deploys() {
        return Vec::new();
    }
    misspelt
        .into_iter()
        .map(|(entry, meant)| {
            let message = format!("devenv knows no key `{}`", entry.key);
            let patch = Patch {
                file: entry.place.file.to_string(),
                range: entry.place.range(),
                replacement: meant.to_owned(),
            };
            facts
                .finding(
                    &RULE,
                    Some(&entry.place),
                    message,
                    format!("write `{meant}`"),
                )
                .patched(patch)
        })
        .collect()
}
