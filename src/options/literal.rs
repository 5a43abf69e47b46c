//! A value as far as a file shows it.

use std::collections::BTreeMap;

use crate::nix::string::quote;

/// A Nix value that was read from a file, without running anything.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A string all of whose characters are known.
    Text(String),
    /// A path literal, as it is written.
    Path(String),
    /// A list.
    List(Vec<Literal>),
    /// An attribute set all of whose names are known.
    Set(BTreeMap<String, Literal>),
    /// Anything else: a function, a package, whatever is not known.
    Other,
}

impl Literal {
    /// A string.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Whether what it becomes cannot be told: what carries `_type` stands for something else, and
    /// a package is a set that may be used as text.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Other => true,
            Self::Set(set) => ["_type", "outPath", "__toString", "__functor"]
                .iter()
                .any(|name| set.contains_key(*name)),
            _ => false,
        }
    }

    /// The value as Nix writes it, where it is one word.
    pub fn written(&self) -> Option<String> {
        Some(match self {
            Self::Null => "null".to_owned(),
            Self::Bool(flag) => flag.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Text(text) => quote(text)?,
            Self::Path(_) | Self::List(_) | Self::Set(_) | Self::Other => return None,
        })
    }

    /// A word for what it is; `None` where that is not known.
    pub fn noun(&self) -> Option<&'static str> {
        Some(match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a fraction",
            Self::Text(_) => "a string",
            Self::Path(_) => "a path",
            Self::List(_) => "a list",
            Self::Set(_) => "an attribute set",
            Self::Other => return None,
        })
    }
}
