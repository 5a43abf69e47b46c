//! What `devenv.yaml` says.

use crate::reading::{Place, Read};
use crate::yaml::{Entry, Node, SyntaxError, Value, parse};

/// One `devenv.yaml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    /// Path relative to the project's folder.
    pub path: String,
    root: Option<Node>,
}

/// What `require_version` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequiredVersion {
    /// The program must be of the version of the modules.
    SameAsModules,
    /// A constraint such as `>=2.2`.
    Constraint(String),
}

/// One of `inputs`.
#[derive(Debug, Clone, PartialEq)]
pub struct Input<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where its name is written.
    pub place: &'a Place,
    node: &'a Node,
}

/// The keys of the top level, as devenv names them.
const KEYS: [&str; 16] = [
    "allow_broken",
    "allow_unfree",
    "allow_unsupported_system",
    "backend",
    "clean",
    "imports",
    "impure",
    "inputs",
    "nixpkgs",
    "permitted_insecure_packages",
    "profile",
    "reload",
    "require_version",
    "secretspec",
    "shell",
    "strict_ports",
];

impl Yaml {
    /// Reads the file. Answers any text.
    pub fn read(path: &str, text: &str) -> Result<Self, SyntaxError> {
        let root = parse(path, text)?;
        Ok(Self {
            path: path.to_owned(),
            root,
        })
    }

    /// The keys of the top level that devenv does not know.
    pub fn unknown_keys(&self) -> impl Iterator<Item = &Entry> {
        // Older versions wrote them in camel case, and newer ones still take that.
        let same = |key: &str, known: &str| {
            key == known || key.to_lowercase() == known.replace('_', "").to_lowercase()
        };
        let entries = self.root.iter().flat_map(Node::entries);
        entries.filter(move |entry| !KEYS.iter().any(|known| same(&entry.key, known)))
    }

    /// The keys of the top level.
    pub fn known_keys() -> impl Iterator<Item = &'static str> {
        KEYS.into_iter()
    }

    /// `require_version`.
    pub fn require_version(&self) -> Read<RequiredVersion> {
        let Some(node) = self.get("require_version") else {
            return self.not_here();
        };
        let version = match (node.boolean(), node.text()) {
            (Some(true), _) => RequiredVersion::SameAsModules,
            (Some(false), _) => return Read::Absent,
            (None, Some(text)) => RequiredVersion::Constraint(text.to_owned()),
            (None, None) => return Read::Unknown,
        };
        Read::Known(version, Some(node.place.clone()))
    }

    /// `strict_ports`; devenv takes a free port instead of a busy one unless it is on.
    pub fn strict_ports(&self) -> Read<bool> {
        match self.get("strict_ports") {
            Some(node) => match node.boolean() {
                Some(value) => Read::Known(value, Some(node.place.clone())),
                None => Read::Unknown,
            },
            None if self.imports().is_empty() => Read::Known(false, None),
            None => Read::Unknown,
        }
    }

    /// `profile`, the profile that is active without a flag.
    pub fn profile(&self) -> Read<String> {
        match self.get("profile") {
            Some(node) => match node.text() {
                Some(text) => Read::Known(text.to_owned(), Some(node.place.clone())),
                None => Read::Unknown,
            },
            None => self.not_here(),
        }
    }

    /// The provider of `secretspec`, where that is switched on.
    pub fn secretspec_provider(&self) -> Option<(&str, &Place)> {
        let settings = self.get("secretspec")?;
        let is_on = settings.get("enable").and_then(Node::boolean) == Some(true);
        text_at(settings, "provider").filter(|_| is_on)
    }

    /// `imports`: paths and inputs whose devenv.nix and devenv.yaml are read too.
    pub fn imports(&self) -> Vec<(&str, &Place)> {
        let elements = self.get("imports").map_or(&[][..], Node::elements);
        let texts = elements
            .iter()
            .filter_map(|node| Some((node.text()?, &node.place)));
        texts.collect()
    }

    /// `nixpkgs.permitted_insecure_packages`.
    pub fn permitted_insecure_packages(&self) -> Vec<(&str, &Place)> {
        let nixpkgs = self.get("nixpkgs");
        let list = nixpkgs.and_then(|it| it.get("permitted_insecure_packages"));
        let elements = list.map_or(&[][..], Node::elements);
        let texts = elements
            .iter()
            .filter_map(|node| Some((node.text()?, &node.place)));
        texts.collect()
    }

    /// `inputs`, in the order written.
    pub fn inputs(&self) -> Vec<Input<'_>> {
        let entries = self.get("inputs").map_or(&[][..], Node::entries);
        let inputs = entries.iter().map(|entry| Input {
            name: &entry.key,
            place: &entry.place,
            node: &entry.value,
        });
        inputs.collect()
    }

    /// The input of this name.
    pub fn input(&self, name: &str) -> Option<Input<'_>> {
        self.inputs().into_iter().rev().find(|it| it.name == name)
    }

    fn get(&self, key: &str) -> Option<&Node> {
        let node = self.root.as_ref()?.get(key)?;
        (!node.is_null()).then_some(node)
    }

    /// A key that is not in this file may be in one that it imports.
    fn not_here<T>(&self) -> Read<T> {
        let is_map = self
            .root
            .as_ref()
            .is_none_or(|root| matches!(root.value, Value::Map(_)));
        if is_map && self.imports().is_empty() {
            Read::Absent
        } else {
            Read::Unknown
        }
    }
}

