//! Blocks with their arguments evaluated.

use std::collections::{BTreeMap, BTreeSet};

use super::value::{Content, List, Value};
use crate::reading::{Place, Read};

/// A block: `kind "label" "label" { … }`.
#[derive(Debug, Clone)]
pub struct Block {
    /// The word it begins with, such as `resource`.
    pub kind: String,
    /// The labels, such as `digitalocean_droplet` and `server`.
    pub labels: Vec<String>,
    /// All of it.
    pub place: Place,
    /// Its first word and its labels.
    pub header: Place,
    /// What is between the braces.
    pub body: Body,
}

/// What is between the braces of a block.
#[derive(Debug, Clone, Default)]
pub struct Body {
    pub(super) attributes: BTreeMap<String, Attribute>,
    pub(super) blocks: Vec<Block>,
    /// Kinds of which there may be more blocks than are known.
    pub(super) incomplete: BTreeSet<String>,
}

/// An argument: `name = value`.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Where the name is written.
    pub name: Place,
    /// Where the expression is written.
    pub place: Place,
    /// What it evaluates to.
    pub value: Value,
    /// Every path that the expression mentions as it is written, such as `var.size` or
    /// `digitalocean_firewall.server`.
    pub mentions: BTreeSet<String>,
}

/// The blocks of one kind in a body.
#[derive(Debug, Clone)]
pub struct Blocks<'a> {
    /// Those that certainly exist, those of `dynamic` blocks among them.
    pub known: Vec<&'a Block>,
    /// Whether there are no others.
    pub complete: bool,
}

impl Body {
    /// An argument as it is written.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    /// Every argument, by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &Attribute)> {
        self.attributes
            .iter()
            .map(|(name, attribute)| (name.as_str(), attribute))
    }

    /// The value of an argument. `null` counts as absent, as it does for `OpenTofu`.
    ///
    /// The place is where the value is written, which may be a variable's default or a tfvars
    /// file; [`Body::attribute`] says where it is used.
    pub fn read(&self, name: &str) -> Read<Value> {
        let Some(attribute) = self.attributes.get(name) else {
            return Read::Absent;
        };
        let value = &attribute.value;
        match value.content {
            Content::Null => Read::Absent,
            Content::Unknown | Content::Invalid => Read::Unknown,
            _ => Read::Known(value.clone(), Some(value.place.clone())),
        }
    }

    /// The text of an argument.
    pub fn text(&self, name: &str) -> Read<String> {
        self.read(name).and_then(|value| value.text())
    }

    /// The boolean of an argument.
    pub fn boolean(&self, name: &str) -> Read<bool> {
        self.read(name).and_then(|value| value.boolean())
    }

    /// The number of an argument.
    pub fn number(&self, name: &str) -> Read<f64> {
        self.read(name).and_then(|value| value.number())
    }

    /// The list, tuple or set of an argument, which may be incomplete.
    pub fn list(&self, name: &str) -> Read<List> {
        self.read(name).and_then(|value| value.list().cloned())
    }

    /// The texts of a list that is known wholly.
    pub fn texts(&self, name: &str) -> Read<Vec<String>> {
        self.read(name).and_then(|value| value.texts())
    }

    /// The blocks of a kind, `dynamic` ones expanded.
    pub fn blocks(&self, kind: &str) -> Blocks<'_> {
        let known = self.blocks.iter().filter(|block| block.kind == kind);
        Blocks {
            known: known.collect(),
            complete: !self.incomplete.contains(kind),
        }
    }

    /// The first block of a kind.
    pub fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.kind == kind)
    }

    /// Takes over what an override file says: arguments one by one, blocks kind by kind, the
    /// arguments of `lifecycle` one by one.
    pub(super) fn overridden_by(&mut self, other: Body) {
        self.attributes.extend(other.attributes);
        let kinds: BTreeSet<String> = other.blocks.iter().map(|it| it.kind.clone()).collect();
        for kind in kinds.iter().filter(|kind| *kind != "lifecycle") {
            self.blocks.retain(|block| block.kind != *kind);
            self.incomplete.remove(kind);
        }
        self.incomplete.extend(other.incomplete);
        for block in other.blocks {
            let own = self.blocks.iter_mut().find(|own| own.kind == block.kind);
            match own {
                Some(own) if block.kind == "lifecycle" => own.body.overridden_by(block.body),
                _ => self.blocks.push(block),
            }
        }
    }
}
