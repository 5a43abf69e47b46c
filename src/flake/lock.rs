//! `flake.lock` and `devenv.lock`: one format.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::Deserialize;

use super::Reference;
use crate::reading::Place;

/// How long a chain of `follows` may be; a circle is longer than any.
const LONGEST_CHAIN: usize = 64;

/// Why a text is no lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub place: Place,
}

/// One lock file.
#[derive(Debug, Clone)]
pub struct Lock {
    /// Path relative to the project's folder.
    pub path: Rc<str>,
    root: String,
    nodes: BTreeMap<String, LockedNode>,
    text: String,
}

/// One locked input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedNode {
    inputs: BTreeMap<String, Target>,
    /// What was asked for.
    pub original: Option<Reference>,
    /// What it is locked to.
    pub locked: Option<Reference>,
    /// When the locked revision was made, in seconds since 1970.
    pub last_modified: Option<i64>,
}

/// What an input of a node is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Target {
    Node(String),
    /// The way from the root, input by input.
    Follows(Vec<String>),
}

#[derive(Deserialize)]
struct RawLock {
    nodes: BTreeMap<String, RawNode>,
    root: String,
}

#[derive(Deserialize)]
struct RawNode {
    #[serde(default)]
    inputs: BTreeMap<String, Target>,
    original: Option<RawReference>,
    locked: Option<RawReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReference {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    owner: Option<String>,
    repo: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    rev: Option<String>,
    url: Option<String>,
    last_modified: Option<i64>,
}

impl RawReference {
    fn reference(&self) -> Reference {
        Reference {
            kind: self.kind.clone().unwrap_or_default(),
            owner: self.owner.clone(),
            repo: self.repo.clone().or_else(|| self.id.clone()),
            reference: self.reference.clone(),
            rev: self.rev.clone(),
            url: self.url.clone(),
        }
    }
}

impl Lock {
    /// Reads a lock file. Answers any text.
    pub fn read(path: &str, text: &str) -> Result<Self, SyntaxError> {
        let path: Rc<str> = Rc::from(path);
        let raw: RawLock = serde_json::from_str(text).map_err(|error| {
            let start = offset(text, error.line(), error.column());
            let whole = error.to_string();
            let message = whole.split(" at line ").next().unwrap_or_default();
            SyntaxError {
                message: format!("this is no lock file: {message}"),
                place: Place::new(&path, start..start),
            }
        })?;
        let nodes = raw.nodes.into_iter().map(|(name, raw)| {
            let node = LockedNode {
                inputs: raw.inputs,
                original: raw.original.as_ref().map(RawReference::reference),
                locked: raw.locked.as_ref().map(RawReference::reference),
                last_modified: raw.locked.and_then(|locked| locked.last_modified),
            };
            (name, node)
        });
        Ok(Self {
            path,
            root: raw.root,
            nodes: nodes.collect(),
            text: text.to_owned(),
        })
    }

    /// The names of the root's own inputs.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.inputs_of(&self.root)
    }

    /// The names of the inputs of a node.
    pub fn inputs_of(&self, node: &str) -> impl Iterator<Item = &str> {
        let node = self.nodes.get(node);
        node.into_iter()
            .flat_map(|node| node.inputs.keys().map(String::as_str))
    }

    /// The name of the node that an input leads to, such as `["disko", "nixpkgs"]`.
    pub fn resolve(&self, path: &[&str]) -> Option<&str> {
        self.resolve_within(path, LONGEST_CHAIN)
    }

    fn resolve_within(&self, path: &[&str], chain: usize) -> Option<&str> {
        let mut node = self.root.as_str();
        for input in path {
            node = match self.nodes.get(node)?.inputs.get(*input)? {
                Target::Node(name) => name,
                Target::Follows(path) => {
                    let path: Vec<&str> = path.iter().map(String::as_str).collect();
                    self.resolve_within(&path, chain.checked_sub(1)?)?
                }
            };
        }
        Some(node)
    }

    /// Whether an input of one of the root's inputs follows another instead of being its own.
    pub fn follows(&self, input: &str, of_input: &str) -> bool {
        let node = self.resolve(&[input]).and_then(|name| self.nodes.get(name));
        let target = node.and_then(|node| node.inputs.get(of_input));
        matches!(target, Some(Target::Follows(_)))
    }

    /// A node by its name.
    pub fn node(&self, name: &str) -> Option<&LockedNode> {
        self.nodes.get(name)
    }

