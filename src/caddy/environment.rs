//! What is known of the variables that Caddy puts in before it reads a single token.

use std::collections::BTreeMap;
use std::ops::Range;

/// The variables of the process that will read the file, as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    known: BTreeMap<String, String>,
    whole: bool,
}

impl Environment {
    /// Nothing is known: no placeholder is decided, not even one with a default.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// These variables are set, and others may be.
    pub fn some(known: BTreeMap<String, String>) -> Self {
        Self {
            known,
            whole: false,
        }
    }

    /// These variables are set and no others.
    pub fn whole(known: BTreeMap<String, String>) -> Self {
        Self { known, whole: true }
    }

    /// What Caddy puts in place of `{$NAME}` or `{$NAME:default}`.
    fn value(&self, inside: &str) -> Option<String> {
        let (name, default) = match inside.split_once(':') {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        match self.known.get(name) {
            Some(value) => Some(value.clone()),
            None if self.whole => Some(default.unwrap_or_default().to_owned()),
            None => None,
        }
    }
}

/// One character of the text as Caddy sees it, with the bytes it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) what: What,
    pub(super) range: Range<usize>,
}

/// A character, or a placeholder whose value is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Char(char),
    Undecided(String),
}

/// The text with the known variables put in.
pub(super) fn expand(text: &str, environment: &Environment) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some((inside, end)) = placeholder(rest) {
            let range = at..at + end;
            match environment.value(inside) {
                Some(value) => units.extend(value.chars().map(|character| Unit {
                    what: What::Char(character),
                    range: range.clone(),
                })),
                None => units.push(Unit {
                    what: What::Undecided(text[range.clone()].to_owned()),
                    range: range.clone(),
                }),
            }
            at = range.end;
        } else if let Some(character) = rest.chars().next() {
            let end = at + character.len_utf8();
            units.push(Unit {
                what: What::Char(character),
                range: at..end,
            });
            at = end;
        }
    }
    units
}

/// How many characters a placeholder may have: every `{$` looks that far for its end.
const LONGEST: usize = 1024;

/// What is between `{$` and `}` at the start of a text, and where it ends. One without a name is
/// no placeholder.
fn placeholder(rest: &str) -> Option<(&str, usize)> {
    let rest = rest.strip_prefix("{$")?;
    let mut characters = rest.char_indices().take(LONGEST);
    let (end, _) = characters.find(|(_, character)| *character == '}')?;
    (end > 0).then_some((&rest[..end], end + 3))
}
