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
    let mut closing = Closing {
        text,
        next: Some(0),
    };
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let end = closing.of_placeholder(at);
        let range = at..end.unwrap_or(at + character.len_utf8());
        at = range.end;
        if end.is_none() {
            let what = What::Char(character);
            units.push(Unit { what, range });
            continue;
        }
        match environment.value(&text[range.start + 2..range.end - 1]) {
            Some(value) => units.extend(value.chars().map(|character| Unit {
                what: What::Char(character),
                range: range.clone(),
            })),
            None => units.push(Unit {
                what: What::Undecided(text[range.clone()].to_owned()),
                range,
            }),
        }
    }
    units
}

/// Finds where placeholders end, each brace once.
struct Closing<'a> {
    text: &'a str,
    /// The next closing brace that is known; `None` when there is no further one.
    next: Option<usize>,
}

impl Closing<'_> {
    /// The end of the placeholder `{$…}` that begins here. One without a name is none.
    fn of_placeholder(&mut self, start: usize) -> Option<usize> {
        if !self.text[start..].starts_with("{$") {
            return None;
        }
        let inside = start + 2;
        while self.next? < inside || !self.text[self.next?..].starts_with('}') {
            let from = self.next?.max(inside);
            self.next = self.text[from..].find('}').map(|found| from + found);
        }
        let end = self.next?;
        (end > inside).then_some(end + 1)
    }
}
