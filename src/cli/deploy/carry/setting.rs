//! What differs between the real thing and a rehearsal.

use crate::deploy::installation::{ACTIVATE, INSTALL, REHEARSE_ACTIVATE, REHEARSE_INSTALL};

/// What differs between the real thing and a rehearsal.
pub(in crate::cli::deploy) struct Setting {
    /// Replaces the stock image by NixOS.
    pub(in crate::cli::deploy) install: &'static str,
    /// Switches the installed system.
    pub(in crate::cli::deploy) activate: &'static str,
    /// Whether Nix builds the system before anything costs money.
    pub(in crate::cli::deploy) builds: bool,
    /// What is done to know whether the server does what was promised.
    pub(in crate::cli::deploy) verification: Verification,
}

/// How the end of an apply is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli::deploy) enum Verification {
    /// From outside, as visitors and owners see it.
    Real,
    /// Not at all.
    Skipped,
    /// There is nothing to look at.
    Rehearsed,
}

impl Setting {
    /// A droplet that costs money.
    pub(in crate::cli::deploy) const REAL: Self = Self {
        install: INSTALL,
        activate: ACTIVATE,
        builds: true,
        verification: Verification::Real,
    };
    /// Simulated clouds, where nothing can be installed.
    pub(in crate::cli::deploy) const REHEARSAL: Self = Self {
        install: REHEARSE_INSTALL,
        activate: REHEARSE_ACTIVATE,
        builds: false,
        verification: Verification::Rehearsed,
    };
}
