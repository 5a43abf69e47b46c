//! What stops the reading itself.

use super::Check;
use crate::facts::Facts;
use crate::reading::Place;

mod closed_module;
mod import_circle;
mod import_missing;
mod stopped;

pub(super) const CHECKS: &[&Check] = &[
    &import_circle::CHECK,
    &import_missing::CHECK,
    &stopped::CHECK,
    &closed_module::CHECK,
];

/// Imported paths inside the project that are not there, with the place of the import.
pub(super) fn missing(
    facts: &Facts<'_>,
    is_wanted: fn(&str) -> bool,
) -> impl Iterator<Item = (String, Place)> {
    facts.systems();
    facts.shell();
    let missing = facts.evaluator().missing().into_iter();
    missing.filter(move |(path, _)| !path.starts_with("..") && is_wanted(path))
}

/// Whether a file is one of those that an installation writes about its machine.
pub(super) fn is_made_by_the_installer(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "hardware-configuration.nix" | "facter.json")
}
