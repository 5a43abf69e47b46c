//! The type of an option, as far as it can judge a value that a file shows.

use std::fmt;

use super::Literal;

/// What values an option takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction, or a whole one where the type allows it.
    Float,
    /// A string.
    Text,
    /// A string; several definitions are joined with newlines.
    Lines,
    /// A path, or a string that begins with `/`.
    Path,
    /// A number from 0 to 65535.
    Port,
    /// A package.
    Package,
    /// An attribute set whose names the module declares.
    Submodule,
    /// An attribute set that takes names beside those that the module declares.
    Open,
    /// Anything, or something that a file does not show.
    Any,
    /// One of these values.
    OneOf(Vec<Literal>),
    /// `null` or this.
    NullOr(Box<Kind>),
    /// A list of these.
    ListOf(Box<Kind>),
    /// An attribute set of these under any names.
    AttrsOf(Box<Kind>),
    /// One of these.
    Either(Vec<Kind>),
    /// The first, which is turned into the second.
    Coerced(Box<Kind>, Box<Kind>),
}

impl Kind {
    /// Whether a value is of this kind; `None` when that cannot be told.
    pub fn accepts(&self, value: &Literal) -> Option<bool> {
        use Literal as L;
        if *self == Self::Any || value.is_open() {
            return None;
        }
        match (self, value) {
            (Self::NullOr(kind), value) if *value != L::Null => kind.accepts(value),
            (Self::Either(kinds), value) => one_accepts(kinds.iter(), value),
            (Self::Coerced(from, to), value) => {
                match one_accepts([&**from, &**to].into_iter(), value) {
                    Some(true) if to.accepts(value) != Some(true) => None,
                    answer => answer,
                }
            }
            (Self::OneOf(values), value) => Some(values.contains(value)),
            (Self::ListOf(kind), L::List(items)) => all_accepted(kind, items.iter()),
            (Self::AttrsOf(kind), L::Set(set)) => all_accepted(kind, set.values()),
            (Self::Port, L::Int(number)) => Some(u16::try_from(*number).is_ok()),
            (Self::Path, L::Text(text)) => Some(text.starts_with('/')),
            (Self::NullOr(_), L::Null)
            | (Self::Bool, L::Bool(_))
            | (Self::Int, L::Int(_))
            | (Self::Float, L::Float(_))
            | (Self::Text | Self::Lines, L::Text(_))
            | (Self::Path, L::Path(_))
            | (Self::Submodule | Self::Open, L::Set(_)) => Some(true),
            // Types of numbers differ in whether a whole one will do, and types of strings in
            // whether a path will; a path in the store is a package, a set may be a package, and
            // a module may stand in a file of its own.
            (Self::Float, L::Int(_))
            | (Self::Text | Self::Submodule | Self::Open | Self::Package, L::Path(_))
            | (Self::Package | Self::Path, L::Set(_)) => None,
            (Self::Package | Self::Submodule | Self::Open, L::Text(text)) => {
                if text.starts_with('/') {
                    None
                } else {
                    Some(false)
                }
            }
            _ => Some(false),
        }
    }

    /// The kind of a value this many names deeper; `None` where the names are those of a module.
    #[must_use]
    pub fn within(&self, names: usize) -> Option<Self> {
        if names == 0 {
            return Some(self.clone());
        }
        match self {
            Self::AttrsOf(kind) | Self::ListOf(kind) => kind.within(names - 1),
            Self::NullOr(kind) => kind.within(names),
            kind if kind.has_module() => None,
            _ => Some(Self::Any),
        }
    }

    /// What each item of a list is; `None` when it is no list.
    pub fn of_items(&self) -> Option<&Self> {
        match self {
            Self::ListOf(kind) => Some(kind),
            Self::NullOr(kind) => kind.of_items(),
            _ => None,
        }
    }

    /// Whether several definitions make one list.
    pub fn is_list(&self) -> bool {
        self.of_items().is_some()
    }

    /// Whether several definitions make one attribute set under names that a person chooses.
    pub fn is_attrs_of(&self) -> bool {
        match self {
            Self::AttrsOf(_) => true,
            Self::NullOr(kind) => kind.is_attrs_of(),
            _ => false,
        }
    }

    /// Whether several definitions make one attribute set, each of its names an option.
    pub fn is_submodule(&self) -> bool {
        match self {
            Self::Submodule | Self::Open => true,
            Self::NullOr(kind) => kind.is_submodule(),
            _ => false,
        }
    }

    /// Whether several definitions make one text, a line each.
    pub fn is_lines(&self) -> bool {
        match self {
            Self::Lines => true,
            Self::NullOr(kind) => kind.is_lines(),
            _ => false,
        }
    }

    /// Whether any name may stand in it beside those that are known.
    pub(super) fn is_open(&self) -> bool {
        self.has(&|kind| matches!(kind, Self::Open | Self::Any))
    }

    fn has_module(&self) -> bool {
        self.has(&|kind| matches!(kind, Self::Submodule | Self::Open))
    }

    fn has(&self, wanted: &impl Fn(&Self) -> bool) -> bool {
        let below = match self {
            Self::NullOr(kind) | Self::ListOf(kind) | Self::AttrsOf(kind) => kind.has(wanted),
            Self::Either(kinds) => kinds.iter().any(|kind| kind.has(wanted)),
            Self::Coerced(from, to) => from.has(wanted) || to.has(wanted),
            _ => false,
        };
        below || wanted(self)
    }
}

