//! Rule records: one static [`Rule`] per kind of finding.
//!
//! `seance explain`, the documentation and every report read the same record, so a finding and
//! its explanation cannot disagree.

mod elsewhere;
mod page;
mod sections;

pub use elsewhere::{Elsewhere, FoundBy};
pub use page::page;

use crate::finding::Severity;

/// The record of one kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable id, kebab-case, such as `manifest-unknown-key`.
    pub id: &'static str,
    /// Severity of a finding unless the situation says otherwise.
    pub severity: Severity,
    /// One line: what is wrong.
    pub title: &'static str,
    /// Why it fails, in a sentence or two.
    pub why: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// Where the knowledge comes from.
    pub evidence: &'static str,
}

/// Every record that this version of seance knows, ordered by id.
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    rules.extend(crate::access::rules::ALL);
    rules.extend(crate::manifest::rules::ALL);
    rules.extend(crate::drift::rules::ALL);
    rules.extend(crate::git::rules::ALL);
    rules.extend(crate::handwritten::rules::ALL);
    // A check may share its record with one of the lists above.
    for check in crate::preflight::all() {
        if !rules.iter().any(|rule| rule.id == check.rule.id) {
            rules.push(check.rule);
        }
    }
    rules.sort_by_key(|rule| rule.id);
    // A rule that is also seen in the manifest alone has its record there.
    rules.dedup_by(|one, other| std::ptr::eq(*one, *other));
    rules
}

/// The record with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.id == id)
}

/// Every failure that files do not show, ordered by id.
pub fn elsewhere() -> &'static [Elsewhere] {
    elsewhere::ELSEWHERE
}

/// Every id that there is, whoever finds it, ordered.
pub fn ids() -> Vec<&'static str> {
    let records = all().into_iter().map(|rule| rule.id);
    let others = elsewhere().iter().map(|entry| entry.id);
    let mut ids: Vec<&'static str> = records.chain(others).collect();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests;
