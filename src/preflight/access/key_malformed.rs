use crate::access::key_refusal;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::preflight::Check;
use crate::preflight::host::{report, text_of};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- configuration.nix --
{ users.users.root.openssh.authorizedKeys.keys = [ "~/.ssh/id_ed25519.pub" ]; }
"#,
        good: r#"-- configuration.nix --
{ users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ a" "from=\"10.0.0.1\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ a" ]; }
"#,
        undecidable: r"-- configuration.nix --
{ lib, key, ... }: { users.users.root.openssh.authorizedKeys.keys = [ key (builtins.readFile ./my.pub) ]; }
",
    },
};

static RULE: Rule = Rule {
    id: "ssh-key-malformed-or-private",
    severity: Severity::Error,
    title: "what is declared as a key is none",
    why: "NixOS copies the text as it is and sshd skips lines that it does not understand, so the key opens nothing and nobody says so.",
    fix: "Paste the one line that the `.pub` file holds.",
    evidence: "sshd(8): the format of authorized_keys; DigitalOcean answers 422 to such a key",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let systems = facts.systems().iter();
    systems
        .flat_map(|system| in_system(facts, system))
        .collect()
}

fn in_system(facts: &Facts<'_>, system: &System) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (user, account) in system.at("users.users").children() {
        for item in account.at(KEYS).list().items {
            let Some((message, help)) = text_of(&item).and_then(|text| key_refusal(&text)) else {
                continue;
            };
            let message = format!("a key of `{user}` opens nothing: {message}");
            let place = item.place.as_ref();
            let finding = report(facts, &RULE, system, place, message, help);
            findings.push(finding.labelled("sshd skips this"));
        }
    }
    findings
}

const KEYS: &str = "openssh.authorizedKeys.keys";
