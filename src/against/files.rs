//! The files that are rendered differently.

use std::collections::BTreeSet;

use crate::drift::unified;
use crate::render::{Ownership, RenderedFile, Tree};
use crate::report::FileDiff;

/// Every file that differs between two trees, by path. `skipped` are the paths that the new
/// manifest leaves to the person.
pub(super) fn compare(before: &Tree, after: &Tree, skipped: &BTreeSet<String>) -> Vec<FileDiff> {
    let paths: BTreeSet<&String> = before.files.keys().chain(after.files.keys()).collect();
    paths
        .into_iter()
        .filter_map(|path| {
            let (old, new) = (before.files.get(path), after.files.get(path));
            one(path, old, new, skipped.contains(path))
        })
        .collect()
}

/// The difference of one file, if there is one.
fn one(
    path: &str,
    before: Option<&RenderedFile>,
    after: Option<&RenderedFile>,
    skipped: bool,
) -> Option<FileDiff> {
    let state = match (before, after) {
        (Some(before), Some(after)) if before.body == after.body => return None,
        (Some(_), Some(_)) => "changed",
        (None, Some(_)) => "added",
        (Some(_), None) => "removed",
        (None, None) => return None,
    };
    let seeded = after
        .or(before)
        .is_some_and(|file| file.ownership == Ownership::Seeded);
    let because = match state {
        "removed" if seeded || skipped => "no longer generated: the file stays and is yours",
        "changed" if seeded => "written once and then yours: `seance gen` leaves it alone",
        "added" if seeded => "written only where it is missing",
        _ => "",
    };
    let body = |file: Option<&'_ RenderedFile>| file.map(|file| file.body.clone());
    Some(FileDiff {
        path: path.to_owned(),
        state,
        because: because.to_owned(),
        diff: unified(path, body(before).as_deref(), body(after).as_deref()),
    })
}
