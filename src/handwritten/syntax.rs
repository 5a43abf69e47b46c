//! What a parser says about one file.

use super::rules;
use crate::finding::{Finding, Location, Origin};
use crate::nix;

/// The findings about one file, judged by its extension.
pub(super) fn findings(path: &str, text: &str) -> Vec<Finding> {
    match path.rsplit_once('.') {
        Some((_, "nix")) => nix_findings(path, text),
        _ => Vec::new(),
    }
}

fn nix_findings(path: &str, text: &str) -> Vec<Finding> {
    let root = match nix::parse(text) {
        Ok(root) => root,
        Err(errors) => {
            let findings = errors.into_iter().map(|error| {
                let help = format!("mend `{path}` at the place shown");
                Finding::new(&rules::NIX_SYNTAX, Origin::Handwritten, error.message, help)
                    .at(Location::span(path, error.range))
            });
            return findings.collect();
        }
    };
    let duplicates = nix::duplicates(&root).into_iter().map(|duplicate| {
        let message = format!("`{}` is defined twice", duplicate.path);
        let help = "remove one of the two definitions";
        Finding::new(&rules::NIX_DUPLICATE, Origin::Handwritten, message, help)
            .at(Location::span(path, duplicate.second))
            .related(Location::span(path, duplicate.first), "first defined here")
    });
    let free = nix::free_names(&root).into_iter().map(|free| {
        let message = format!("nothing defines `{}`", free.name);
        let help = format!(
            "correct the name, or take `{}` as an argument of the file",
            free.name
        );
        Finding::new(&rules::NIX_FREE_NAME, Origin::Handwritten, message, help)
            .at(Location::span(path, free.range))
    });
    duplicates.chain(free).collect()
}
