//! `svc-never-started`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::command::Word;
use crate::facts::{Facts, Unit};
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
{
  systemd.services.app.serviceConfig = {
    ExecStart = "/opt/app/run";
    Restart = "always";
  };
}
"#,
        good: r#"
-- configuration.nix --
{
  systemd.services.app = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = { ExecStart = "/opt/app/run"; Restart = "always"; };
  };
  systemd.services.helper.serviceConfig = { ExecStart = "/opt/app/help"; Restart = "always"; };
  systemd.services.other = {
    wantedBy = [ "multi-user.target" ];
    requires = [ "helper.service" ];
    serviceConfig = { ExecStart = "/opt/app/other"; Restart = "always"; };
  };
  systemd.services.backup.serviceConfig = { ExecStart = "/opt/app/backup"; Type = "oneshot"; };
}
"#,
        undecidable: r#"
-- configuration.nix --
{ targets, ... }:
{
  systemd.services.app = {
    wantedBy = targets;
    serviceConfig = { ExecStart = "/opt/app/run"; Restart = "always"; };
  };
}
"#,
    },
};

static RULE: Rule = Rule {
    id: "svc-never-started",
    severity: Severity::Warning,
    title: "a service that nothing starts",
    why: "systemd starts what a target wants, what another unit requires, and what a timer or a socket sets off. A service that none of them names stays down after every boot, without a word in the journal.",
    fix: "Add `wantedBy = [ \"multi-user.target\" ];`.",
    evidence: "systemd.unit(5)",
};

/// Ways in which a unit says by itself when it starts.
const OWN: [&str; 5] = ["wantedBy", "requiredBy", "upheldBy", "startAt", "aliases"];
/// Ways in which another unit brings one along.
const OTHERS: [&str; 6] = [
    "wants",
    "requires",
    "requisite",
    "bindsTo",
    "upholds",
    "onFailure",
];

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let unstarted = |unit: &Unit| {
        let stays = unit.service("Restart").string();
        let stays = stays.value().is_some_and(|it| it != "no");
        if !unit.is_own || !(stays || is_awaited(facts, unit)) {
            return None;
        }
        let may_say = |name: &&str| may_hold(unit, name, None);
        if OWN.iter().any(may_say) || is_started(facts, unit) {
            return None;
        }
        let message = format!("nothing starts `{}`", unit.title());
        let help = "add `wantedBy = [ \"multi-user.target\" ];` to it";
        let place = unit.view.place();
        let finding = facts.finding(&RULE, place.as_ref(), message, help);
        Some(finding.labelled("never started"))
    };
    facts.units().iter().filter_map(unstarted).collect()
}

/// Whether a list of a unit holds a name, or anything when there is none, or may hold it.
fn may_hold(unit: &Unit, list: &str, name: Option<&str>) -> bool {
    let view = unit.view.at(list);
    if view.is_defined() == Some(false) {
        return false;
    }
    let items = view.list();
    let mut texts = items.items.iter().map(super::super::host::text_of);
    let is_meant = |text: Option<String>| match (text, name) {
        (Some(text), Some(name)) => text == name,
        _ => true,
    };
    !items.complete || texts.any(is_meant)
}

/// Whether another unit certainly waits for it, so that it is meant to run.
fn is_awaited(facts: &Facts<'_>, unit: &Unit) -> bool {
    let title = unit.title();
    let others = facts.units().iter().filter(|it| it.system == unit.system);
    let mut others = others.filter(|it| it.name != unit.name);
    others.any(|it| {
        let after = it.view.at("after").list().items;
        let mut after = after.iter().filter_map(super::super::host::text_of);
        after.any(|text| text == title)
    })
}

/// Whether anything else may start it.
fn is_started(facts: &Facts<'_>, unit: &Unit) -> bool {
    let system = facts.system_of(unit);
    let title = unit.title();
    let others = facts.units().iter().filter(|it| it.system == unit.system);
    let mut others = others.filter(|it| it.name != unit.name);
    others.any(|it| {
        let starts = it.steps.iter().any(|step| {
            let words = step.command.arguments();
            let names_it = |word: &Word| !word.decided || word.text.starts_with(&*unit.name);
            step.command.program() == Some("systemctl")
                && words.iter().any(names_it)
                && !words.iter().any(|word| word.is("restart"))
        });
        starts || OTHERS.iter().any(|list| may_hold(it, list, Some(&title)))
    }) || is_set_off(system, &unit.name)
}

/// Whether a unit of another kind may start it.
fn is_set_off(system: &System, name: &str) -> bool {
    let is_named = |kind: &str| {
        let names = system.at(&["systemd", kind]).names();
        !names.complete || names.names.iter().any(|it| &**it == name)
    };
    let targets = system.at("systemd.targets").names();
    ["timers", "sockets", "paths"].into_iter().any(is_named)
        || !targets.complete
        || !targets.names.is_empty()
}
