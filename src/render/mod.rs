//! `Deployment` in, text out: every file that seance writes.
//!
//! Knows nothing of the working tree. A value reaches a template only through the formatter of
//! the file's language, which escapes it; there is no way to paste text.

use std::collections::BTreeMap;

use crate::deployment::Deployment;
use outputs::Source;

mod context;
pub mod engine;
mod firewall;
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

/// Renders every file of a deployment but those it skips.
///
/// # Errors
///
/// A template and its context that do not fit, or output that its own language's parser refuses:
/// bugs in seance, never the fault of a manifest.
pub fn render(deployment: &Deployment) -> Result<Tree, RenderError> {
    let engine = Engine::new(outputs::TEMPLATES)?;
    let mut tree = Tree::default();
    for output in outputs::of(deployment) {
        if deployment.skip.contains(output.path) {
            continue;
        }
        let text = match output.source {
            Source::Constant(text) => text.to_owned(),
            Source::Template(name, context) => engine.render(name, context(deployment))?,
        };
        let body = verify::finish(output.path, text)?;
        let file = RenderedFile {
            ownership: output.ownership,
            body,
        };
        tree.files.insert(output.path.to_owned(), file);
    }
    Ok(tree)
}
