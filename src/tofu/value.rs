//! Values as an evaluation without running anything can know them.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::reading::Place;

/// How deep values may hold values; what is deeper counts as unknown.
const DEEPEST: u8 = 48;
/// The longest text and the longest list that are computed.
pub(super) const LONGEST: usize = 65_536;

/// A value, and where it is written: a value that comes through a variable points at the
/// variable's default or at its line in a tfvars file.
#[derive(Debug, Clone)]
pub struct Value {
    /// What is known of it.
    pub content: Content,
    /// Where it is written.
    pub place: Place,
}

/// What is known of a value.
#[derive(Debug, Clone)]
pub enum Content {
    /// `null`, which leaves an argument out.
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(Rc<str>),
    /// A list, a tuple or a set.
    List(List),
    /// An object or a map.
    Object(Object),
    /// Something of a resource, a data source, a provider or a module that is not here.
    Reference(Rc<Reference>),
    /// Only running it would tell.
    Unknown,
    /// `OpenTofu` would refuse to evaluate it, which `try` and `can` notice.
    Invalid,
}

/// A list, a tuple or a set; sets of texts and numbers are in order.
#[derive(Debug, Clone)]
pub struct List {
    /// What is certainly in it, in its order.
    pub items: Rc<[Value]>,
    /// Whether nothing else is in it.
    pub complete: bool,
    /// Whether it is a set, whose elements have no number.
    pub set: bool,
    depth: u8,
}

/// An object or a map.
#[derive(Debug, Clone)]
pub struct Object {
    /// What is certainly in it.
    pub entries: Rc<BTreeMap<String, Value>>,
    /// Whether nothing else is in it.
    pub complete: bool,
    depth: u8,
}

/// A path that leads to something outside of what can be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Address of the module where the path starts: empty for a root, else such as `module.web`.
    pub module: Rc<str>,
    /// Such as `digitalocean_droplet`, `server`, `id`; data sources begin with `data`.
    pub path: Vec<Segment>,
}

/// A step of a [`Reference`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// `.name`
    Name(String),
    /// `["key"]` or `[0]`
    Key(Key),
}

/// Which of several instances.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// By `count`.
    Number(usize),
    /// By `for_each`.
    Text(String),
}

impl Value {
    pub(super) fn new(content: Content, place: Place) -> Self {
        Self { content, place }
    }

    pub(super) fn text_of(text: &str, place: Place) -> Self {
        let content = if text.len() > LONGEST {
            Content::Unknown
        } else {
            Content::Text(Rc::from(text))
        };
        Self { content, place }
    }

    /// The text, also of a number or a boolean, which `OpenTofu` turns into text by itself.
    pub fn text(&self) -> Option<String> {
        match &self.content {
            Content::Text(text) => Some(text.to_string()),
            Content::Number(number) => Some(number_text(*number)),
            Content::Bool(yes) => Some(yes.to_string()),
            _ => None,
        }
    }

    /// The number, also of a text that spells one.
    pub fn number(&self) -> Option<f64> {
        match &self.content {
            Content::Number(number) => Some(*number),
            Content::Text(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// The boolean, also of a text that spells one.
    pub fn boolean(&self) -> Option<bool> {
        match &self.content {
            Content::Bool(yes) => Some(*yes),
            Content::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The list, tuple or set.
    pub fn list(&self) -> Option<&List> {
        match &self.content {
            Content::List(list) => Some(list),
            _ => None,
        }
    }

    /// The object or map.
    pub fn object(&self) -> Option<&Object> {
        match &self.content {
            Content::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The reference.
    pub fn reference(&self) -> Option<&Reference> {
        match &self.content {
            Content::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    /// Whether nothing at all is known of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self.content, Content::Unknown | Content::Invalid)
    }

    /// The texts of a list that is known wholly.
    pub fn texts(&self) -> Option<Vec<String>> {
        let list = self.list().filter(|list| list.complete)?;
        list.items.iter().map(Value::text).collect()
    }

    /// The values that are no collections, each with the key that it has in its object; not all
    /// of a value that is absurdly large.
    pub fn leaves(&self) -> Vec<(&str, &Value)> {
        let mut leaves = Vec::new();
        let mut waiting = vec![("", self)];
        while let Some((key, value)) = waiting.pop() {
            match &value.content {
                Content::List(list) => waiting.extend(list.items.iter().map(|it| (key, it))),
                Content::Object(object) => {
                    waiting.extend(object.entries.iter().map(|(key, it)| (key.as_str(), it)));
                }
                _ => leaves.push((key, value)),
            }
            if leaves.len() + waiting.len() > LONGEST {
                break;
            }
        }
        leaves
    }

    fn depth(&self) -> u8 {
        match &self.content {
            Content::List(list) => list.depth,
            Content::Object(object) => object.depth,
            _ => 0,
        }
    }
}

/// As `OpenTofu` writes a number into a text.
fn number_text(number: f64) -> String {
    format!("{number}")
}

impl Content {
    pub(super) fn list(items: Vec<Value>, complete: bool) -> Self {
        let depth = deeper(items.iter());
        if depth > DEEPEST || items.len() > LONGEST {
            return Self::Unknown;
        }
        Self::List(List {
            items: items.into(),
            complete,
            set: false,
            depth,
        })
    }

    /// The same elements as a set, or as a list.
    pub(super) fn unordered(self, set: bool) -> Self {
        match self {
            Self::List(list) => Self::List(List { set, ..list }),
            other => other,
        }
    }

    pub(super) fn object(entries: BTreeMap<String, Value>, complete: bool) -> Self {
        let depth = deeper(entries.values());
        if depth > DEEPEST || entries.len() > LONGEST {
            return Self::Unknown;
        }
        Self::Object(Object {
            entries: Rc::new(entries),
            complete,
            depth,
        })
    }
}

fn deeper<'a>(values: impl Iterator<Item = &'a Value>) -> u8 {
    values
        .map(Value::depth)
        .max()
        .map_or(1, |depth| depth.saturating_add(1))
}

impl Reference {
    pub(super) fn to(module: &Rc<str>, path: &[&str]) -> Self {
        Self {
            module: Rc::clone(module),
            path: path
                .iter()
                .map(|name| Segment::Name((*name).to_owned()))
                .collect(),
        }
    }

    pub(super) fn step(&self, segment: Segment) -> Self {
        let mut longer = self.clone();
        longer.path.push(segment);
        longer
    }

    /// The kind and the name of the resource, when it is one that is managed here.
    pub fn resource(&self) -> Option<(&str, &str)> {
        match self.path.as_slice() {
            [Segment::Name(kind), Segment::Name(name), ..] if kind != "data" => Some((kind, name)),
            _ => None,
        }
    }

    /// The instance that is meant, of a resource that has several.
    pub fn key(&self) -> Option<&Key> {
        match self.path.get(2) {
            Some(Segment::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The attribute of a managed resource, such as `id`; `None` for the resource as a whole.
    pub fn attribute(&self) -> Option<&str> {
        self.resource()?;
        let rest = self.path.get(2..)?;
        match rest {
            [Segment::Name(attribute)] | [Segment::Key(_), Segment::Name(attribute)] => {
                Some(attribute)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.path.iter().enumerate() {
            match segment {
                Segment::Name(name) if index == 0 => write!(out, "{name}")?,
                Segment::Name(name) => write!(out, ".{name}")?,
                Segment::Key(key) => write!(out, "{key}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "[{number}]"),
            Self::Text(text) => write!(out, "[{text:?}]"),
        }
    }
}
