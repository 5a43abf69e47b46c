//! `svc-env-secrets-in-store`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::deployment::{looks_like_secret, looks_like_secret_named};
use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::View;
use crate::reading::Read;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"
-- configuration.nix --
{ systemd.services.app.environment.API_TOKEN = "9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c"; }
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app = {
    environment.API_TOKEN_FILE = "/run/secrets/token";
    serviceConfig.EnvironmentFile = "/var/lib/app/environment";
  };
}
"#,
        undecidable: r"
-- configuration.nix --
{ secrets, ... }: { systemd.services.app.environment.API_TOKEN = secrets.token; }
",
    },
};

static RULE: Rule = Rule {
    id: "svc-env-secrets-in-store",
    severity: Severity::Error,
    title: "a secret in the Nix store",
    why: "What a configuration says is copied into the Nix store, which every user of the machine can read, and into caches and git.",
    fix: "Remove it, replace the secret, and give it to the unit with `EnvironmentFile` or `LoadCredential`.",
    evidence: "the store's permissions; token formats of the providers",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judge = |of: String, name: &str, value: Read<String>, strictly: bool| {
        let Read::Known(text, place) = value else {
            return;
        };
        let kind = if strictly {
            looks_like_secret_named(name, &text)
        } else {
            looks_like_secret(&text)
        };
        if let Some(kind) = kind {
            let message = format!(
                "`{name}` of {of} holds a secret ({kind}), which anybody can read in the Nix store"
            );
            let help = "remove it here, replace the secret, and name a file outside the store in `EnvironmentFile`";
            let finding = facts.finding(&RULE, place.as_ref(), message, help);
            findings.push(finding.labelled("readable by everybody").concealed());
        }
    };
    for unit in facts.units() {
        for (name, value) in unit.view.at("environment").children() {
            judge(format!("`{}`", unit.title()), &name, value.string(), true);
        }
        for (name, value) in assignments(&unit.service("Environment")) {
            judge(format!("`{}`", unit.title()), &name, value, true);
        }
    }
    // A password of a database on a developer's own machine is none that matters.
    let shells = facts.shell().into_iter();
    let shells = shells.flat_map(|shell| shell.profiles.values().chain([&shell.base]));
    for shell in shells {
        for (name, value) in shell.at("env").children() {
            judge("`devenv.nix`".to_owned(), &name, value.string(), false);
        }
    }
    super::once(findings)
}

/// What `Environment` of a unit assigns, as one text or as a list of them.
fn assignments(view: &View) -> Vec<(String, Read<String>)> {
    let items = match view.value() {
        Read::Known(value @ Value::Text(_), place) => vec![(value, place)],
        Read::Known(Value::List(_), _) => {
            let items = view.list().items.into_iter();
            items.map(|item| (item.value, item.place)).collect()
        }
        _ => Vec::new(),
    };
    let mut assigned = Vec::new();
    for (value, place) in items {
        let Value::Text(text) = value else {
            continue;
        };
        let Some(text) = text.known() else {
            continue;
        };
        // A quoted assignment may hold blanks; one alone is the whole of its item.
        let whole = text.trim_matches('"');
        let words = text.split_whitespace().map(|word| word.trim_matches('"'));
        let is_one = text.starts_with('"') && whole.matches('"').count() == 0;
        let words: Vec<&str> = if is_one { vec![whole] } else { words.collect() };
        let pairs = words.into_iter().filter_map(|word| word.split_once('='));
        assigned.extend(pairs.map(|(name, value)| {
            let read = Read::Known(value.to_owned(), place.clone());
            (name.to_owned(), read)
        }));
    }
    assigned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::testing::findings;

    #[test]
    fn every_way_to_set_a_variable_is_read() {
        let secret = "API_TOKEN=9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c";
        for (written, count) in [
            (format!("\"{secret}\""), 1),
            (format!("[ \"A=b\" \"{secret}\" ]"), 1),
            (format!("\"A=b {secret}\""), 1),
            ("[ \"API_TOKEN_FILE=/run/secrets/token\" ]".to_owned(), 0),
        ] {
            let project = format!(
                "-- configuration.nix --\n{{ systemd.services.app.serviceConfig.Environment = {written}; }}\n"
            );
            assert_eq!(findings(&CHECK, &project).len(), count, "{written}");
        }
    }
}
