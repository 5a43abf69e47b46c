use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{all, elsewhere, ids, page};

/// The failures that the project set out to find; each has its place for good.
const KNOWN: &str = include_str!("ids.txt");

/// Compares a checked-in file with its text; `UPDATE=1` writes it.
fn assert_current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, text).expect("writable");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "{path} is out of date: run `UPDATE=1 cargo test --lib rules`"
    );
}

#[test]
fn ids_are_unique_and_every_record_is_complete() {
    let ids = ids();
    for pair in ids.windows(2) {
        assert_ne!(pair[0], pair[1], "two say what this id is");
    }
    for id in ids {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(id.chars().all(letters), "{id}");
    }
    for rule in all() {
        assert!(
            !rule.title.is_empty() && !rule.why.is_empty() && !rule.fix.is_empty(),
            "{}",
            rule.id
        );
    }
    for entry in elsewhere() {
        assert!(
            entry.reason.ends_with('.') && !entry.title.ends_with('.'),
            "{}",
            entry.id
        );
    }
}

/// A failure is found in files, or it is said who finds it.
#[test]
fn every_known_failure_has_exactly_one_place() {
    let records: BTreeSet<&str> = all().into_iter().map(|rule| rule.id).collect();
    let others: BTreeSet<&str> = elsewhere().iter().map(|entry| entry.id).collect();
    let both: Vec<_> = records.intersection(&others).collect();
    assert!(
        both.is_empty(),
        "found in files after all, so take it out of elsewhere.rs: {both:?}"
    );
    let known: BTreeSet<&str> = KNOWN.lines().collect();
    assert_eq!(known.len(), 194);
    assert!(others.is_subset(&known), "{:?}", others.difference(&known));
    let left: Vec<_> = known
        .iter()
        .filter(|id| !records.contains(*id) && !others.contains(*id))
        .collect();
    assert!(left.is_empty(), "nobody finds {left:?}");
}

#[test]
fn every_rule_belongs_to_a_section() {
    for id in ids() {
        assert_ne!(
            super::sections::of(id),
            "Further rules",
            "{id}: give its prefix a section"
        );
    }
}

#[test]
fn the_page_is_current() {
    assert_current("docs/rules.md", &page());
}
