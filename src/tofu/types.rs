//! What a variable's type makes of its value.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, FuncCall, ObjectKey};

use super::evaluate::Context;
use super::functions;
use super::value::{Content, Value};
use crate::reading::Place;

/// A value converted to the type of its variable. One that does not fit stays as it is.
pub(super) fn convert(context: &Context<'_, '_>, value: Value, kind: &Expression) -> Value {
    if !context.scope.reader.spend(1) {
        return value;
    }
    let place = value.place.clone();
    let shaped = match kind {
        Expression::Variable(name) => match name.as_str() {
            "string" => value.text().map(|text| Content::Text(text.into())),
            "number" => value.number().map(Content::Number),
            "bool" => value.boolean().map(Content::Bool),
            _ => None,
        },
        Expression::FuncCall(call) => collection(context, &value, call),
        _ => None,
    };
    match shaped {
        Some(shaped) => Value::new(shaped, place),
        None => value,
    }
}

fn collection(context: &Context<'_, '_>, value: &Value, call: &FuncCall) -> Option<Content> {
    let inner = call.args.get(0)?;
    let reader = context.scope.reader;
    match (call.name.name.as_str(), &value.content) {
        ("list" | "set", Content::List(list)) => {
            let items = list.items.iter();
            let items = items.map(|item| convert(context, item.clone(), inner));
            let converted = Content::list(items.collect(), list.complete);
            if call.name.name.as_str() == "list" {
                return Some(converted);
            }
            let list = Value::new(converted, value.place.clone());
            Some(functions::call("toset", &[list], &value.place, reader).content)
        }
        ("map", Content::Object(object)) => {
            let entries = object
                .entries
                .iter()
                .map(|(key, it)| (key.clone(), convert(context, it.clone(), inner)));
            Some(Content::object(entries.collect(), object.complete))
        }
        ("object", Content::Object(object)) => {
            let Expression::Object(fields) = inner else {
                return None;
            };
            let mut entries = BTreeMap::new();
            for (key, kind) in fields {
                let name = field_name(key)?;
                let given = object.entries.get(&name).cloned();
                if given.is_none() && !object.complete {
                    continue;
                }
                entries
                    .extend(field(context, given, kind.expr(), &value.place).map(|it| (name, it)));
            }
            Some(Content::object(entries, object.complete))
        }
        _ => None,
    }
}

/// The value of a field of an object type, `optional(type, default)` among them.
fn field(
    context: &Context<'_, '_>,
    given: Option<Value>,
    kind: &Expression,
    place: &Place,
) -> Option<Value> {
    let optional = match kind {
        Expression::FuncCall(call) if call.name.name.as_str() == "optional" => &call.args,
        _ => return given.map(|value| convert(context, value, kind)),
    };
    let kind = optional.get(0)?;
    let given = given.filter(|value| !value.is_null());
    let value = match (given, optional.get(1)) {
        (Some(value), _) => value,
        (None, Some(default)) => context.value(default),
        (None, None) => return Some(Value::new(Content::Null, place.clone())),
    };
    Some(convert(context, value, kind))
}

/// A field that the type asks for and a value does not have, with the place of the object.
pub(super) fn lacking(value: &Value, kind: &Expression) -> Option<(String, Place)> {
    let Expression::FuncCall(call) = kind else {
        return None;
    };
    let inner = call.args.get(0)?;
    match (call.name.name.as_str(), &value.content) {
        ("list" | "set", Content::List(list)) => {
            let mut items = list.items.iter();
            items.find_map(|item| lacking(item, inner))
        }
        ("map", Content::Object(object)) => {
            let mut entries = object.entries.values();
            entries.find_map(|entry| lacking(entry, inner))
        }
        ("object", Content::Object(object)) => {
            let Expression::Object(fields) = inner else {
                return None;
            };
            fields.iter().find_map(|(key, kind)| {
                let name = field_name(key)?;
                match object.entries.get(&name) {
                    Some(entry) => lacking(entry, kind.expr()),
                    None if object.complete && !is_optional(kind.expr()) => {
                        Some((name, value.place.clone()))
                    }
                    None => None,
                }
            })
        }
        _ => None,
    }
}

/// A field that a value has and the type leaves out, with its place.
pub(super) fn dropped(value: &Value, kind: &Expression) -> Option<(String, Place)> {
    let Expression::FuncCall(call) = kind else {
        return None;
    };
    let inner = call.args.get(0)?;
    match (call.name.name.as_str(), &value.content) {
        ("list" | "set", Content::List(list)) => {
            let mut items = list.items.iter();
            items.find_map(|item| dropped(item, inner))
        }
        ("object", Content::Object(object)) => {
            let Expression::Object(fields) = inner else {
                return None;
            };
            let names: Vec<String> = fields
                .iter()
                .filter_map(|(key, _)| field_name(key))
                .collect();
            let mut entries = object.entries.iter();
            let (name, entry) = entries.find(|(name, _)| !names.contains(name))?;
            (names.len() == fields.len()).then(|| (name.clone(), entry.place.clone()))
        }
        _ => None,
    }
}

fn is_optional(kind: &Expression) -> bool {
    matches!(kind, Expression::FuncCall(call) if call.name.name.as_str() == "optional")
}

fn field_name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => {
            Some(name.as_str().to_owned())
        }
        ObjectKey::Expression(Expression::String(name)) => Some(name.value().clone()),
        ObjectKey::Expression(_) => None,
    }
}

/// The value in a JSON file.
pub(super) fn from_json(json: &serde_json::Value, place: &Place) -> Value {
    use serde_json::Value as Json;
    let content = match json {
        Json::Null => Content::Null,
        Json::Bool(yes) => Content::Bool(*yes),
        Json::Number(number) => number.as_f64().map_or(Content::Unknown, Content::Number),
        Json::String(text) => return Value::text_of(text, place.clone()),
        Json::Array(items) => {
            Content::list(items.iter().map(|it| from_json(it, place)).collect(), true)
        }
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, it)| (key.clone(), from_json(it, place)));
            Content::object(entries.collect(), true)
        }
    };
    Value::new(content, place.clone())
}
