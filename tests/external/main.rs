//! What programs that nobody here wrote say about the trees that seance renders.
//!
//! These tests need nix, deadnix, go, caddy, systemd, sshd, shellcheck and pre-commit, which
//! `tests/scripts/tools` installs, and the engine, which `tests/scripts/engines` builds.
//! `just external` runs them with `SEANCE_EXTERNAL=1`; then a missing program is a failure.
//! Without the variable each test says what it did not run, so that a plain `cargo test` passes on
//! a machine that has only cargo.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops at the first surprise and says so"
)]

mod caddy;
mod caddyfile;
mod devenv;
mod engine;
mod evaluation;
mod flake;
mod hcl;
mod hooks;
mod nix;
mod rehearsal;
mod remote;
mod support;
mod units;
