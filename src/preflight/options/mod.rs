//! Options that NixOS does not have, or does not take in this form.

use crate::facts::{Disagreement, Facts};
use crate::finding::{Finding, Severity};
use crate::options::RELEASE;
use crate::rules::Rule;

use super::Check;

mod removed;
mod renamed;
mod unknown;
mod wrong_type;

#[cfg(test)]
mod tests;

pub(super) const CHECKS: &[&Check] = &[
    &removed::CHECK,
    &renamed::CHECK,
    &unknown::CHECK,
    &wrong_type::CHECK,
];

/// What every one of these rules rests on.
const EVIDENCE: &str = "the option declarations of NixOS 26.11";

/// An error for the release that the facts describe, advice for any other.
fn finding(
    facts: &Facts<'_>,
    rule: &'static Rule,
    at: &Disagreement,
    message: &str,
    help: impl Into<String>,
) -> Finding {
    let same = facts.options_are_of_this_release();
    let message = if same {
        message.to_owned()
    } else {
        format!("{message} in NixOS {RELEASE}")
    };
    let mut finding = facts.finding(rule, Some(at.place()), message, help);
    if !same {
        finding.severity = Severity::Advice;
    }
    finding
}
