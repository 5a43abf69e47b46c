//! What must hold of every rendered text before anyone sees it.

use super::engine::{Language, RenderError};

/// Formats a rendered text and proves that it is well formed; a failure is a bug in seance.
pub fn finish(path: &str, text: String) -> Result<String, RenderError> {
    match Language::of_file(path) {
        Some(Language::Nix) => nix(path, &text),
        _ => Ok(text),
    }
}

fn nix(path: &str, text: &str) -> Result<String, RenderError> {
    nixfmt_rs::format(text).map_err(|error| RenderError {
        template: path.to_owned(),
        line: Some(crate::finding::Position::of(text, error.byte_range().start).line),
        message: error.message(),
    })
}
