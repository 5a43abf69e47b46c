//! Rule records of this module.

use crate::rules::Rule;

/// Every record of this module.
pub static ALL: &[&Rule] = &[];
