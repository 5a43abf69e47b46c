//! What every check produces: a [`Finding`] with a place, a reason and a way out.

use std::ops::Range;

use serde::Serialize;

use crate::rules::Rule;

/// How bad a finding is. The order is the order of badness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never changes the exit code.
    Advice,
    /// Likely to hurt; counts as an error under `--strict`.
    Warning,
    /// The deployment would fail, lock a person out or lose data.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// Whose text a finding points into, and therefore where the edit belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// `seance.toml`.
    Manifest,
    /// A file that `seance gen` writes.
    Generated,
    /// A file that a person wrote.
    Handwritten,
}

/// A byte range in one file, named relative to the manifest's folder with `/` separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Path relative to the manifest's folder, `/` separated.
    pub file: String,
    /// Byte range in the file's text; `None` when the finding is about the file as a whole.
    pub range: Option<Range<usize>>,
}

impl Location {
    /// A place inside a file.
    pub fn span(file: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            file: file.into(),
            range: Some(range),
        }
    }

    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            range: None,
        }
    }
}

/// A mechanical edit that removes the finding: replace `range` of `file` by `replacement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Path relative to the manifest's folder, `/` separated.
    pub file: String,
    /// Byte range to replace.
    pub range: Range<usize>,
    /// The new text.
    pub replacement: String,
}

/// A second place that explains the first, for example the earlier of two duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// A short label, such as "first defined here".
    pub label: String,
}

/// One thing that is wrong, where, why it matters and how to end it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The record that explains this kind of finding; its id is stable.
    pub rule: &'static Rule,
    /// Usually the rule's own severity.
    pub severity: Severity,
    /// What is wrong, one sentence without a final period.
    pub message: String,
    /// The one command or edit that fixes it, imperative, without a final period.
    pub help: String,
    /// Where it is, when it has a place.
    pub location: Option<Location>,
    /// A short label for the caret, such as "not a known region".
    pub label: String,
    /// Further places.
    pub related: Vec<Related>,
    /// Whose text it is.
    pub origin: Origin,
    /// The edit, where it is mechanical.
    pub patch: Option<Patch>,
    /// Whether the text at its places is a secret, which no report may show.
    pub is_secret: bool,
}

impl Finding {
    /// A finding of the rule's own severity without a place yet.
    pub fn new(
        rule: &'static Rule,
        origin: Origin,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            help: help.into(),
            location: None,
            label: String::new(),
            related: Vec::new(),
            origin,
            patch: None,
            is_secret: false,
        }
    }

    /// The same finding with a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same finding with a label beside the caret.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same finding about a secret: no report shows the text at its places.
    #[must_use]
    pub fn concealed(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// The same finding with a second place.
    #[must_use]
    pub fn related(mut self, location: Location, label: impl Into<String>) -> Self {
        self.related.push(Related {
            location,
            label: label.into(),
        });
        self
    }

    /// The same finding with its mechanical edit.
    #[must_use]
    pub fn patched(mut self, patch: Patch) -> Self {
        self.patch = Some(patch);
        self
    }

    /// The same finding with its edit, where there is one.
    #[must_use]
    pub fn patched_if(self, patch: Option<Patch>) -> Self {
        match patch {
            Some(patch) => self.patched(patch),
            None => self,
        }
    }
}

/// The text of every file that findings point into, by path relative to the manifest's folder.
pub type Sources = std::collections::BTreeMap<String, String>;

/// A place counted as people count: line and column from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The position of a byte offset in a text; an offset past the end or inside a character
    /// counts as the nearest place before it.
    pub fn of(text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        assert_eq!(Position::of("a\nbé=1", 5), Position { line: 2, column: 3 });
        assert_eq!(Position::of("", 10), Position { line: 1, column: 1 });
        assert_eq!(Position::of("é", 1), Position { line: 1, column: 1 });
    }
}