impl<'a> Input<'a> {
    /// Its `url` with its place.
    pub fn url(&self) -> Option<(&'a str, &'a Place)> {
        text_at(self.node, "url")
    }

    /// The input that it is the same as.
    pub fn follows(&self) -> Option<(&'a str, &'a Place)> {
        text_at(self.node, "follows")
    }

    /// Whether it holds a flake or a devenv.nix.
    pub fn is_flake(&self) -> bool {
        self.node
            .get("flake")
            .and_then(Node::boolean)
            .unwrap_or(true)
    }

    /// What an input of this input follows.
    pub fn input_follows(&self, name: &str) -> Option<(&'a str, &'a Place)> {
        text_at(self.node.get("inputs")?.get(name)?, "follows")
    }
}

fn text_at<'a>(node: &'a Node, key: &str) -> Option<(&'a str, &'a Place)> {
    let value = node.get(key)?;
    Some((value.text()?, &value.place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Yaml {
        Yaml::read("devenv.yaml", text).unwrap()
    }

    #[test]
    fn the_settings_are_read() {
        let yaml = read(
            "require_version: \">=2.2\"\nstrict_ports: true\nprofile: dev\nimports:\n  - ./web\ninputs:\n  nixpkgs:\n\
             \x20   url: github:NixOS/nixpkgs/nixos-26.05\n  devenv:\n    url: github:cachix/devenv\n    flake: false\n\
             \x20   inputs:\n      nixpkgs:\n        follows: nixpkgs\n",
        );
        let constraint = RequiredVersion::Constraint(">=2.2".to_owned());
        assert!(yaml.require_version().is(&constraint));
        assert!(yaml.strict_ports().is(&true));
        assert!(yaml.profile().is(&"dev".to_owned()));
        assert_eq!(yaml.imports()[0].0, "./web");
        let names: Vec<_> = yaml.inputs().iter().map(|it| it.name.to_owned()).collect();
        assert_eq!(names, ["nixpkgs", "devenv"]);
        let devenv = yaml.input("devenv").unwrap();
        assert_eq!(devenv.url().unwrap().0, "github:cachix/devenv");
        assert_eq!(devenv.input_follows("nixpkgs").unwrap().0, "nixpkgs");
        assert!(!devenv.is_flake());
        assert_eq!(yaml.unknown_keys().count(), 0);
    }

    #[test]
    fn what_is_not_said_is_absent_unless_something_is_imported() {
        assert!(read("").require_version().is_absent());
        assert!(read("require_version: null").require_version().is_absent());
        assert!(read("inputs: {}").strict_ports().is(&false));
        assert!(read("imports: [x]").strict_ports().is_unknown());
        assert!(read("imports: [x]").require_version().is_unknown());
        assert!(read("- 1").profile().is_unknown());
        assert!(read("strict_ports: maybe").strict_ports().is_unknown());
        assert!(
            read("require_version: true")
                .require_version()
                .is(&RequiredVersion::SameAsModules)
        );
    }

    #[test]
    fn keys_of_another_case_are_known() {
        let yaml = read("allowUnfree: true\npermittedInsecurePackages: []\nstrict_port: true\n");
        let unknown: Vec<_> = yaml.unknown_keys().map(|entry| &*entry.key).collect();
        assert_eq!(unknown, ["strict_port"]);
    }

    #[test]
    fn the_keys_are_those_of_the_schema() {
        let schema = include_str!("../../tests/data/devenv-yaml.schema.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let properties = schema["properties"].as_object().unwrap();
        let mut keys: Vec<_> = properties.keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, Yaml::known_keys().collect::<Vec<_>>());
    }
}
