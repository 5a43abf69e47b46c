//! Rule records: one static [`Rule`] per kind of finding.
//!
//! `seance explain`, the documentation and every report read the same record, so a finding and
//! its explanation cannot disagree.

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
    rules.extend(crate::manifest::rules::ALL);
    rules.extend(crate::drift::rules::ALL);
    rules.extend(crate::git::rules::ALL);
    rules.extend(crate::handwritten::rules::ALL);
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The record with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_record_is_complete() {
        let rules = all();
        for pair in rules.windows(2) {
            assert_ne!(pair[0].id, pair[1].id, "two records share an id");
        }
        for rule in rules {
            assert!(
                !rule.title.is_empty() && !rule.why.is_empty() && !rule.fix.is_empty(),
                "{}",
                rule.id
            );
            assert!(
                rule.id
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            );
        }
    }
}
