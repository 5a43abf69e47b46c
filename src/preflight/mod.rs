//! The rules of the preflight: each one file with its record, its function and three examples.
//!
//! A new rule goes into the folder of its subject and into the list of that folder's `mod.rs`.

use crate::facts::Facts;
use crate::finding::Finding;
use crate::rules::Rule;

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
const SUBJECTS: [&[&Check]; 0] = [];

/// What every check finds, in the order of the files.
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    all().flat_map(|check| (check.find)(facts)).collect()
}
