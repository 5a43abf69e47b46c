//! Applies the mechanical edits of findings to texts.
//!
//! An edit is applied only where it leaves a text that its language can read. Edits that touch
//! each other wait for the next round, when the findings are made anew.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::finding::{Patch, Sources};
use crate::{hcl, nix};

#[cfg(test)]
mod tests;

/// What one round of edits makes of the texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// The texts that change, by path.
    pub files: BTreeMap<String, Edited>,
    /// Edits that would leave a text which its language cannot read, and were not applied.
    pub refused: Vec<Patch>,
}

/// A text after its edits.
#[derive(Debug, PartialEq, Eq)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// How many edits are in it.
    pub edits: usize,
}

/// Applies as many of the edits as can be applied together.
pub fn round<'a>(patches: impl IntoIterator<Item = &'a Patch>, sources: &Sources) -> Round {
    let mut by_file: BTreeMap<&str, Vec<&Patch>> = BTreeMap::new();
    for patch in patches {
        by_file.entry(&patch.file).or_default().push(patch);
    }
    let mut round = Round::default();
    for (file, patches) in by_file {
        let Some(text) = sources.get(file) else {
            continue;
        };
        let patches = apart(patches, text);
        let edited = edit_file(file, text, &patches, &mut round.refused);
        if edited.edits > 0 && edited.text != *text {
            round.files.insert(file.to_owned(), edited);
        }
    }
    round
}

/// The edits that fit the text and change it, none touching another, in the order of the text.
fn apart<'a>(mut patches: Vec<&'a Patch>, text: &str) -> Vec<&'a Patch> {
    patches.sort_by_key(|patch| (patch.range.start, patch.range.end, &patch.replacement));
    let mut chosen: Vec<&Patch> = Vec::new();
    for patch in patches {
        let changes = text
            .get(patch.range.clone())
            .is_some_and(|old| old != patch.replacement);
        let is_clear = chosen.last().is_none_or(|last| {
            patch.range.start >= last.range.end && patch.range.start > last.range.start
        });
        if changes && is_clear {
            chosen.push(patch);
        }
    }
    chosen
}

/// All edits at once where the text stays readable, else those that leave it so one by one.
fn edit_file(file: &str, text: &str, patches: &[&Patch], refused: &mut Vec<Patch>) -> Edited {
    // What cannot be read before need not be readable afterwards.
    let is_fine = |new: &str| is_readable(file, new) || !is_readable(file, text);
    let together = replace(text, patches);
    if is_fine(&together) {
        return Edited {
            text: together,
            edits: patches.len(),
        };
    }
    let mut kept: Vec<&Patch> = Vec::new();
    for patch in patches {
        kept.push(patch);
        if !is_fine(&replace(text, &kept)) {
            kept.pop();
            refused.push((*patch).clone());
        }
    }
    Edited {
        text: replace(text, &kept),
        edits: kept.len(),
    }
}

fn replace(text: &str, patches: &[&Patch]) -> String {
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    for patch in patches {
        let Range { start, end } = patch.range;
        new.push_str(text.get(done..start).unwrap_or_default());
        new.push_str(&patch.replacement);
        done = end;
    }
    new.push_str(text.get(done..).unwrap_or_default());
    new
}

/// Whether a file's language can read the text; of other languages nothing is known.
fn is_readable(file: &str, text: &str) -> bool {
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("nix") => nix::parse(text).is_ok(),
        Some("tf" | "tofu" | "tfvars") => hcl::parse(text).is_ok(),
        Some("toml") => toml::de::DeTable::parse(text).is_ok(),
        _ => true,
    }
}
