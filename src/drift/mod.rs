//! Ownership of generated files: header, states, diffs, merge, and the journaled write.

pub mod diff;
pub mod header;
mod likeness;
pub mod rules;
pub mod state;

pub use diff::unified;
pub use state::{Cause, Drift, FileDrift, Seed, State, compare};
