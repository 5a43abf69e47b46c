//! The JSON Schema of `seance.toml`, made from the raw types.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::v1;

#[expect(
    clippy::expect_used,
    reason = "a test compares the embedded file with `shape`"
)]
static EMBEDDED: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../schema/shape.json");
    serde_json::from_str(text).expect("the embedded schema is JSON")
});

/// The text of the checked-in schema.
pub fn schema_text() -> &'static str {
    include_str!("../../schema/seance.schema.json")
}

/// The checked-in [`shape`]. Reading it is faster than making it.
pub(super) fn embedded() -> &'static Value {
    &EMBEDDED
}

/// The JSON Schema (draft 2020-12) of `seance.toml`, with a description, the default and the
/// possible values of every key.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<v1::Manifest>().to_value();
    tidy(&mut schema);
    head_first(schema)
}

/// The [`schema`] without its texts, which are most of it and which only editors show.
pub fn shape() -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.shift_remove("description");
                map.shift_remove("x-taplo");
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut shape = schema();
    strip(&mut shape);
    shape
}

/// What a person reads first stands first.
fn head_first(schema: Value) -> Value {
    let Value::Object(mut rest) = schema else {
        return schema;
    };
    let mut ordered = Map::new();
    for key in ["$schema", "title", "description"] {
        if let Some((key, value)) = rest.shift_remove_entry(key) {
            ordered.insert(key, value);
        }
    }
    ordered.extend(rest);
    Value::Object(ordered)
}

/// TOML has no null, and editors show what is simple: takes the null alternatives of optional keys
/// and the names of Rust number types out.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            drop_null(map);
            if let Some(Value::String(text)) = map.get_mut("description") {
                // The line breaks are those of the source.
                *text = text.replace('\n', " ");
            }
            map.values_mut().for_each(tidy);
        }
        Value::Array(list) => list.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn drop_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".to_owned(), only);
        }
    }
    if map.get("format").is_some_and(|format| format == "int64") {
        map.shift_remove("format");
    }
    let Some(Value::Array(branches)) = map.get_mut("anyOf") else {
        return;
    };
    branches.retain(|branch| branch.get("type") != Some(&Value::from("null")));
    if let [Value::Object(only)] = branches.as_slice() {
        let only = only.clone();
        map.shift_remove("anyOf");
        for (key, value) in only {
            map.entry(key).or_insert(value);
        }
    }
}
