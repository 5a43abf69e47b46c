//! A log that hides why a certificate is missing.

use crate::caddy::every;
use crate::facts::Facts;
use crate::finding::{Finding, Patch, Severity};
use crate::nixos::System;
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
-- Caddyfile --
{
	log {
		level ERROR
	}
}
"#,
        good: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- Caddyfile --
{
	log {
		level INFO
	}
}
"#,
        undecidable: r#"
-- main.tf --
resource "digitalocean_droplet" "web" {}
-- Caddyfile --
{
	log {
		level {$LEVEL:ERROR}
	}
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "caddy-log-level",
    severity: Severity::Advice,
    title: "Caddy's log leaves out the certificates",
    why: "Caddy tells of every step towards a certificate at the level INFO. With a higher level a \
          site without a certificate is all that anybody sees.",
    fix: "Set the level of the default log to INFO.",
    evidence: "Caddy's log of its ACME client",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in facts.caddy() {
        let Some(level) = file.log_level().value().cloned() else {
            continue;
        };
        let hides = ["warn", "error", "panic", "fatal"].contains(&&*level.to_lowercase());
        let lines = every(&file.global, "level");
        let Some(word) = lines.last().and_then(|line| line.arguments.first()) else {
            continue;
        };
        if !hides || !word.is(&level) || !facts.deploys() {
            continue;
        }
        let message = format!("the level `{level}` hides how certificates are asked for");
        let help = "write `level INFO`";
        let patch = Patch {
            file: word.place.file.to_string(),
            range: word.place.range(),
            replacement: "INFO".to_owned(),
        };
        let finding = facts.finding(&RULE, Some(&word.place), message, help);
        findings.push(finding.patched(patch));
    }
    let systems = facts.droplet_systems().into_iter();
    findings.extend(systems.filter_map(|system| of_nixos(facts, system)));
    findings
}

/// NixOS tells its own Caddy to log errors alone.
fn of_nixos(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let caddy = system.at("services.caddy");
    let enable = caddy.at("enable").boolean();
    let others = ["configFile", "settings", "globalConfig", "logFormat"];
    let is_default = others
        .iter()
        .all(|option| caddy.at(*option).is_defined() == Some(false));
    if enable.value() != Some(&true) || !is_default || !facts.deploys() {
        return None;
    }
    let message = "NixOS' level `ERROR` hides how certificates are asked for";
    let help = "add `services.caddy.logFormat = \"level INFO\";`";
    Some(facts.finding(&RULE, enable.place(), message, help))
}
