//! The shape of the file against the schema: unknown keys, wrong types, missing keys, words
//! outside a closed list and secrets, all of them in one walk.
//!
//! The walk reads the very schema that editors read. What has the wrong shape is taken out of the
//! tree (an element of a list is emptied and its place remembered), so that the rest can still be
//! loaded and judged.

mod hints;
mod missing;
mod secrets;
mod types;
mod unknown;

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Finding, Location, Origin, Patch};
use crate::rules::Rule;

pub(super) use types::resolve as resolve_schema;

/// What the walk found.
pub(super) struct Shape {
    pub(super) findings: Vec<Finding>,
    /// Starts of the list elements that were emptied; nothing more is said about them.
    pub(super) emptied: BTreeSet<usize>,
}

/// Walks the whole file, reports, and takes out what serde could not read.
pub(super) fn check(
    file: &str,
    text: &str,
    schema: &Value,
    table: &mut Spanned<DeTable<'_>>,
) -> Shape {
    let mut walk = Walk {
        file,
        text,
        root: schema,
        path: Vec::new(),
        shape: Shape {
            findings: Vec::new(),
            emptied: BTreeSet::new(),
        },
    };
    let span = table.span();
    walk.table(schema, table.get_mut(), span);
    walk.shape
}

struct Walk<'a> {
    file: &'a str,
    text: &'a str,
    root: &'a Value,
    /// Keys from the top of the file to the value at hand.
    path: Vec<String>,
    shape: Shape,
}

impl<'a> Walk<'a> {
    /// Judges one value; whether it can be kept.
    fn value(&mut self, schema: &'a Value, value: &mut Spanned<DeValue<'_>>) -> bool {
        let span = value.span();
        let Some(schema) = types::branch(self.root, schema, value.get_ref()) else {
            self.wrong_type(schema, value.get_ref(), span);
            return false;
        };
        match value.get_mut() {
            DeValue::Table(table) => {
                self.table(schema, table, span);
                true
            }
            DeValue::Array(array) => {
                if let Some(items) = schema.get("items") {
                    for (index, element) in array.iter_mut().enumerate() {
                        self.element(items, index, element);
                    }
                }
                true
            }
            DeValue::String(text) => self.text_value(schema, text, span),
            _ => true,
        }
    }

    fn element(&mut self, items: &'a Value, index: usize, element: &mut Spanned<DeValue<'_>>) {
        self.path.push(format!("#{}", index + 1));
        if !self.value(items, element) {
            self.shape.emptied.insert(element.span().start);
            *element.get_mut() = DeValue::String("".into());
        }
        self.path.pop();
    }

    fn table(&mut self, schema: &'a Value, table: &mut DeTable<'_>, span: Range<usize>) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema
            .get("additionalProperties")
            .filter(|other| other.is_object());
        self.missing_keys(schema, table, span);
        let mut refused = Vec::new();
        for (key, value) in table.iter_mut() {
            let name = key.get_ref().as_ref();
            self.path.push(name.to_owned());
            let expected = known.and_then(|known| known.get(name)).or(others);
            let keep = if let Some(expected) = expected {
                self.value(expected, value)
            } else {
                self.unknown_key(schema, name, key.span(), value);
                false
            };
            self.path.pop();
            if !keep {
                refused.push(name.to_owned());
            }
        }
        for name in refused {
            table.remove(name.as_str());
        }
    }

    fn text_value(&mut self, schema: &Value, text: &str, span: Range<usize>) -> bool {
        if let Some(kind) = secrets::kind(&self.path, text) {
            self.secret(kind, span);
            return false;
        }
        match types::words(schema) {
            Some(words) if !words.contains(&text) => {
                self.unknown_word(&words, text, span);
                false
            }
            _ => true,
        }
    }

    fn report(&mut self, rule: &'static Rule, place: Range<usize>, message: String, help: String) {
        let finding = Finding::new(rule, Origin::Manifest, message, help);
        // The table around everything has no text of its own.
        let location = if place.is_empty() && place.start == 0 {
            Location::file(self.file)
        } else {
            Location::span(self.file, place)
        };
        self.shape.findings.push(finding.at(location));
    }

    /// Gives the last finding a label and, when there is one, its mechanical edit.
    fn detail(&mut self, label: impl Into<String>, edit: Option<(Range<usize>, String)>) {
        if let Some(finding) = self.shape.findings.last_mut() {
            finding.label = label.into();
            finding.patch = edit.map(|(range, replacement)| Patch {
                file: self.file.to_owned(),
                range,
                replacement,
            });
        }
    }

    /// The value at hand as a person names it, such as `server.disk.swap` in backticks, or "entry 2
    /// of" it.
    fn name(&self) -> String {
        match self.path.split_last() {
            Some((entry, list)) if entry.starts_with('#') => {
                format!("entry {} of `{}`", &entry[1..], super::dotted(list))
            }
            _ => format!("`{}`", super::dotted(&self.path)),
        }
    }
}
