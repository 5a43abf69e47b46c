//! `Deployment` in, text out: every file that seance writes.
//!
//! Knows nothing of the working tree. A value reaches a template only through the formatter of
//! the file's language, which escapes it; there is no way to paste text.

use std::collections::BTreeMap;

use crate::deployment::Deployment;
use outputs::{Output, Source};

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

impl Tree {
    /// Proves the named files, or all of them. A text that is on disk already was proven when it
    /// was written, so verbs prove only what differs.
    ///
    /// # Errors
    ///
    /// A text is not well formed, which is a bug in seance.
    pub fn prove<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Result<(), RenderError> {
        for path in paths {
            if let Some(file) = self.files.get(path) {
                verify::prove(path, &file.body)?;
            }
        }
        Ok(())
    }
}

/// Renders every file of a deployment but those it skips, and proves them.
///
/// # Errors
///
/// A template and its context that do not fit, or output that its own language's parser refuses:
/// bugs in seance, never the fault of a manifest.
pub fn render(deployment: &Deployment) -> Result<Tree, RenderError> {
    let tree = render_some(deployment, &|_, _| true, &|_, _| false)?;
    tree.prove(tree.files.keys().map(String::as_str))?;
    Ok(tree)
}

/// Renders the wanted files of a deployment, without [proof](Tree::prove).
///
/// `is_laid_out` is asked with a path and its text as the template gives it, whether that very
/// text is known to be the formatter's own. Templates are written the way the formatter lays them
/// out, so for most files that lie on disk the answer is yes, and most of the work is saved.
///
/// # Errors
///
/// As [`render`].
pub fn render_some(
    deployment: &Deployment,
    wanted: &dyn Fn(&str, Ownership) -> bool,
    is_laid_out: &dyn Fn(&str, &str) -> bool,
) -> Result<Tree, RenderError> {
    let outputs: Vec<&Output> = outputs::of(deployment)
        .filter(|output| !deployment.skip.contains(output.path))
        .filter(|output| wanted(output.path, output.ownership))
        .collect();
    let engine = Engine::new(&outputs::templates(&outputs))?;
    let mut tree = Tree::default();
    for output in outputs {
        let body = match output.source {
            // Laid out and proven by a test: no value can change it.
            Source::Constant(text) => text.to_owned(),
            Source::Template((name, _), context) => {
                let text = engine.render(name, context(deployment))?;
                if is_laid_out(output.path, &text) {
                    text
                } else {
                    verify::lay_out(output.path, text)?
                }
            }
        };
        let file = RenderedFile {
            ownership: output.ownership,
            body,
        };
        tree.files.insert(output.path.to_owned(), file);
    }
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text that is not is formatted at every save; see [`render_some`].
    #[test]
    fn templates_are_written_the_way_the_formatter_lays_them_out() {
        for manifest in [
            include_str!("../../seance.toml"),
            include_str!("../../tests/golden/design/seance.toml"),
            include_str!("../../tests/golden/smallest/seance.toml"),
            include_str!("../../tests/golden/several-services/seance.toml"),
        ] {
            let loaded = crate::manifest::load("seance.toml", manifest);
            let deployment = loaded.deployment.unwrap();
            let raw = render_some(&deployment, &|_, _| true, &|_, _| true).unwrap();
            let laid_out = render_some(&deployment, &|_, _| true, &|_, _| false).unwrap();
            // Aligning the variables costs next to nothing.
            for (path, file) in raw
                .files
                .iter()
                .filter(|(path, _)| !path.ends_with("tfvars"))
            {
                assert_eq!(file, &laid_out.files[path], "{path}");
            }
        }
    }
}
