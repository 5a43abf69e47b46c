//! Rules about the unit that runs devenv, and about what it runs.

mod lock_missing;
mod unknown_key;
mod version_skew;

use super::Check;

pub(super) const CHECKS: &[&Check] = &[
    &lock_missing::CHECK,
    &unknown_key::CHECK,
    &version_skew::CHECK,
];
