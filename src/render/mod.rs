//! `Deployment` in, text out: every file that seance writes.
//!
//! Knows nothing of the working tree. A value reaches a template only through the formatter of
//! the file's language, which escapes it; there is no way to paste text.

use std::collections::BTreeMap;

pub mod engine;
pub mod outputs;
pub mod value;
pub mod verify;

mod caddy_value;
mod hcl_value;
mod nix_value;
mod yaml_value;

pub use engine::{Engine, RenderError};

/// Who owns a rendered file after it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// Regenerated on every `gen`; carries the header line.
    Owned,
    /// Written once when missing, then the user's.
    Seeded,
}

/// One rendered file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFile {
    /// Who owns it.
    pub ownership: Ownership,
    /// The text, without the ownership header.
    pub body: String,
}

/// Everything that one deployment renders to, by path relative to the manifest's folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Path to file.
    pub files: BTreeMap<String, RenderedFile>,
}
