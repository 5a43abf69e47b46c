//! Whether a value has the type that the schema asks for.

use std::ops::Range;

use serde_json::Value;
use toml::de::DeValue;

use super::Walk;
use crate::deployment::nearest;
use crate::manifest::rules;

/// The part of the schema that a value of this type is judged by; `None` when no part takes it.
pub(super) fn branch<'a>(
    root: &'a Value,
    schema: &'a Value,
    value: &DeValue<'_>,
) -> Option<&'a Value> {
    let schema = resolve(root, schema);
    if let Some(branches) = schema.get("anyOf").and_then(Value::as_array) {
        return branches.iter().find_map(|one| branch(root, one, value));
    }
    let fits = type_of(schema).is_none_or(|wanted| wanted == value_type(value));
    fits.then_some(schema)
}

/// The schema behind a reference.
pub(in crate::manifest) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let Some(name) = schema.get("$ref").and_then(Value::as_str) else {
        return schema;
    };
    let target = name
        .strip_prefix("#/$defs/")
        .and_then(|name| root.get("$defs")?.get(name));
    target.unwrap_or(schema)
}

fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type").and_then(Value::as_str) {
        None if schema.get("oneOf").is_some() => Some("string"),
        found => found,
    }
}

fn value_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

/// The words of a closed list. Regions and sizes are not one: the catalog refuses them with what
/// it knows.
pub(super) fn words(schema: &Value) -> Option<Vec<&str>> {
    let list = schema.get("oneOf").and_then(Value::as_array)?;
    Some(
        list.iter()
            .filter_map(|word| word.get("const")?.as_str())
            .collect(),
    )
}

/// A schema type in a person's words.
fn noun(kind: &str) -> &'static str {
    match kind {
        "string" => "text in quotes",
        "integer" => "a whole number",
        "number" => "a number with a fraction",
        "boolean" => "`true` or `false`",
        "date" => "a date",
        "array" => "a list",
        _ => "a table",
    }
}

impl Walk<'_> {
    pub(super) fn wrong_type(&mut self, schema: &Value, value: &DeValue<'_>, span: Range<usize>) {
        let wanted: Vec<&str> = alternatives(self.root, schema);
        let found = value_type(value);
        let nouns: Vec<&str> = wanted.iter().map(|kind| noun(kind)).collect();
        let must = nouns.join(" or ");
        let message = format!("{} must be {must}, not {}", self.name(), noun(found));
        let written = self.text.get(span.clone()).unwrap_or_default();
        let (help, replacement) = advice(&wanted, value, written, &must);
        self.report(&rules::MANIFEST_TYPE, span.clone(), message, help);
        self.detail(
            format!("must be {must}"),
            replacement.map(|text| (span, text)),
        );
    }

    pub(super) fn unknown_word(&mut self, words: &[&str], text: &str, span: Range<usize>) {
        let list: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
        let message = format!(
            "{} cannot be {}",
            self.name(),
            crate::deployment::shown(text)
        );
        let near =
            nearest(text, words.iter().copied()).or_else(|| (words.len() == 1).then(|| words[0]));
        let help = match near {
            Some(word) if words.len() > 1 => {
                format!(
                    "write `\"{word}\"`; possible are {}",
                    super::super::either(&list, "and")
                )
            }
            _ => format!("write {}", super::super::either(&list, "or")),
        };
        self.report(&rules::MANIFEST_VALUE, span.clone(), message, help);
        self.detail(
            "not one of the possible values",
            near.map(|word| (span, format!("\"{word}\""))),
        );
    }
}

/// Every type that the schema takes.
fn alternatives<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let schema = resolve(root, schema);
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(branches) => branches
            .iter()
            .flat_map(|one| alternatives(root, one))
            .collect(),
        None => type_of(schema).into_iter().collect(),
    }
}

/// What to write instead, and the exact text where it is mechanical.
fn advice(
    wanted: &[&str],
    value: &DeValue<'_>,
    written: &str,
    must: &str,
) -> (String, Option<String>) {
    let replacement = match value {
        _ if written.is_empty() || written.contains('\n') => None,
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_)
            if wanted.contains(&"string") =>
        {
            Some(format!("\"{written}\""))
        }
        DeValue::Float(number) if wanted.contains(&"integer") => {
            number.as_str().strip_suffix(".0").map(str::to_owned)
        }
        DeValue::String(text) if wanted.contains(&"integer") => text
            .trim()
            .parse::<i64>()
            .ok()
            .map(|number| number.to_string()),
        DeValue::String(text) if wanted.contains(&"boolean") => match text.as_ref() {
            "true" | "yes" | "on" => Some("true".to_owned()),
            "false" | "no" | "off" => Some("false".to_owned()),
            _ => None,
        },
        DeValue::String(_) if wanted.contains(&"array") => Some(format!("[{written}]")),
        _ => None,
    };
    match &replacement {
        Some(text) => (format!("write `{text}`"), replacement),
        None => (format!("write {must}"), None),
    }
}
