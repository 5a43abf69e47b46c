//! The rules of the preflight: each one file with its record, its function and three examples.
//!
//! A new rule goes into the folder of its subject and into the list of that folder's `mod.rs`.

use std::collections::BTreeSet;

use crate::access::Chain;
use crate::evaluation::{Evaluator, on_a_large_stack};
use crate::facts::{Facts, Manifest};
use crate::finding::Finding;
use crate::handwritten::Files;
use crate::rules::Rule;
use crate::tofu::{Attribute, Resource};

mod access;
mod caddy;
mod disk;
mod dns;
mod firewall;
mod host;
mod memory;
mod network;
mod operations;
mod options;
mod provider;
mod reading;
mod service;
mod size;
mod tofu;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod faulty;
#[cfg(test)]
mod mangled;
#[cfg(test)]
mod metamorphic;
#[cfg(test)]
mod sound;
#[cfg(test)]
pub(crate) mod testing;

/// A rule that judges what can be read from files.
pub struct Check {
    /// Its record.
    pub rule: &'static Rule,
    /// Finds every violation. Says nothing about what is not certain.
    pub find: fn(&Facts<'_>) -> Vec<Finding>,
    /// Small projects that show what the rule finds and what it leaves alone.
    #[cfg(test)]
    pub(crate) examples: testing::Examples,
}

/// Every check, in the order of the subjects.
pub fn all() -> impl Iterator<Item = &'static Check> {
    SUBJECTS.iter().flat_map(|checks| checks.iter().copied())
}

/// One list for each folder.
const SUBJECTS: &[&[&Check]] = &[
    caddy::CHECKS,
    dns::CHECKS,
    firewall::CHECKS,
    operations::CHECKS,
    options::CHECKS,
    reading::CHECKS,
    service::CHECKS,
    size::CHECKS,
    tofu::CHECKS,
    network::CHECKS,
    provider::CHECKS,
    disk::CHECKS,
    access::CHECKS,
    memory::CHECKS,
];

/// What can be said of a project's files.
pub struct Judgement {
    /// What the checks find.
    pub findings: Vec<Finding>,
    /// Why a person will get in; empty unless it was asked for.
    pub access: Vec<Chain>,
    /// Paths that are imported or asked about, and are not among the files.
    pub missing: BTreeSet<String>,
    /// What was looked at, in a few words each, such as `the system web`.
    pub subjects: Vec<String>,
}

/// What else is known of a project's files.
#[derive(Default)]
pub struct Known {
    /// Paths that lead to something which could not be read.
    pub out_of_reach: BTreeSet<String>,
    /// Files that are as seance wrote them.
    pub proven: BTreeSet<String>,
}

/// Runs every check on a project's files.
pub fn judge(
    files: &Files,
    manifest: Option<Manifest<'_>>,
    known: &Known,
    explain_access: bool,
) -> Judgement {
    let evaluator = || {
        Evaluator::new(files)
            .beside(&known.out_of_reach)
            .trusting(&known.proven)
    };
    // Most projects fit the stack that there is, and another one costs more than all rules.
    let first = Facts::read_with(evaluator().on_any_stack(), files, manifest);
    let judgement = judged(&first, explain_access);
    let is_whole = !first.evaluator().needs_room();
    // Taking the facts apart piece by piece would cost as much as the rules did.
    std::mem::forget(first);
    if is_whole {
        return judgement;
    }
    on_a_large_stack(|| {
        judged(
            &Facts::read_with(evaluator(), files, manifest),
            explain_access,
        )
    })
}

fn judged(facts: &Facts<'_>, explain_access: bool) -> Judgement {
    let mut findings = of_facts(facts);
    let access = if explain_access {
        crate::access::chains(facts)
    } else {
        Vec::new()
    };
    findings.extend(crate::access::findings(facts, &access));
    Judgement {
        findings,
        access,
        missing: facts.evaluator().wanted(),
        subjects: facts.subjects(),
    }
}

/// Takes out the secrets in tfvars files that git does not hold: there they are private.
/// `holds` is asked about the paths of such files, when there are any.
pub fn keep_shared_secrets(
    findings: &mut Vec<Finding>,
    holds: impl FnOnce(&[&str]) -> BTreeSet<String>,
) {
    let files: BTreeSet<&str> = findings.iter().filter_map(tofu::settings_file).collect();
    if files.is_empty() {
        return;
    }
    let held = holds(&files.into_iter().collect::<Vec<_>>());
    findings.retain(|finding| tofu::settings_file(finding).is_none_or(|file| held.contains(file)));
}

/// What every check finds. What several instances of one declaration share is said once.
pub fn of_facts(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in all().flat_map(|check| (check.find)(facts)) {
        let same = |other: &Finding| {
            other.rule == finding.rule
                && other.location == finding.location
                && other.message == finding.message
        };
        if !findings.iter().any(same) {
            findings.push(finding);
        }
    }
    findings
}

/// The records of the given types that lead to the IPv6 address of a droplet without one: the
/// record, its value, the droplet.
fn records_without_ipv6<'a>(
    facts: &'a Facts<'_>,
    kinds: &'a [&str],
    value: &str,
) -> Vec<(&'a Resource, &'a Attribute, &'a Resource)> {
    let droplets = facts.droplets();
    let without = droplets.iter().filter(|it| {
        let ipv6 = it.body().boolean("ipv6");
        ipv6.is_absent() || ipv6.is(&false)
    });
    let without: Vec<&Resource> = without.map(|it| it.resource).collect();
    let records = kinds.iter().flat_map(|kind| facts.tofu().resources(kind));
    records
        .filter_map(|(_, record)| {
            let attribute = record.block.body.attribute(value)?;
            let reference = attribute.value.reference()?;
            let droplet = without.iter().find(|it| it.is_meant_by(reference))?;
            (reference.attribute() == Some("ipv6_address")).then_some((record, attribute, *droplet))
        })
        .collect()
}