    /// Where a node is written.
    pub fn place(&self, name: &str) -> Option<Place> {
        let key = serde_json::to_string(name).ok()?;
        let nodes = self.text.find("\"nodes\"")? + "\"nodes\"".len();
        let rest = &self.text[nodes..];
        let opens_node = |start: &usize| {
            let value = rest[start + key.len()..].trim_start().strip_prefix(':');
            value.is_some_and(|value| value.trim_start().starts_with('{'))
        };
        let mut found = rest.match_indices(&key).map(|(start, _)| start);
        let start = nodes + found.find(opens_node)?;
        Some(Place::new(&self.path, start..start + key.len()))
    }

    /// Every node that the root reaches and that is nixpkgs itself.
    pub fn nixpkgs(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut queue = vec![self.root.as_str()];
        while let Some(name) = queue.pop() {
            let Some(node) = self.nodes.get(name).filter(|_| seen.insert(name)) else {
                continue;
            };
            if node.is_nixpkgs() {
                found.insert(name);
            }
            queue.extend(node.inputs.values().filter_map(|target| match target {
                Target::Node(name) => Some(name.as_str()),
                Target::Follows(_) => None,
            }));
        }
        found
    }
}

impl LockedNode {
    /// Whether it is nixpkgs itself.
    pub fn is_nixpkgs(&self) -> bool {
        let mut references = self.original.iter().chain(&self.locked);
        references.any(Reference::is_nixpkgs)
    }
}

/// The byte that a line and a column, both from 1, stand for.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOCK: &str = r#"{
  "nodes": {
    "disko": {
      "inputs": { "nixpkgs": ["nixpkgs"] },
      "locked": { "lastModified": 1772000000, "owner": "nix-community", "repo": "disko", "rev": "878e", "type": "github" },
      "original": { "owner": "nix-community", "repo": "disko", "type": "github" }
    },
    "nixpkgs": {
      "locked": { "lastModified": 1780000000, "owner": "NixOS", "repo": "nixpkgs", "rev": "abcd", "type": "github" },
      "original": { "owner": "NixOS", "ref": "nixos-26.05", "repo": "nixpkgs", "type": "github" }
    },
    "nixpkgs_2": {
      "locked": { "owner": "NixOS", "repo": "nixpkgs", "rev": "ef01", "type": "github" },
      "original": { "id": "nixpkgs", "type": "indirect" }
    },
    "root": { "inputs": { "disko": "disko", "nixpkgs": "nixpkgs", "srvos": "srvos" } },
    "srvos": { "inputs": { "nixpkgs": "nixpkgs_2" }, "locked": {}, "original": {} }
  },
  "root": "root",
  "version": 7
}"#;

    #[test]
    fn inputs_are_resolved_through_follows() {
        let lock = Lock::read("flake.lock", LOCK).unwrap();
        assert_eq!(
            lock.inputs().collect::<Vec<_>>(),
            ["disko", "nixpkgs", "srvos"]
        );
        assert_eq!(lock.resolve(&["disko", "nixpkgs"]), Some("nixpkgs"));
        assert_eq!(lock.resolve(&["srvos", "nixpkgs"]), Some("nixpkgs_2"));
        assert!(lock.follows("disko", "nixpkgs") && !lock.follows("srvos", "nixpkgs"));
        assert_eq!(lock.nixpkgs(), BTreeSet::from(["nixpkgs", "nixpkgs_2"]));
        let nixpkgs = lock.node("nixpkgs").unwrap();
        let release = nixpkgs.original.as_ref().unwrap().release().unwrap();
        assert_eq!(release.as_str(), "26.05");
        assert_eq!(nixpkgs.last_modified, Some(1_780_000_000));
        assert_eq!(&LOCK[lock.place("nixpkgs").unwrap().range()], "\"nixpkgs\"");
        assert!(lock.place("nixpkgs").unwrap().start > lock.place("disko").unwrap().start);
    }

    #[test]
    fn what_is_no_lock_file_has_a_place() {
        let error = Lock::read("flake.lock", "{\n  \"nodes\": <<<<\n").unwrap_err();
        assert_eq!(error.place.start, 13);
        assert_eq!(error.message, "this is no lock file: expected value");
        assert!(Lock::read("flake.lock", "[]").is_err());
        assert!(Lock::read("flake.lock", &"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_circle_of_follows_ends() {
        let circle = r#"{"nodes": {"root": {"inputs": {"a": ["b"], "b": ["a"], "c": ["c", "c"]}}}, "root": "root"}"#;
        let lock = Lock::read("flake.lock", circle).unwrap();
        assert_eq!(lock.resolve(&["a"]), None);
        assert_eq!(lock.resolve(&["c"]), None);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,100}", cut in 0..LOCK.len()) {
            let _ = Lock::read("flake.lock", &text);
            prop_assert!(Lock::read("flake.lock", &LOCK[..cut]).is_err());
        }
    }
}
