//! The deploying verbs from end to end: the compiled program with the real engine against the
//! simulated clouds.
//!
//! `just deploy` runs them with `SEANCE_EXTERNAL=1`; then an engine that is missing is a failure,
//! never a skip. Without the variable each test says what it did not run. Nix, nixos-anywhere and
//! ssh cannot do their work here: programs of `tests/deploy/programs` take their places, write
//! down how they were called and keep the little state that the callers ask for.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops at the first surprise and says so"
)]

mod deploy {
    mod cloud;
    mod faults;
    mod gate;
    mod installer;
    mod kill;
    mod life;
    mod overhead;
    mod plans;
    mod project;
    mod records;
    mod scenarios;
    mod secrets;
    mod small;
    mod table;
}
