//! Running the machine.

use super::Check;

mod backups;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[&backups::CHECK];
