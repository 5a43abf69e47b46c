//! The JSON document of `plan`, version 1; see `docs/json.md`.

use serde::Serialize;

use super::{Cost, Entry, Outline};
use crate::danger::Danger;
use crate::engine::gate::Outside;
use crate::report::json::{SCHEMA_VERSION, document};

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    command: &'static str,
    server: &'a str,
    danger: Danger,
    changes: &'a [Entry],
    outside: Vec<OutsideRecord<'a>>,
    cost: &'a Cost,
    notes: &'a [String],
}

#[derive(Serialize)]
struct OutsideRecord<'a> {
    address: &'a str,
    what: Outside,
    attributes: Vec<&'a str>,
}

/// The document.
pub(super) fn report(outline: &Outline) -> String {
    let outside = outline.outside.iter().map(|change| OutsideRecord {
        address: &change.address,
        what: change.what,
        attributes: change
            .differences
            .iter()
            .map(|difference| difference.attribute.as_str())
            .collect(),
    });
    document(&Document {
        schema_version: SCHEMA_VERSION,
        command: "plan",
        server: &outline.server,
        danger: outline.danger(),
        changes: &outline.entries,
        outside: outside.collect(),
        cost: &outline.cost,
        notes: &outline.notes,
    })
}
