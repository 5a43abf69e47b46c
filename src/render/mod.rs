//! `Deployment` in, text out: every file that seance writes.
//!
//! Knows nothing of the working tree. A value reaches a template only through the formatter of
//! the file's language, which escapes it; there is no way to paste text.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Renders the files that a deployment owns, without [proof](Tree::prove).
///
/// # Errors
///
/// As [`render`].
pub fn render_owned(deployment: &Deployment) -> Result<Tree, RenderError> {
    render_some(deployment, &|_, ownership| ownership == Ownership::Owned)
}

/// Renders every file of a deployment but those it skips, and proves them.
///
/// # Errors
///
/// A template and its context that do not fit, or output that its own language's parser refuses:
/// bugs in seance, never the fault of a manifest.
pub fn render(deployment: &Deployment) -> Result<Tree, RenderError> {
    let tree = render_some(deployment, &|_, _| true)?;
    tree.prove(tree.files.keys().map(String::as_str))?;
    Ok(tree)
}

/// Renders the wanted files of a deployment, without [proof](Tree::prove).
///
/// # Errors
///
/// As [`render`].
pub fn render_some(
    deployment: &Deployment,
    wanted: &(dyn Fn(&str, Ownership) -> bool + Sync),
) -> Result<Tree, RenderError> {
    let engine = Engine::new(outputs::TEMPLATES)?;
    let outputs: Vec<&Output> = outputs::of(deployment)
        .filter(|output| !deployment.skip.contains(output.path))
        .filter(|output| wanted(output.path, output.ownership))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut files = Vec::new();
        while let Some(output) = outputs.get(next.fetch_add(1, Ordering::Relaxed)) {
            files.push(render_one(&engine, deployment, output)?);
        }
        Ok(files)
    };
    // Formatting and verifying is most of what an offline verb does: two workers halve it.
    let (ours, theirs) = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        (work(), other.join())
    });
    let mut tree = Tree::default();
    tree.files.extend(ours?);
    tree.files
        .extend(theirs.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
    Ok(tree)
}

fn render_one(
    engine: &Engine,
    deployment: &Deployment,
    output: &Output,
) -> Result<(String, RenderedFile), RenderError> {
    let body = match output.source {
        // Verified by a test: no value can change it.
        Source::Constant(text) => text.to_owned(),
        Source::Template(name, context) => {
            verify::lay_out(output.path, engine.render(name, context(deployment))?)?
        }
    };
    let ownership = output.ownership;
    Ok((output.path.to_owned(), RenderedFile { ownership, body }))
}
