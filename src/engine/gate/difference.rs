//! The attributes that change, as far as they may be shown.

use serde_json::Value;

use crate::engine::plan::Change;

/// The longest value that is shown whole.
const LONGEST: usize = 120;

/// One attribute that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name at the top level of the resource.
    pub attribute: String,
    /// The old value; `None` when there was none.
    pub before: Option<String>,
    /// The new value; `None` when it goes.
    pub after: Option<String>,
}

/// Every attribute that changes, by name.
pub(super) fn all(change: &Change) -> Vec<Difference> {
    let names = names(&change.before)
        .chain(names(&change.after))
        .chain(names(&change.after_unknown));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    let differences = names
        .into_iter()
        .filter_map(|name| difference(change, name));
    differences.collect()
}

/// Whether an attribute changes, or may.
pub(super) fn changes(change: &Change, name: &str) -> bool {
    difference(change, name).is_some()
}

fn difference(change: &Change, name: &str) -> Option<Difference> {
    let (before, after) = (&change.before[name], &change.after[name]);
    let is_unknown = has_mark(&change.after_unknown[name]);
    if !is_unknown && same(before, after) {
        return None;
    }
    let hidden_before = has_mark(&change.before_sensitive[name]) || change.before_sensitive == true;
    let hidden_after = has_mark(&change.after_sensitive[name]) || change.after_sensitive == true;
    let after = if is_unknown {
        Some("(known afterwards)".to_owned())
    } else {
        shown(after, hidden_after)
    };
    Some(Difference {
        attribute: name.to_owned(),
        before: shown(before, hidden_before),
        after,
    })
}

fn names(value: &Value) -> impl Iterator<Item = &str> {
    let object = value.as_object().into_iter();
    object.flat_map(|object| object.keys().map(String::as_str))
}

/// Whether two values mean the same: providers write nothing at all in four ways.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a_fields), Value::Object(b_fields)) => {
            let keys = a_fields.keys().chain(b_fields.keys());
            let mut keys = keys.map(|key| (&a[key.as_str()], &b[key.as_str()]));
            keys.all(|(a, b)| same(a, b))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        _ => a == b || (is_nothing(a) && is_nothing(b)),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether `true` stands anywhere in a mark, as the engine marks unknown and sensitive values.
fn has_mark(mark: &Value) -> bool {
    match mark {
        Value::Bool(is_marked) => *is_marked,
        Value::Array(items) => items.iter().any(has_mark),
        Value::Object(fields) => fields.values().any(has_mark),
        _ => false,
    }
}

fn shown(value: &Value, hidden: bool) -> Option<String> {
    if is_nothing(value) {
        return None;
    }
    if hidden {
        return Some("(sensitive)".to_owned());
    }
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return Some(text);
    }
    let start: String = text.chars().take(LONGEST).collect();
    Some(format!("{start}…"))
}