/// Whether any of the kinds takes the value: certainly none only when each says so.
fn one_accepts<'a>(mut kinds: impl Iterator<Item = &'a Kind>, value: &Literal) -> Option<bool> {
    let answer = kinds.try_fold(Some(false), |so_far, kind| match kind.accepts(value) {
        Some(true) => Err(()),
        Some(false) => Ok(so_far),
        None => Ok(None),
    });
    answer.unwrap_or(Some(true))
}

/// Whether the kind takes every value: certainly not when it refuses one.
fn all_accepted<'a>(kind: &Kind, mut values: impl Iterator<Item = &'a Literal>) -> Option<bool> {
    let answer = values.try_fold(Some(true), |so_far, value| match kind.accepts(value) {
        Some(true) => Ok(so_far),
        Some(false) => Err(()),
        None => Ok(None),
    });
    answer.unwrap_or(Some(false))
}

/// What the kind takes, as a phrase for a message: `a string`, `a list of whole numbers`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NullOr(kind) => write!(f, "{kind} or null"),
            Self::ListOf(kind) => write!(f, "a list, each element {kind}"),
            Self::AttrsOf(kind) => write!(f, "an attribute set, each value {kind}"),
            Self::Coerced(from, to) => write!(f, "{to}, or {from}"),
            Self::Either(kinds) => joined(f, kinds),
            Self::OneOf(values) => {
                let values: Vec<String> = values.iter().map(written).collect();
                joined(f, &values)
            }
            plain => f.write_str(plain.noun()),
        }
    }
}

impl Kind {
    fn noun(&self) -> &'static str {
        match self {
            Self::Bool => "`true` or `false`",
            Self::Int => "a whole number",
            Self::Float => "a number",
            Self::Text => "a string",
            Self::Lines => "a string of lines",
            Self::Path => "a path",
            Self::Port => "a port from 0 to 65535",
            Self::Package => "a package",
            Self::Submodule | Self::Open => "an attribute set",
            _ => "a value",
        }
    }
}

fn joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, parts: &[T]) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        let between = match at {
            0 => "",
            at if at + 1 == parts.len() => " or ",
            _ => ", ",
        };
        write!(f, "{between}{part}")?;
    }
    Ok(())
}

/// A value of an enumeration as Nix writes it.
fn written(value: &Literal) -> String {
    match value {
        Literal::Text(text) => format!("`\"{text}\"`"),
        Literal::Bool(flag) => format!("`{flag}`"),
        Literal::Int(number) => format!("`{number}`"),
        _ => "`null`".to_owned(),
    }
}

/// Reading the notation of `facts.txt`, which its head explains.
impl Kind {
    /// Text that is no kind is [`Kind::Any`], of which nothing is ever reported.
    pub(super) fn parse(text: &str) -> Self {
        let mut rest = text;
        match Self::read(&mut rest) {
            Some(kind) if rest.is_empty() => kind,
            _ => Self::Any,
        }
    }

    fn read(rest: &mut &str) -> Option<Self> {
        let first = rest.chars().next()?;
        match first {
            '?' => Some(Self::NullOr(Self::after(rest)?)),
            '[' => {
                let kind = Self::after(rest)?;
                eat(rest, ']').map(|()| Self::ListOf(kind))
            }
            '{' => {
                let kind = Self::after(rest)?;
                eat(rest, '}').map(|()| Self::AttrsOf(kind))
            }
            '(' => Self::read_group(rest),
            '<' => Self::read_values(rest),
            _ => Self::read_word(rest),
        }
    }

    /// The kind after one character.
    fn after(rest: &mut &str) -> Option<Box<Self>> {
        *rest = &rest[1..];
        Self::read(rest).map(Box::new)
    }

    fn read_group(rest: &mut &str) -> Option<Self> {
        let mut kinds = vec![*Self::after(rest)?];
        if rest.starts_with('~') {
            let to = Self::after(rest)?;
            let from = kinds.pop().map(Box::new)?;
            return eat(rest, ')').map(|()| Self::Coerced(from, to));
        }
        while rest.starts_with('|') {
            kinds.push(*Self::after(rest)?);
        }
        eat(rest, ')').map(|()| Self::Either(kinds))
    }

    fn read_values(rest: &mut &str) -> Option<Self> {
        let (values, after) = rest[1..].split_once('>')?;
        *rest = after;
        let read = |value: &str| match value {
            "null" => Some(Literal::Null),
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            value => {
                let text = value.strip_prefix('"')?.strip_suffix('"')?;
                Some(Literal::Text(text.to_owned()))
            }
        };
        let values: Option<Vec<Literal>> = values.split(' ').map(read).collect();
        values.map(Self::OneOf)
    }

    fn read_word(rest: &mut &str) -> Option<Self> {
        let end = rest.find(|c: char| !c.is_ascii_lowercase());
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        *rest = after;
        Some(match word {
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "str" => Self::Text,
            "lines" => Self::Lines,
            "path" => Self::Path,
            "port" => Self::Port,
            "package" => Self::Package,
            "submodule" => Self::Submodule,
            "open" => Self::Open,
            "any" => Self::Any,
            _ => return None,
        })
    }
}

fn eat(rest: &mut &str, expected: char) -> Option<()> {
    *rest = rest.strip_prefix(expected)?;
    Some(())
}
