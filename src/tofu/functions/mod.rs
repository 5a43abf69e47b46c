//! The pure functions that configurations use. Every other one is unknown.

mod collections;
mod numbers;
mod texts;

use super::operators::undecided;
use super::scope::Reader;
use super::value::{Content, Value};
use crate::reading::Place;

/// The result of a function.
pub(super) fn call(name: &str, arguments: &[Value], place: &Place, reader: &Reader) -> Value {
    if let Some(value) = choose(name, arguments, place) {
        return value;
    }
    let weight = arguments.iter().filter_map(Value::list);
    if !reader.spend(weight.map(|list| list.items.len()).sum()) {
        return Value::new(Content::Unknown, place.clone());
    }
    let content = collections::call(name, arguments, place, reader)
        .or_else(|| scalar(name, arguments, place))
        .unwrap_or(Content::Unknown);
    Value::new(content, place.clone())
}

/// Functions that hand on one of their arguments, with the place where that is written.
fn choose(name: &str, arguments: &[Value], place: &Place) -> Option<Value> {
    let here = |content| Value::new(content, place.clone());
    let first = arguments.first()?;
    let chosen = match name {
        "try" => {
            let valid = |value: &&Value| !matches!(value.content, Content::Invalid);
            arguments.iter().find(valid).cloned()
        }
        "can" => {
            return Some(here(match first.content {
                Content::Unknown => Content::Unknown,
                Content::Invalid => Content::Bool(false),
                _ => Content::Bool(true),
            }));
        }
        "coalesce" => coalesce(arguments),
        "sensitive" | "nonsensitive" | "tomap" => Some(first.clone()),
        "tostring" | "tonumber" | "tobool" if first.is_null() || first.reference().is_some() => {
            Some(first.clone())
        }
        "one" => match &first.content {
            Content::List(list) if list.complete => match list.items.as_ref() {
                [] => Some(here(Content::Null)),
                [only] => Some(only.clone()),
                _ => Some(here(Content::Invalid)),
            },
            _ => Some(here(Content::Unknown)),
        },
        _ => return None,
    };
    Some(chosen.unwrap_or_else(|| here(Content::Invalid)))
}

/// The first argument that is neither null nor an empty text.
fn coalesce(arguments: &[Value]) -> Option<Value> {
    for value in arguments {
        match &value.content {
            Content::Null => {}
            Content::Text(text) if text.is_empty() => {}
            // It may turn out to be null or empty.
            Content::Unknown | Content::Reference(_) => {
                return Some(Value::new(Content::Unknown, value.place.clone()));
            }
            _ => return Some(value.clone()),
        }
    }
    None
}

/// Functions of texts, numbers and booleans.
fn scalar(name: &str, arguments: &[Value], place: &Place) -> Option<Content> {
    if let Some(answer) = texts::call(name, arguments, place) {
        // Not all that these functions can do is done here.
        return Some(answer.unwrap_or(Content::Unknown));
    }
    let answer = numbers::call(name, arguments)?;
    Some(answer.unwrap_or_else(|Undecided| undecided(&arguments.iter().collect::<Vec<_>>())))
}

/// The arguments do not fit the function, or are not known.
struct Undecided;

/// The answer of a function that exists.
type Answer = Result<Content, Undecided>;

/// A conversion that has to succeed.
fn need<T>(value: Option<T>) -> Result<T, Undecided> {
    value.ok_or(Undecided)
}
