//! Ownership of generated files: header, states, diffs, merge, and the journaled write.

pub mod rules;
