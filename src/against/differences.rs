//! Collecting the values that differ.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{AttributeChange, Danger};

/// The values that differ so far.
#[derive(Default)]
pub(super) struct Differences(Vec<AttributeChange>);

impl Differences {
    /// Notes a value that both sides have, if it differs.
    pub(super) fn value<T: Display>(
        &mut self,
        key: impl Into<String>,
        before: T,
        after: T,
        danger: Danger,
        because: &str,
    ) {
        self.option(key, Some(before), Some(after), danger, &[because]);
    }

    /// Notes a value that a side may lack, if it differs.
    pub(super) fn option<T: Display>(
        &mut self,
        key: impl Into<String>,
        before: Option<T>,
        after: Option<T>,
        danger: Danger,
        because: &[&str],
    ) {
        let before = before.map(|value| value.to_string());
        let after = after.map(|value| value.to_string());
        if before == after {
            return;
        }
        self.0.push(AttributeChange {
            key: key.into(),
            before,
            after,
            danger,
            because: because
                .iter()
                .filter(|reason| !reason.is_empty())
                .map(ToString::to_string)
                .collect(),
        });
    }

    /// Notes a list as one value, joined with commas.
    pub(super) fn list<T: Display>(
        &mut self,
        key: impl Into<String>,
        before: &[T],
        after: &[T],
        danger: Danger,
        because: &str,
    ) {
        self.option(key, joined(before), joined(after), danger, &[because]);
    }

    /// Notes every entry of a map that differs, as `key.entry`.
    pub(super) fn map<K: Ord + Display, V: Display>(
        &mut self,
        key: &str,
        before: &BTreeMap<K, V>,
        after: &BTreeMap<K, V>,
        danger: Danger,
        because: &str,
    ) {
        let new = after.keys().filter(|name| !before.contains_key(*name));
        for name in before.keys().chain(new) {
            let key = format!("{key}.{name}");
            self.option(key, before.get(name), after.get(name), danger, &[because]);
        }
    }

    /// All of them.
    pub(super) fn into_vec(self) -> Vec<AttributeChange> {
        self.0
    }
}

/// The entries joined with commas; `None` for an empty list.
pub(super) fn joined<T: Display>(list: &[T]) -> Option<String> {
    let entries: Vec<String> = list.iter().map(ToString::to_string).collect();
    (!entries.is_empty()).then(|| entries.join(", "))
}
