//! Keys that the schema does not know.

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::{Walk, hints, secrets, types};
use crate::deployment::{nearest, shown};
use crate::manifest::rules;

impl Walk<'_> {
    /// Reports the key at the end of the path.
    pub(super) fn unknown_key(
        &mut self,
        schema: &Value,
        name: &str,
        span: Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let table = &self.path[..self.path.len() - 1];
        let place = if table.is_empty() {
            "at the top level".to_owned()
        } else {
            format!("in `[{}]`", super::super::dotted(table))
        };
        let known: Vec<&str> = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|known| known.keys().map(String::as_str))
            .collect();
        let message = format!("{} is not a key {place}", shown(name));
        let near = nearest(name, known.iter().copied());
        let (help, edit) = match (hints::explain(table, name), near) {
            (Some(help), _) => (help.to_owned(), None),
            (None, Some(near)) => (
                format!("write `{near}`"),
                Some((span.clone(), near.to_owned())),
            ),
            (None, None) => (self.elsewhere(name, &known), None),
        };
        self.report(&rules::MANIFEST_UNKNOWN_KEY, span, message, help);
        self.detail("unknown key", edit);
        self.hidden_secret(value);
    }

    /// Where a key of this name does exist, else the keys that exist here.
    fn elsewhere(&self, name: &str, known: &[&str]) -> String {
        let homes = homes(self.root, name);
        match homes.as_slice() {
            [] => {
                let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
                format!(
                    "remove it; the keys here are {}",
                    super::super::either(&known, "and")
                )
            }
            homes => format!(
                "move it to {}, where it belongs",
                super::super::either(homes, "or")
            ),
        }
    }

    /// A secret under an unknown key is still a secret in the file.
    fn hidden_secret(&mut self, value: &Spanned<DeValue<'_>>) {
        if let DeValue::String(text) = value.get_ref()
            && let Some(kind) = secrets::kind(&self.path, text)
        {
            self.secret(kind, value.span());
        }
    }
}

/// The tables of the schema that have a key of this name, as a person writes them.
fn homes(root: &Value, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect_homes(root, root, name, &mut Vec::new(), &mut found);
    found
}

fn collect_homes(
    root: &Value,
    schema: &Value,
    name: &str,
    path: &mut Vec<String>,
    found: &mut Vec<String>,
) {
    let schema = types::resolve(root, schema);
    if let Some(known) = schema.get("properties").and_then(Value::as_object) {
        if known.contains_key(name) && !path.is_empty() {
            found.push(format!("`[{}]`", path.join(".")));
        }
        for (key, inner) in known {
            path.push(key.clone());
            collect_homes(root, inner, name, path, found);
            path.pop();
        }
    }
    if let Some(inner) = schema
        .get("additionalProperties")
        .filter(|inner| inner.is_object())
    {
        path.push("NAME".to_owned());
        collect_homes(root, inner, name, path, found);
        path.pop();
    }
}
