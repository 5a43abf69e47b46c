//! The plan of the droplet: what it has, and what it costs to change it.

use super::Check;

mod disk_too_small;
mod ram_below_kexec;
mod region_restricted;
mod resize_is_forever;
mod unknown;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &unknown::CHECK,
    &region_restricted::CHECK,
    &ram_below_kexec::CHECK,
    &disk_too_small::CHECK,
    &resize_is_forever::CHECK,
];
