//! What was changed behind the engine's back, without what only looks like a change.

use serde::Serialize;

use super::difference::{self, Difference};
use crate::engine::plan::Plan;

/// What happened to a resource outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// It is different.
    Changed,
    /// It is gone.
    Destroyed,
}

/// One resource that is not as the last apply left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideChange {
    /// Its address.
    pub address: String,
    /// What happened to it.
    pub what: Outside,
    /// The attributes that are different.
    pub differences: Vec<Difference>,
}

/// Attributes that change by themselves.
const LIVING: [&str; 7] = [
    "created_at",
    "locked",
    "meta",
    "modified_on",
    "pending_changes",
    "status",
    "updated_at",
];

/// Every resource that was changed outside, by address.
pub(super) fn changes(plan: &Plan) -> Vec<OutsideChange> {
    let mut changes: Vec<OutsideChange> = Vec::new();
    for drift in plan
        .resource_drift
        .iter()
        .filter(|drift| drift.mode == "managed")
    {
        let is_gone = drift.change.actions.iter().any(|action| action == "delete");
        if is_gone {
            changes.push(OutsideChange {
                address: drift.address.clone(),
                what: Outside::Destroyed,
                differences: Vec::new(),
            });
            continue;
        }
        let mut differences = difference::all(&drift.change);
        differences.retain(|difference| !LIVING.contains(&difference.attribute.as_str()));
        if !differences.is_empty() {
            changes.push(OutsideChange {
                address: drift.address.clone(),
                what: Outside::Changed,
                differences,
            });
        }
    }
    changes.sort_by(|a, b| a.address.cmp(&b.address));
    changes
}
