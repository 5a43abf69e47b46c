//! Bringing a hand-edited file up to date with the edit kept in it.

use similar::{ConflictStyle, TextMerge};

use super::header::{self, Hash, Header};
use super::state::{Cause, FileDrift};

/// Why a file cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unmergeable {
    /// The file is no longer an output, so that there is nothing to merge the edit with.
    NoOutput,
    /// The file does not tell which generation it was made from.
    NoHeader,
    /// The generation that the file was made from is not at hand.
    NoBase,
    /// The edit and the new generation touch the same lines; the text shows both.
    Conflict(String),
}

/// Where a generation that a file was made from is looked for, by path and hash.
pub(super) type Lookup<'a> = &'a dyn Fn(&str, &Hash) -> Option<String>;

/// The merged file.
///
/// Its header names the hash of the new generation and not that of the merged body: the file
/// stays edited until the edit moves to a place of its own, and the next merge finds the new
/// generation as its base.
pub(super) fn merge(file: &FileDrift, lookup: &[Lookup<'_>]) -> Result<String, Unmergeable> {
    let expected = file.expected.as_deref().ok_or(Unmergeable::NoOutput)?;
    let actual = match &file.actual {
        // What is not text was read with its broken bytes replaced; merging would lose them.
        Some(text) if file.cause != Cause::NotText => text,
        _ => return Err(Unmergeable::NoHeader),
    };
    let Header::Valid { hash, body: edited } = header::parse(actual) else {
        return Err(Unmergeable::NoHeader);
    };
    let Header::Valid {
        hash: new_hash,
        body: new,
    } = header::parse(expected)
    else {
        return Err(Unmergeable::NoOutput);
    };
    let base = base(&file.path, &hash, lookup).ok_or(Unmergeable::NoBase)?;
    let mut merge = TextMerge::from_lines(base.as_str(), &*edited, &*new);
    if merge.is_conflicted() {
        merge.conflict_style(ConflictStyle::Diff3).labels(
            "generated before",
            "edited by hand",
            "generated now",
        );
        return Err(Unmergeable::Conflict(merge.to_string()));
    }
    Ok(header::stamp_as(&new_hash, &merge.to_string()))
}

/// The first candidate that is whole and is the generation in question: its body.
fn base(path: &str, hash: &Hash, lookup: &[Lookup<'_>]) -> Option<String> {
    let mut texts = lookup.iter().filter_map(|lookup| lookup(path, hash));
    let text = texts.find(|text| header::is_generation(text, hash))?;
    match header::parse(&text) {
        Header::Valid { body, .. } => Some(body.into_owned()),
        Header::None | Header::Broken { .. } => None,
    }
}
