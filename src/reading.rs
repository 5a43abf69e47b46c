//! What the readers of hand-written files share: a place in a text, and an answer that may be
//! unknown.

use std::ops::Range;
use std::rc::Rc;

use crate::finding::Location;

/// A byte range in one file. Cheap to copy around: every value that a reader finds carries one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path relative to the project's folder, `/` separated.
    pub file: Rc<str>,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Place {
    /// A byte range of a file. Offsets past 4 GiB are cut, which no reader accepts anyway.
    pub fn new(file: &Rc<str>, range: Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            file: Rc::clone(file),
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    /// The byte range.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The place as a finding names it.
    pub fn location(&self) -> Location {
        Location::span(&*self.file, self.range())
    }
}

/// What files say about one question.
///
/// A rule reports only what is [`Known`](Read::Known): a false alarm costs more than a miss.
#[derive(Debug, Clone, PartialEq)]
pub enum Read<T> {
    /// Decided. Without a place it is a tool's own default.
    Known(T, Option<Place>),
    /// Certainly said nowhere, and no default is known.
    Absent,
    /// Something that cannot be decided without running it has a say.
    Unknown,
}

impl<T> Read<T> {
    /// The value, when it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Where the value is written, when it is written anywhere.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Known(_, place) => place.as_ref(),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Whether it is certain that nothing says anything.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the question cannot be decided.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Known(value, place) => Read::Known(change(value), place),
            Self::Absent => Read::Absent,
            Self::Unknown => Read::Unknown,
        }
    }

    /// The answer with a value that may turn out not to be one.
    pub fn and_then<U>(self, change: impl FnOnce(T) -> Option<U>) -> Read<U> {
        match self {
            Self::Known(value, place) => match change(value) {
                Some(value) => Read::Known(value, place),
                None => Read::Unknown,
            },
            Self::Absent => Read::Absent,
            Self::Unknown => Read::Unknown,
        }
    }
}

impl<T: PartialEq> Read<T> {
    /// Whether it is certain that this is the value.
    pub fn is(&self, value: &T) -> bool {
        self.value() == Some(value)
    }
}
