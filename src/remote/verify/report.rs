//! The outcome of looking.

use crate::remote::Advice;
use crate::remote::system::System;

/// What became of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it should be.
    Passed,
    /// It is not.
    Failed,
    /// It could not be looked at, because of an earlier failure.
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it is about, such as `certificate app.seance.dev`.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What was seen.
    pub detail: String,
    /// The likeliest cause of a failure.
    pub cause: Option<String>,
    /// The next step after a failure.
    pub next: Option<String>,
}

impl Check {
    pub(super) fn passed(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            outcome: Outcome::Passed,
            detail: detail.into(),
            cause: None,
            next: None,
        }
    }

    pub(super) fn failed(name: impl Into<String>, advice: Advice) -> Self {
        Self {
            name: name.into(),
            outcome: Outcome::Failed,
            detail: advice.what,
            cause: Some(advice.cause),
            next: Some(advice.next),
        }
    }

    pub(super) fn skipped(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Skipped,
            ..Self::passed(name, detail)
        }
    }
}

/// Everything that was looked at, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The checks, from the cheapest to the dearest.
    pub checks: Vec<Check>,
    /// The machine's own word, when it let us in.
    pub system: Option<System>,
}

impl Report {
    /// Whether every check passed. What was skipped is not known to be healthy.
    pub fn is_healthy(&self) -> bool {
        let passed = |check: &Check| check.outcome == Outcome::Passed;
        self.checks.iter().all(passed)
    }

    /// What failed, from the cheapest to the dearest; the first is the likeliest cause of the rest.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        let failed = |check: &&Check| check.outcome == Outcome::Failed;
        self.checks.iter().filter(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_is_not_healthy() {
        let report = |checks: &[Check]| Report {
            checks: checks.to_vec(),
            system: None,
        };
        let passed = Check::passed("a", "");
        let skipped = Check::skipped("b", "");
        let failed = Check::failed("c", Advice::new("what", "cause", "next"));
        assert!(report(std::slice::from_ref(&passed)).is_healthy());
        assert!(!report(&[passed.clone(), skipped.clone()]).is_healthy());
        let mixed = report(&[passed, skipped, failed]);
        assert!(!mixed.is_healthy());
        let names: Vec<&str> = mixed.failures().map(|check| &*check.name).collect();
        assert_eq!(names, ["c"]);
    }
}
