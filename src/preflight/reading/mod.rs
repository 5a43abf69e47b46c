//! What stops the reading itself.

use super::Check;

mod import_circle;
mod stopped;

pub(super) const CHECKS: &[&Check] = &[&import_circle::CHECK, &stopped::CHECK];
