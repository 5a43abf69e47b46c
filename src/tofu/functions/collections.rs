//! Functions of lists and objects. What is certain of an incomplete one stays certain.

use std::collections::BTreeMap;

use crate::reading::Place;
use crate::tofu::operators::{equal, undecided};
use crate::tofu::scope::Reader;
use crate::tofu::traverse::element;
use crate::tofu::value::{Content, LONGEST, Value};

/// How deep `flatten` goes; values cannot be deeper.
const DEEPEST: usize = 64;

/// The result; `None` when there is no function of that name here.
pub(super) fn call(
    name: &str,
    arguments: &[Value],
    place: &Place,
    reader: &Reader,
) -> Option<Content> {
    let first = arguments.first();
    Some(match (name, first) {
        ("concat", _) => concat(arguments),
        ("merge", _) => merge(arguments),
        ("coalescelist", _) => coalescelist(arguments),
        (_, None) => return None,
        ("setunion", _) => set(&concat(arguments), place, reader).unordered(true),
        ("toset", Some(it)) => set(&it.content, place, reader).unordered(true),
        ("tolist", Some(it)) => it.content.clone().unordered(false),
        ("distinct", Some(it)) => distinct(&it.content, reader),
        ("flatten", Some(it)) => {
            let mut items = Vec::new();
            let complete = flatten(it, &mut items, reader, DEEPEST);
            Content::list(items, complete)
        }
        ("compact", Some(it)) => compact(it),
        ("sort", Some(it)) => sort(it, place),
        ("reverse", Some(it)) => reverse(it),
        ("keys", Some(it)) => keys(it, place),
        ("values", Some(it)) => values(it),
        ("length", Some(it)) => length(it),
        ("contains", Some(it)) => contains(it, arguments.get(1)?, reader),
        ("setsubtract", Some(it)) => subtract(it, arguments.get(1)?, reader).unordered(true),
        ("lookup", Some(it)) => lookup(it, arguments, place),
        ("element", Some(it)) => wrapping(it, arguments.get(1)?),
        ("zipmap", Some(it)) => zipmap(it, arguments.get(1)?),
        ("slice", Some(it)) => slice(it, arguments),
        _ => return None,
    })
}

fn concat(lists: &[Value]) -> Content {
    let mut items = Vec::new();
    let mut complete = true;
    for list in lists {
        match &list.content {
            Content::List(list) => {
                items.extend(list.items.iter().cloned());
                complete &= list.complete;
            }
            Content::Null | Content::Invalid => return Content::Invalid,
            _ => complete = false,
        }
        if items.len() > LONGEST {
            return Content::Unknown;
        }
    }
    Content::list(items, complete)
}

fn merge(objects: &[Value]) -> Content {
    let mut entries = BTreeMap::new();
    let mut complete = true;
    for object in objects {
        match &object.content {
            Content::Object(object) => {
                // What is missing may replace anything that came before.
                if !object.complete {
                    entries.clear();
                    complete = false;
                }
                entries.extend(object.entries.iter().map(|(k, v)| (k.clone(), v.clone())));
            }
            Content::Null => {}
            Content::Unknown | Content::Reference(_) => {
                entries.clear();
                complete = false;
            }
            _ => return Content::Invalid,
        }
    }
    Content::object(entries, complete)
}

fn coalescelist(lists: &[Value]) -> Content {
    for list in lists {
        match list.list() {
            Some(list) if list.complete && list.items.is_empty() => {}
            Some(list) if !list.items.is_empty() => {
                return list_content(list.items.to_vec(), list.complete);
            }
            _ => return Content::Unknown,
        }
    }
    Content::Invalid
}

fn list_content(items: Vec<Value>, complete: bool) -> Content {
    Content::list(items, complete)
}

/// Sets are in order, as `OpenTofu` walks them.
fn set(content: &Content, place: &Place, reader: &Reader) -> Content {
    let distinct = distinct(content, reader);
    let Content::List(list) = &distinct else {
        return distinct;
    };
    let Some(mut keyed) = texts(&list.items) else {
        return distinct;
    };
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.dedup_by(|a, b| a.0 == b.0);
    let items = keyed.into_iter().map(|(text, value)| {
        // Elements become one type, and texts win.
        let place = if value.place.file.is_empty() {
            place
        } else {
            &value.place
        };
        Value::text_of(&text, place.clone())
    });
    Content::list(items.collect(), list.complete)
}

fn texts(items: &[Value]) -> Option<Vec<(String, Value)>> {
    items
        .iter()
        .map(|item| Some((item.text()?, item.clone())))
        .collect()
}

fn distinct(content: &Content, reader: &Reader) -> Content {
    let Content::List(list) = content else {
        return content.clone();
    };
    let mut kept: Vec<Value> = Vec::new();
    for item in list.items.iter() {
        // One that may or may not be new does no harm twice.
        let known = kept.iter().any(|it| equal(it, item, reader) == Some(true));
        if reader.is_exhausted() {
            return Content::Unknown;
        }
        if !known {
            kept.push(item.clone());
        }
    }
    let doubtful = kept.len() > 1 && kept.iter().any(Value::is_unknown);
    Content::list(kept, list.complete && !doubtful)
}

