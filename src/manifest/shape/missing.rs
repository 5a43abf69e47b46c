//! Required keys that are not there.

use std::ops::Range;

use serde_json::Value;
use toml::de::DeTable;

use super::{Walk, types};
use crate::deployment::nearest;
use crate::manifest::rules;

impl Walk<'_> {
    pub(super) fn missing_keys(&mut self, schema: &Value, table: &DeTable<'_>, span: Range<usize>) {
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !table.contains_key(name) && !misspelt(schema, table, name) {
                self.missing_key(schema, name, span.clone());
            }
        }
        let least = schema.get("minProperties").and_then(Value::as_u64);
        if least.is_some() && table.is_empty() {
            let name = crate::manifest::dotted(&self.path);
            let message = format!("`[{name}]` is empty, at least one entry is needed");
            let help = format!("add {}", example(schema, &name));
            self.report(&rules::MANIFEST_MISSING_KEY, span, message, help);
            self.detail("nothing in it", None);
        }
    }

    fn missing_key(&mut self, schema: &Value, name: &str, span: Range<usize>) {
        let target = schema.get("properties").and_then(|known| known.get(name));
        let target = target.map(|target| types::resolve(self.root, target));
        let is_table = target.and_then(|target| target.get("type")) == Some(&"object".into());
        self.path.push(name.to_owned());
        let full = crate::manifest::dotted(&self.path);
        let example = target
            .map(|target| example(target, &full))
            .unwrap_or_default();
        let (message, help) = if is_table {
            (format!("`[{full}]` is missing"), format!("add {example}"))
        } else {
            (format!("`{full}` is missing"), self.where_to_add(&example))
        };
        self.path.pop();
        self.report(&rules::MANIFEST_MISSING_KEY, span, message, help);
        self.detail(format!("has no `{name}`"), None);
    }

    fn where_to_add(&self, example: &str) -> String {
        match self.path.split_last() {
            Some((_, table)) if !table.is_empty() => {
                format!("add {example} to `[{}]`", crate::manifest::dotted(table))
            }
            _ => format!("add {example} as the first line"),
        }
    }
}

/// Whether the key is there under a misspelt name, which is reported as such.
fn misspelt(schema: &Value, table: &DeTable<'_>, name: &str) -> bool {
    let Some(known) = schema.get("properties").and_then(Value::as_object) else {
        return false;
    };
    table.keys().any(|key| {
        let written = key.get_ref().as_ref();
        !known.contains_key(written)
            && nearest(written, known.keys().map(String::as_str)) == Some(name)
    })
}

/// What a person would write for a key that is missing, in backticks.
fn example(schema: &Value, path: &str) -> String {
    let key = path.rsplit('.').next().unwrap_or(path);
    if schema.get("type") == Some(&"object".into()) {
        let required = schema.get("required").and_then(Value::as_array);
        let keys: Vec<String> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|name| format!("`{name}`"))
            .collect();
        return match path {
            "domains" => "`[domains]` with a line such as `app = \"app.example.com\"`".to_owned(),
            "services" => {
                "`[services.app]` with `command` (or `image`), `port` and `domains`".to_owned()
            }
            _ => format!("`[{path}]` with {}", crate::manifest::either(&keys, "and")),
        };
    }
    let shown = schema
        .get("const")
        .or_else(|| schema.get("examples")?.get(0));
    let value = match (shown, schema.get("type").and_then(Value::as_str)) {
        (Some(value), _) => value.to_string(),
        (None, Some("integer")) => "3000".to_owned(),
        (None, Some("array")) => "[\"…\"]".to_owned(),
        (None, _) => "\"…\"".to_owned(),
    };
    format!("`{key} = {value}`")
}
