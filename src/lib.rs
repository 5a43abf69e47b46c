//! `seance` turns one typed `seance.toml` into a complete NixOS deployment on `DigitalOcean`.
//!
//! The pipeline is straight, each stage a module with one public entry:
//!
//! ```text
//! seance.toml -> manifest -> deployment -> render -> drift -> report
//! ```
//!
//! Everything but [`workspace`], [`git`], [`rehearsal`] and [`cli`] is pure: no clock, no network, no
//! Everything but [`workspace`], [`git`], [`remote`] and [`cli`] is pure: no clock, no network, no
//! environment, no subprocess. `docs/ARCHITECTURE.md` draws the picture and lists the invariants.

pub mod access;
pub mod against;
pub mod caddy;
pub mod catalog;
pub mod cli;
pub mod danger;
pub mod deploy;
pub mod deployment;
pub mod devenv;
pub mod drift;
pub mod engine;
pub mod evaluation;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod flake;
pub mod git;
pub mod handwritten;
pub mod hcl;
pub mod manifest;
pub mod nix;
pub mod nixos;
pub mod options;
pub mod preflight;
pub mod reading;
pub mod rehearsal;
pub mod remote;
pub mod render;
pub mod report;
pub mod rules;
mod shell;
pub mod tofu;
pub mod workspace;
pub mod yaml;
