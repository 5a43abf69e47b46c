//! The JSON document of `diff --against`, version 1; see `docs/json.md`.

use serde::Serialize;

use super::{AttributeChange, Change, Cost, Danger, Domains, Ports, Services, Transfer};
use crate::report::FileDiff;
use crate::report::json::{SCHEMA_VERSION, document};

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    command: &'static str,
    server: &'a str,
    against: &'a str,
    note: Option<&'a str>,
    drift: bool,
    danger: Danger,
    files: &'a [FileDiff],
    changes: &'a [AttributeChange],
    ports: &'a Ports,
    domains: &'a Domains,
    services: &'a Services,
    cost: &'a Cost,
    transfer: &'a Transfer,
}

/// The document.
pub(super) fn report(change: &Change, revision: &str) -> String {
    document(&Document {
        schema_version: SCHEMA_VERSION,
        command: "diff",
        server: &change.server,
        against: revision,
        note: change.note.as_deref(),
        drift: !change.is_empty(),
        danger: change.danger(),
        files: &change.files,
        changes: &change.changes,
        ports: &change.ports,
        domains: &change.domains,
        services: &change.services,
        cost: &change.cost,
        transfer: &change.transfer,
    })
}
