//! The case `every-key` sets every key of the schema, none to its default.

use std::fs;
use std::path::Path;

use serde_json::Value;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The schema beside the values that stand at its place; several where the key is the user's.
struct Walk<'a> {
    schema: &'a Value,
    missing: Vec<String>,
    seen: usize,
}

impl<'a> Walk<'a> {
    /// Follows `$ref` and takes the one object schema out of `anyOf`.
    fn object(&self, schema: &'a Value) -> Option<&'a Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            return self.object(self.schema.pointer(pointer).unwrap());
        }
        for variants in ["anyOf", "oneOf"] {
            if let Some(variants) = schema[variants].as_array() {
                return variants.iter().find_map(|variant| self.object(variant));
            }
        }
        let has_keys =
            schema["properties"].is_object() || schema["additionalProperties"].is_object();
        has_keys.then_some(schema)
    }

    fn walk(&mut self, schema: &'a Value, values: &[&Value], path: &str) {
        let Some(object) = self.object(schema) else {
            return;
        };
        for (key, inner) in object["properties"].as_object().into_iter().flatten() {
            self.property(inner, key, values, path);
        }
        if object["additionalProperties"].is_object() {
            let entries: Vec<&Value> = values
                .iter()
                .filter_map(|value| value.as_object())
                .flat_map(|entries| entries.values())
                .collect();
            let path = format!("{path}.<name>");
            if entries.is_empty() {
                self.missing.push(format!("{path} has no entry"));
            }
            self.walk(&object["additionalProperties"], &entries, &path);
        }
    }

    fn property(&mut self, schema: &'a Value, key: &str, values: &[&Value], path: &str) {
        let path = format!("{path}.{key}");
        let set: Vec<&Value> = values.iter().filter_map(|value| value.get(key)).collect();
        self.seen += 1;
        if set.is_empty() {
            self.missing.push(format!("{path} is not set"));
        } else if set
            .iter()
            .all(|value| Some(*value) == schema.get("default"))
            && !self.has_one_value(schema)
        {
            self.missing.push(format!("{path} is its default"));
        }
        self.walk(schema, &set, &path);
    }

    /// Whether the schema allows a single value, so that there is no other to set.
    fn has_one_value(&self, schema: &'a Value) -> bool {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            return self.has_one_value(self.schema.pointer(pointer).unwrap());
        }
        let variants: Vec<&Value> = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|name| schema[*name].as_array())
            .flatten()
            .filter(|variant| variant["type"] != "null")
            .collect();
        schema.get("const").is_some()
            || schema["enum"].as_array().is_some_and(|all| all.len() == 1)
            || (variants.len() == 1 && self.has_one_value(variants[0]))
    }
}

fn walk(manifest: &str) -> (Vec<String>, usize) {
    let schema: Value = serde_json::from_str(&read("schema/seance.schema.json")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let manifest = serde_json::to_value(manifest).unwrap();
    let mut walk = Walk {
        schema: &schema,
        missing: Vec::new(),
        seen: 0,
    };
    walk.walk(&schema, &[&manifest], "");
    (walk.missing, walk.seen)
}

#[test]
fn every_key_sets_every_key() {
    let (missing, seen) = walk(&read("tests/golden/every-key/seance.toml"));
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(seen > 60, "only {seen} keys were found in the schema");
}

#[test]
fn a_key_that_is_left_out_is_found() {
    let manifest = read("tests/golden/every-key/seance.toml");
    for (line, complaint) in [
        ("swap = \"4G\"\n", ".server.disk.swap is not set"),
        (
            "container_port = 13478\n",
            ".services.<name>.container_port is not set",
        ),
        ("lock = true\n", ".state.lock is not set"),
        ("ca = \"staging\"\n", ".caddy.ca is not set"),
    ] {
        assert!(manifest.contains(line), "{line}");
        assert_eq!(walk(&manifest.replace(line, "")).0, [complaint]);
    }
    let default = manifest.replace("swap = \"4G\"", "swap = \"2G\"");
    assert_eq!(walk(&default).0, [".server.disk.swap is its default"]);
}
