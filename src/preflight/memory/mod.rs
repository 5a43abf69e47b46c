//! Where things are built and evaluated, and with how much memory.

use super::Check;

mod build_on_remote;
mod disko_dependencies;
mod evaluation_on_target;
mod platform;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &platform::CHECK,
    &evaluation_on_target::CHECK,
    &disko_dependencies::CHECK,
    &build_on_remote::CHECK,
];
