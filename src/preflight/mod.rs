//! The rules of the preflight: each one file with its record, its function and three examples.
//!
//! A new rule goes into the folder of its subject and into the list of that folder's `mod.rs`.

use crate::evaluation::on_a_large_stack;
use crate::facts::{Facts, Manifest};
use crate::finding::Finding;
use crate::handwritten::Files;
use crate::rules::Rule;

mod reading;

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
const SUBJECTS: &[&[&Check]] = &[reading::CHECKS];

/// What every check finds in a project's files.
pub fn findings(files: &Files, manifest: Option<Manifest<'_>>) -> Vec<Finding> {
    on_a_large_stack(|| {
        let facts = Facts::new(files, manifest);
        all().flat_map(|check| (check.find)(&facts)).collect()
    })
}
