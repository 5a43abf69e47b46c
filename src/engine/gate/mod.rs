//! What a plan would do to the machine, decided from `show -json` alone.
//!
//! The gate is the last thing between a typing mistake and an empty disk, so it errs to the safe
//! side: what it does not know counts as dangerous.

use serde::Serialize;

use super::plan::{Plan, ResourceChange};
use crate::danger::Danger;

mod actions;
mod difference;
mod droplet;
mod outside;
mod resources;

#[cfg(test)]
mod tests;

pub use actions::What;
pub use difference::Difference;
pub use droplet::grows_disk;
pub use outside::{Outside, OutsideChange};

/// One thing that the plan would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedChange {
    /// Address of the resource, such as `digitalocean_droplet.server`.
    pub address: String,
    /// Type of the resource.
    #[serde(skip)]
    pub kind: String,
    /// The engine's own words for it.
    pub actions: Vec<String>,
    /// What it amounts to.
    #[serde(skip)]
    pub what: What,
    /// How bad it is.
    pub danger: Danger,
    /// Why it is done and why it is that bad, one sentence each.
    pub because: Vec<String>,
    /// The attributes that change and may be shown.
    #[serde(skip)]
    pub differences: Vec<Difference>,
}

/// What a plan would do, and what was done behind its back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judgement {
    /// What would be done, worst first, then by address.
    pub changes: Vec<PlannedChange>,
    /// What is different from what the last apply left behind.
    pub outside: Vec<OutsideChange>,
}

impl Judgement {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The worst that would happen.
    pub fn danger(&self) -> Danger {
        let dangers = self.changes.iter().map(|change| change.danger);
        dangers.max().unwrap_or(Danger::None)
    }

    /// What would destroy data.
    pub fn losses(&self) -> impl Iterator<Item = &PlannedChange> {
        let changes = self.changes.iter();
        changes.filter(|change| change.danger == Danger::DataLoss)
    }
}

/// Judges a plan.
pub fn judge(plan: &Plan) -> Judgement {
    let mut changes: Vec<PlannedChange> = plan
        .resource_changes
        .iter()
        .filter_map(|change| planned(plan, change))
        .collect();
    changes.sort_by(|a, b| {
        b.danger
            .cmp(&a.danger)
            .then_with(|| a.address.cmp(&b.address))
    });
    Judgement {
        changes,
        outside: outside::changes(plan),
    }
}

/// What is done with one resource; `None` when that is nothing.
fn planned(plan: &Plan, change: &ResourceChange) -> Option<PlannedChange> {
    if change.mode != "managed" {
        return None;
    }
    let what = What::of(change)?;
    let (danger, mut because) = resources::judge(plan, change, what);
    because.extend(actions::reason(change));
    Some(PlannedChange {
        address: address(change),
        kind: change.kind.clone(),
        actions: change.change.actions.clone(),
        what,
        danger,
        because,
        differences: difference::all(&change.change),
    })
}

/// The address, with the key of an older object that is left over.
fn address(change: &ResourceChange) -> String {
    match &change.deposed {
        Some(key) => format!("{} (left over: {key})", change.address),
        None => change.address.clone(),
    }
}
