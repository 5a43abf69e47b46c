//! `svc-account-incomplete`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Unit, is_of_nixpkgs};
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
{
  systemd.services.app.serviceConfig = { ExecStart = "/opt/app/run"; User = "app"; };
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app.serviceConfig = { ExecStart = "/opt/app/run"; User = "app"; Group = "app"; };
  users.users.app = { isSystemUser = true; group = "app"; };
  users.groups.app = { };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ accounts, ... }:
{
  systemd.services.app.serviceConfig = { ExecStart = "/opt/app/run"; User = "app"; };
  users.users = accounts;
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-account-incomplete",
    severity: Severity::Error,
    title: "a service runs as somebody who is not there",
    why: "systemd looks the account and the group up before it runs anything, and ends with status 217/USER or 216/GROUP where there is none. NixOS builds no system with an account that is neither a system user nor a normal one, or that has no group.",
    fix: "Declare the account with `isSystemUser`, `group` and a group of that name.",
    evidence: "systemd.exec(5); NixOS' assertions about users",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in facts.units().iter().filter(|it| it.is_own) {
        let Read::Known(user, place) = unit.service("User").string() else {
            continue;
        };
        let is_dynamic = unit.service("DynamicUser").boolean();
        if user == "root"
            || user.contains('%')
            || is_of_nixpkgs(&user)
            || !(is_dynamic.is_absent() || is_dynamic.is(&false))
        {
            continue;
        }
        let Some((what, help)) = lacks(facts, unit, &user) else {
            continue;
        };
        let message = format!("`{}` runs as `{user}`, {what}", unit.title());
        let account = facts.system_of(unit).at(&["users", "users", &user]).place();
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        findings.push(match account {
            Some(account) => finding.related(account.location(), "the account"),
            None => finding.labelled("no such account"),
        });
    }
    findings
}

/// What an account lacks, and what to write.
fn lacks(facts: &Facts<'_>, unit: &Unit, user: &str) -> Option<(String, String)> {
    let system = facts.system_of(unit);
    let users = system.at("users.users");
    let account = users.at(&[user]);
    match account.is_defined() {
        Some(true) => {}
        Some(false) if users.names().complete => {
            let help = format!(
                "add `users.users.{user} = {{ isSystemUser = true; group = \"{user}\"; }};` and `users.groups.{user} = {{ }};`"
            );
            return Some(("which no account is called".to_owned(), help));
        }
        _ => return None,
    }
    let is_off = |name: &str| {
        let read = account.at(name).boolean();
        account.at(name).is_defined() == Some(false) || read.is(&false)
    };
    if is_off("isSystemUser") && is_off("isNormalUser") {
        let what = "an account that is neither a system user nor a normal one".to_owned();
        return Some((
            what,
            format!("add `users.users.{user}.isSystemUser = true;`"),
        ));
    }
    if account.at("isSystemUser").boolean().is(&true)
        && account.at("group").is_defined() == Some(false)
    {
        let what = "an account without a group".to_owned();
        return Some((
            what,
            format!("add `users.users.{user}.group = \"{user}\";`"),
        ));
    }
    let own_group = |read: Read<String>| read.is(&user.to_owned());
    let names_group =
        own_group(unit.service("Group").string()) || own_group(account.at("group").string());
    let groups = system.at("users.groups");
    let is_missing = groups.names().complete && groups.at(&[user]).is_defined() == Some(false);
    (names_group && is_missing).then(|| {
        let what = "whose group nothing declares".to_owned();
        (what, format!("add `users.groups.{user} = {{ }};`"))
    })
}
