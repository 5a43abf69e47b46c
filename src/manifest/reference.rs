//! The reference of `seance.toml` and the list of defaults, both read from the schema.

use serde_json::Value;

use super::schema;

/// One table of the file with its keys.
struct Table {
    /// As a person writes its header, such as `[server.disk]`; empty for the top level.
    header: String,
    description: String,
    keys: Vec<Key>,
}

struct Key {
    name: String,
    kind: String,
    required: bool,
    default: Option<String>,
    description: String,
}

/// The manifest reference as Markdown.
pub fn reference() -> String {
    let mut text = String::from(
        "# Reference of `seance.toml`\n\nMade from the types that read the file. `seance schema` \
         prints the same as JSON Schema.\n",
    );
    for table in tables(&schema::schema()) {
        let title = if table.header.is_empty() {
            "Top level"
        } else {
            &table.header
        };
        text.push_str(
            &format!("\n## `{title}`\n\n{}\n", table.description)
                .replace("`Top level`", "Top level"),
        );
        if table.keys.is_empty() {
            continue;
        }
        text.push_str("\n| key | type | default | meaning |\n|---|---|---|---|\n");
        for key in &table.keys {
            let default = match (&key.default, key.required) {
                (_, true) => "required".to_owned(),
                (Some(default), _) => format!("`{default}`"),
                (None, false) => "–".to_owned(),
            };
            let row = format!(
                "| `{}` | {} | {default} | {} |\n",
                key.name, key.kind, key.description
            );
            text.push_str(&row);
        }
    }
    text
}

/// Every key that has a default, with the default and the meaning, as `explain --defaults` shows.
pub fn defaults() -> String {
    let mut text = String::new();
    for table in tables(&schema::schema()) {
        let keys: Vec<&Key> = table
            .keys
            .iter()
            .filter(|key| key.default.is_some())
            .collect();
        if keys.is_empty() {
            continue;
        }
        text.push_str(&format!("{}\n", table.header));
        for key in keys {
            let default = key.default.as_deref().unwrap_or_default();
            text.push_str(&format!(
                "{} = {default}\n    {}\n",
                key.name, key.description
            ));
        }
        text.push('\n');
    }
    text.push_str(DERIVED);
    text
}

/// Defaults that depend on other values.
const DERIVED: &str = r#"from other values
server.name = project.name
project.directory = "/opt/<project.name>"
ports = { ssh = 22, http = 80, https = 443 }
    A written [ports] is the complete list.
ports.<name>.protocol = "tcp", and "both" for 443
services.<name>.container_port = services.<name>.port
services.<name>.env.PORT = services.<name>.port
    Processes only.
profiles.default.env = { CADDY_DOMAIN = "localhost:8080", APP_DOMAIN = "" }
profiles.<server.profile>.env = the first and the second of the domains of the one service that has any
"#;

fn tables(schema: &Value) -> Vec<Table> {
    let mut found = Vec::new();
    collect(schema, schema, "", None, &mut found);
    found
}

fn collect(root: &Value, schema: &Value, path: &str, text: Option<&str>, found: &mut Vec<Table>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut table = Table {
        header: if path.is_empty() {
            String::new()
        } else {
            format!("[{path}]")
        },
        description: text
            .or_else(|| description(schema))
            .unwrap_or_default()
            .to_owned(),
        keys: Vec::new(),
    };
    let mut inner = Vec::new();
    for (name, property) in properties.into_iter().flatten() {
        let target = resolve(root, property);
        let text = description(property).or_else(|| description(target));
        if is_table(target) {
            let below = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            inner.push((below, target, text));
        } else {
            table.keys.push(Key {
                name: name.clone(),
                kind: kind(root, target),
                required: required.contains(&name.as_str()),
                default: property.get("default").map(Value::to_string),
                description: with_words(target, text.unwrap_or_default()),
            });
        }
    }
    found.push(table);
    for (path, target, text) in inner {
        let entries = target
            .get("additionalProperties")
            .map(|one| resolve(root, one));
        match entries.filter(|entries| entries.is_object()) {
            Some(entries) if is_table(entries) => {
                found.push(map(&path, text));
                collect(root, entries, &format!("{path}.<name>"), None, found);
            }
            Some(entries) => {
                let mut table = map(&path, text);
                table.keys.push(Key {
                    name: "<name>".to_owned(),
                    kind: kind(root, entries),
                    required: false,
                    default: None,
                    description: description(entries)
                        .unwrap_or("Any number of them.")
                        .to_owned(),
                });
                found.push(table);
                entry_tables(root, entries, &path, found);
            }
            None => collect(root, target, &path, text, found),
        }
    }
}

/// The table form of an entry that may also be a plain value, such as an open port.
fn entry_tables(root: &Value, entries: &Value, path: &str, found: &mut Vec<Table>) {
    let branches = entries.get("anyOf").and_then(Value::as_array);
    for branch in branches
        .into_iter()
        .flatten()
        .map(|branch| resolve(root, branch))
    {
        if is_table(branch) {
            collect(root, branch, &format!("{path}.<name>"), None, found);
        }
    }
}

fn map(path: &str, text: Option<&str>) -> Table {
    Table {
        header: format!("[{path}]"),
        description: text.unwrap_or_default().to_owned(),
        keys: Vec::new(),
    }
}

fn is_table(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "object")
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    super::shape::resolve_schema(root, schema)
}

fn description(schema: &Value) -> Option<&str> {
    schema.get("description").and_then(Value::as_str)
}

fn kind(root: &Value, schema: &Value) -> String {
    let schema = resolve(root, schema);
    if let Some(branches) = schema.get("anyOf").and_then(Value::as_array) {
        let kinds: Vec<String> = branches.iter().map(|branch| kind(root, branch)).collect();
        return kinds.join(" or ");
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => "number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => "list of text".to_owned(),
        Some("object") => "table".to_owned(),
        _ => "text".to_owned(),
    }
}

/// The description with the words of a closed list and what each means.
fn with_words(schema: &Value, text: &str) -> String {
    let words: Vec<String> = schema
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|word| {
            let meaning = description(word).unwrap_or_default();
            Some(format!(
                " `\"{}\"`: {meaning}",
                word.get("const")?.as_str()?
            ))
        })
        .collect();
    format!("{text}{}", words.concat())
}
