//! Ownership and drift, from the outside: every way in which a generation can end.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

#[path = "drift/common.rs"]
mod common;
#[path = "drift/crash.rs"]
mod crash;
#[path = "drift/disk.rs"]
mod disk;
#[path = "drift/generate.rs"]
mod generate;
#[path = "drift/merge.rs"]
mod merge;
