//! Rules about what a machine runs on over the years: releases, inputs, state.

mod autoupgrade;
mod backups;
mod channels;
mod emergency_mode;
mod fail2ban;
mod gc;
mod hostname_blank;
mod input_missing;
mod input_without_url;
mod inputs_follow;
mod journald_cap;
mod log_refused;
mod module_skew;
mod release_end;
mod state_version;
mod system_missing;
mod time_zone;
mod trusted_users;
mod volume_nofail;
mod zram;

use super::Check;
use crate::deployment::NixosRelease;
use crate::facts::Facts;
use crate::finding::Location;
use crate::flake::{Lock, Reference};

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &hostname_blank::CHECK,
    &channels::CHECK,
    &time_zone::CHECK,
    &trusted_users::CHECK,
    &fail2ban::CHECK,
    &volume_nofail::CHECK,
    &log_refused::CHECK,
    &emergency_mode::CHECK,
    &zram::CHECK,
    &gc::CHECK,
    &journald_cap::CHECK,
    &autoupgrade::CHECK,
    &backups::CHECK,
    &inputs_follow::CHECK,
    &module_skew::CHECK,
    &release_end::CHECK,
    &state_version::CHECK,
    &input_missing::CHECK,
    &system_missing::CHECK,
    &input_without_url::CHECK,
];

/// One input of the project's flake.
struct Input {
    name: String,
    reference: Reference,
    /// Where its address is written, or its node in the lock.
    location: Location,
}

/// The inputs of the flake whose address is known: as flake.nix writes them, else as flake.lock
/// remembers them.
fn inputs(facts: &Facts<'_>) -> Vec<Input> {
    let mut found = Vec::new();
    if let Some(flake) = facts.flake() {
        for (name, input) in &flake.inputs {
            if let Some((url, place)) = &input.url {
                found.push(Input {
                    name: (**name).to_owned(),
                    reference: Reference::parse(url),
                    location: place.location(),
                });
            }
        }
    }
    if let Some(lock) = facts.flake_lock() {
        for name in lock.inputs() {
            if found.iter().all(|input| input.name != name) {
                found.extend(locked(lock, name));
            }
        }
    }
    found
}

fn locked(lock: &Lock, name: &str) -> Option<Input> {
    let node = lock.resolve(&[name])?;
    let reference = lock.node(node)?.original.clone()?;
    let location = lock
        .place(node)
        .map_or_else(|| Location::file(&*lock.path), |place| place.location());
    Some(Input {
        name: name.to_owned(),
        reference,
        location,
    })
}

/// The input that the systems are built from: the only one that is nixpkgs.
fn nixpkgs(inputs: &[Input]) -> Option<&Input> {
    let mut all = inputs.iter().filter(|input| input.reference.is_nixpkgs());
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// The release that the systems are built from, where the input names one.
fn pinned_release(facts: &Facts<'_>) -> Option<(NixosRelease, Location)> {
    let inputs = inputs(facts);
    let input = nixpkgs(&inputs)?;
    Some((input.reference.release()?, input.location.clone()))
}
