//! `svc-env-secrets-in-store`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::deployment::{looks_like_secret, looks_like_secret_named};
use crate::facts::Facts;
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
