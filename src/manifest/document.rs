//! Where every key and value of the file stands, found by path.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::Location;

/// The places of all keys and values of one `seance.toml`.
///
/// A path is a list of keys; an element of an array is named by its index, as in
/// `["server", "ssh_keys", "0"]`.
#[derive(Debug, Clone, Default)]
pub struct Document {
    file: String,
    root: Node,
}

#[derive(Debug, Clone, Default)]
struct Node {
    key: Option<Range<usize>>,
    value: Range<usize>,
    children: Children,
}

#[derive(Debug, Clone, Default)]
enum Children {
    #[default]
    None,
    Keys(BTreeMap<String, Node>),
    Elements(Vec<Node>),
}

impl Document {
    pub(crate) fn new(file: &str, table: &Spanned<DeTable<'_>>) -> Self {
        Self {
            file: file.to_owned(),
            root: Node {
                key: None,
                value: table.span(),
                children: keys(table.get_ref()),
            },
        }
    }

    /// The name of the file, as findings give it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Where the value at this path stands; for a table, its header.
    pub fn span(&self, path: &[&str]) -> Option<Range<usize>> {
        self.node(path).map(|node| node.value.clone())
    }

    /// Where the key at this path stands. Elements of an array have none.
    pub fn key_span(&self, path: &[&str]) -> Option<Range<usize>> {
        self.node(path)?.key.clone()
    }

    /// Whether the file says something at this path, right or wrong.
    pub fn has(&self, path: &[&str]) -> bool {
        self.node(path).is_some()
    }

    /// How many entries the table or list at this path has; `None` for anything else.
    pub fn entries(&self, path: &[&str]) -> Option<usize> {
        match &self.node(path)?.children {
            Children::Keys(keys) => Some(keys.len()),
            Children::Elements(elements) => Some(elements.len()),
            Children::None => None,
        }
    }

    /// The value at this path, else the nearest table around it, else the whole file.
    pub fn location(&self, path: &[&str]) -> Location {
        self.nearest(path, |node| Some(node.value.clone()))
    }

    /// The key at this path, else the nearest table around it, else the whole file.
    pub fn key_location(&self, path: &[&str]) -> Location {
        self.nearest(path, |node| node.key.clone())
    }

    fn nearest(&self, path: &[&str], place: fn(&Node) -> Option<Range<usize>>) -> Location {
        let found = (1..=path.len())
            .rev()
            .find_map(|length| self.node(&path[..length]).and_then(place));
        match found {
            Some(range) => Location::span(&self.file, range),
            None => Location::file(&self.file),
        }
    }

    fn node(&self, path: &[&str]) -> Option<&Node> {
        path.iter()
            .try_fold(&self.root, |node, key| match &node.children {
                Children::Keys(keys) => keys.get(*key),
                Children::Elements(elements) => elements.get(key.parse::<usize>().ok()?),
                Children::None => None,
            })
    }
}

fn keys(table: &DeTable<'_>) -> Children {
    let nodes = table.iter().map(|(key, value)| {
        let node = node(Some(key.span()), value);
        (key.get_ref().to_string(), node)
    });
    Children::Keys(nodes.collect())
}

fn node(key: Option<Range<usize>>, value: &Spanned<DeValue<'_>>) -> Node {
    let children = match value.get_ref() {
        DeValue::Table(table) => keys(table),
        DeValue::Array(array) => {
            Children::Elements(array.iter().map(|value| node(None, value)).collect())
        }
        _ => Children::None,
    };
    Node {
        key,
        value: value.span(),
        children,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{feff}version = 1\r\n[server]\r\nssh_keys = [\r\n  \"é\", \"b\",\r\n]\r\nport = { ssh = 22 }\r\n'odd key' = 1\r\n";

    fn document() -> Document {
        Document::new("seance.toml", &DeTable::parse(TEXT).expect("valid TOML"))
    }

    #[test]
    fn paths_lead_to_values_keys_and_elements() {
        let document = document();
        let text = |path: &[&str]| document.span(path).map(|range| &TEXT[range]);
        assert_eq!(text(&["version"]), Some("1"));
        assert_eq!(text(&["server"]), Some("[server]"));
        assert_eq!(text(&["server", "ssh_keys", "1"]), Some("\"b\""));
        assert_eq!(text(&["server", "port", "ssh"]), Some("22"));
        assert_eq!(text(&["server", "ssh_keys", "2"]), None);
        assert_eq!(text(&["server", "ssh_keys", "x"]), None);
        assert_eq!(document.entries(&["server", "ssh_keys"]), Some(2));
        assert_eq!(document.entries(&["version"]), None);
        let key = document.key_span(&["server", "odd key"]);
        assert_eq!(key.map(|range| &TEXT[range]), Some("'odd key'"));
        assert_eq!(document.key_span(&["server", "ssh_keys", "1"]), None);
    }

    #[test]
    fn a_missing_path_is_placed_at_the_table_around_it() {
        let document = document();
        let server = Location::span("seance.toml", document.span(&["server"]).expect("there"));
        assert_eq!(document.location(&["server", "disk", "swap"]), server);
        assert_eq!(document.location(&["dns"]), Location::file("seance.toml"));
    }
}
