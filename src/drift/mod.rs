//! Ownership of generated files: header, states, diffs, merge, and the journaled write.
//!
//! - A **merged** file is still a hand edit. Its header names the hash of the generation that it
//!   was merged with, so that it stays `edited`, a second merge changes nothing, and the next
//!   one has the right base. The edit ends when it moves to a place of its own: `nix/extra.nix`,
//!   an own `.tf` file, `caddy/`, or `[generate] skip`.
//! - A **symbolic link** in the place of a generated file is read, as long as it stays inside
//!   the project, and never written: neither replaced by a file nor written through.
//! - A **failed** generation takes back what it did. A **killed** one is completed by the next,
//!   save for files that somebody changed in between.

pub mod diff;
mod error;
mod generation;
pub mod header;
mod journal;
mod likeness;
mod merge;
mod plan;
pub mod rules;
mod state;

pub use diff::unified;
pub use error::{Aftermath, GenerateError, Obstacle};
pub use generation::{
    Action, FileAction, Generation, Kept, OnEdit, Refusal, Request, Rewrite, generate, rewrite,
};
pub use journal::{FOLDER, Interrupted, JOURNAL, Recovery, interrupted, is_unfinished};
pub use state::{Cause, Drift, FileDrift, Seed, State, compare};