/// Whether nothing is missing.
fn flatten(value: &Value, items: &mut Vec<Value>, reader: &Reader, depth: usize) -> bool {
    let Some(list) = value.list() else {
        return false;
    };
    let mut complete = list.complete;
    for item in list.items.iter() {
        if items.len() > LONGEST || depth == 0 || !reader.spend(1) {
            return false;
        }
        match &item.content {
            Content::List(_) => complete &= flatten(item, items, reader, depth - 1),
            // It may be a list of any length.
            Content::Unknown | Content::Invalid => complete = false,
            Content::Reference(it) if it.attribute().is_none_or(|name| name != "id") => {
                items.push(item.clone());
                complete = false;
            }
            _ => items.push(item.clone()),
        }
    }
    complete
}

fn compact(value: &Value) -> Content {
    let Some(list) = value.list() else {
        return undecided(&[value]);
    };
    let mut complete = list.complete;
    let mut items = Vec::new();
    for item in list.items.iter() {
        match &item.content {
            Content::Null => {}
            Content::Text(text) if text.is_empty() => {}
            Content::Unknown | Content::Invalid => complete = false,
            _ => items.push(item.clone()),
        }
    }
    Content::list(items, complete)
}

fn sort(value: &Value, place: &Place) -> Content {
    let Some(mut texts) = value.texts() else {
        return Content::Unknown;
    };
    texts.sort();
    let items = texts.iter().map(|it| Value::text_of(it, place.clone()));
    Content::list(items.collect(), true)
}

fn reverse(value: &Value) -> Content {
    match value.list() {
        Some(list) => Content::list(list.items.iter().rev().cloned().collect(), list.complete),
        None => undecided(&[value]),
    }
}

fn keys(value: &Value, place: &Place) -> Content {
    match value.object() {
        Some(object) => {
            let keys = object.entries.keys();
            let keys = keys.map(|key| Value::text_of(key, place.clone()));
            Content::list(keys.collect(), object.complete)
        }
        None => undecided(&[value]),
    }
}

fn values(value: &Value) -> Content {
    match value.object() {
        Some(object) => Content::list(object.entries.values().cloned().collect(), object.complete),
        None => undecided(&[value]),
    }
}

fn length(value: &Value) -> Content {
    let count = match &value.content {
        Content::List(list) if list.complete => Some(list.items.len()),
        Content::Object(object) if object.complete => Some(object.entries.len()),
        Content::Text(text) => Some(text.chars().count()),
        _ => None,
    };
    match count.and_then(|count| u32::try_from(count).ok()) {
        Some(count) => Content::Number(f64::from(count)),
        None => undecided(&[value]),
    }
}

fn contains(value: &Value, wanted: &Value, reader: &Reader) -> Content {
    let Some(list) = value.list() else {
        return undecided(&[value]);
    };
    let answers = || list.items.iter().map(|it| same(it, wanted, reader));
    if answers().any(|it| it == Some(true)) {
        Content::Bool(true)
    } else if list.complete && answers().all(|it| it == Some(false)) {
        Content::Bool(false)
    } else {
        Content::Unknown
    }
}

/// Elements of one list have one type, so a number and its text are the same.
fn same(left: &Value, right: &Value, reader: &Reader) -> Option<bool> {
    match (left.text(), right.text()) {
        (Some(left), Some(right)) => Some(left == right),
        _ => equal(left, right, reader),
    }
}

fn subtract(value: &Value, gone: &Value, reader: &Reader) -> Content {
    let (Some(list), Some(gone)) = (value.list(), gone.list()) else {
        return Content::Unknown;
    };
    let mut complete = list.complete;
    let mut kept = Vec::new();
    for item in list.items.iter() {
        let answers: Vec<_> = gone.items.iter().map(|it| same(it, item, reader)).collect();
        if answers.contains(&Some(true)) {
            continue;
        }
        if gone.complete && answers.iter().all(|it| *it == Some(false)) {
            kept.push(item.clone());
        } else {
            complete = false;
        }
    }
    Content::list(kept, complete)
}

fn lookup(map: &Value, arguments: &[Value], place: &Place) -> Content {
    let Some(key) = arguments.get(1) else {
        return Content::Invalid;
    };
    let found = element(map, key, place);
    match (&found.content, arguments.get(2)) {
        (Content::Invalid, Some(default)) if map.object().is_some() => default.content.clone(),
        _ => found.content,
    }
}

fn wrapping(list: &Value, index: &Value) -> Content {
    let (Some(list), Some(index)) = (list.list().filter(|it| it.complete), index.number()) else {
        return Content::Unknown;
    };
    let index: Option<usize> = format!("{index}").parse().ok();
    match (index, list.items.len()) {
        (_, 0) => Content::Invalid,
        (Some(index), length) => list.items[index % length].content.clone(),
        (None, _) => Content::Unknown,
    }
}

fn zipmap(keys: &Value, values: &Value) -> Content {
    match (keys.texts(), values.list()) {
        (Some(keys), Some(values)) if values.complete && keys.len() == values.items.len() => {
            let entries = keys.into_iter().zip(values.items.iter().cloned());
            Content::object(entries.collect(), true)
        }
        _ => Content::Unknown,
    }
}

fn slice(value: &Value, arguments: &[Value]) -> Content {
    let number = |index: usize| -> Option<usize> {
        let number = arguments.get(index)?.number()?;
        format!("{number}").parse().ok()
    };
    match (value.list(), number(1), number(2)) {
        (Some(list), Some(start), Some(end)) if list.complete => match list.items.get(start..end) {
            Some(items) => Content::list(items.to_vec(), true),
            None => Content::Invalid,
        },
        _ => Content::Unknown,
    }
}
