//! The lines of `facts.txt`, searched where they lie.
//!
//! Lines are sorted by the elements of their paths, so everything below a path is one run of
//! lines, and every line of a run begins with the same bytes.

use std::cmp::Ordering;
use std::sync::LazyLock;

static EMBEDDED: LazyLock<Table> = LazyLock::new(|| {
    let facts = include_str!("facts.txt");
    let (head, lines) = facts.split_once("\n\n").unwrap_or(("", facts));
    Table { head, lines }
});

/// The facts: a head that says which namespaces are complete, then one line for each name.
#[derive(Clone, Copy)]
pub(super) struct Table {
    head: &'static str,
    lines: &'static str,
}

/// All lines that begin with the same path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: usize,
    end: usize,
    /// The bytes of the path with the dot after it.
    prefix: usize,
}

/// What a line says about its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Option {
        certain: bool,
        read_only: bool,
    },
    Alias,
    Renamed,
    Removed,
    Changed,
    /// It exists, and nothing more is known.
    Exists,
}

/// One line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) mark: Mark,
    pub(super) rest: &'static str,
}

/// Whether an element stands for any name.
pub(super) fn is_wildcard(element: &str) -> bool {
    element == "*" || element.starts_with('<')
}

impl Table {
    pub(super) fn embedded() -> Self {
        *EMBEDDED
    }

    pub(super) fn all(self) -> Span {
        Span {
            start: 0,
            end: self.lines.len(),
            prefix: 0,
        }
    }

    /// The lines one element further: those of the name itself and those of a name that stands
    /// for any.
    pub(super) fn below(self, span: &Span, element: &str) -> Vec<Span> {
        let rest = self.without_own(span);
        let mut found = Vec::new();
        let mut named = rest;
        if let Some(wildcard) = self.first_wildcard(&rest) {
            found.push(wildcard);
            named.start = wildcard.end;
        }
        let exact = self.run(&named, element);
        found.extend((exact.start < exact.end).then_some(exact));
        found
    }

    /// The line of the path itself.
    pub(super) fn own(self, span: &Span) -> Option<Entry> {
        let line = self.line_at(span.start.min(span.end));
        let is_own = span.prefix > 0
            && span.start < span.end
            && line.as_bytes().get(span.prefix - 1) == Some(&b' ');
        is_own.then(|| entry(line)).flatten()
    }

    /// Whether any name is known below the path.
    pub(super) fn has_names(self, span: &Span) -> bool {
        let rest = self.without_own(span);
        rest.start < rest.end
    }

    /// Every name below the path, without those that stand for any.
    pub(super) fn names(self, span: &Span) -> Vec<&'static str> {
        let mut rest = self.without_own(span);
        let mut names = Vec::new();
        while rest.start < rest.end {
            let element = self.element_at(rest.start, rest.prefix);
            let run = self.run(&rest, element);
            if !is_wildcard(element) && self.is_in_use(&run) {
                names.push(element);
            }
            rest.start = run.end.max(rest.start + 1);
        }
        names
    }

    /// Whether every option whose path begins so is known.
    pub(super) fn is_complete(self, path: &[&str]) -> bool {
        let namespaces = |word: &'static str| {
            let lines = self.head.lines();
            lines
                .filter_map(move |line| line.strip_prefix(word))
                .flat_map(str::split_whitespace)
        };
        let around = |namespace: &str| {
            let mut elements = path.iter();
            namespace
                .split('.')
                .all(|name| elements.next().is_some_and(|element| *element == name))
        };
        namespaces("complete").any(around) && !namespaces("incomplete").any(around)
    }

    /// Whether a name leads to options that there are.
    fn is_in_use(self, span: &Span) -> bool {
        match self.own(span).map(|entry| entry.mark) {
            None | Some(Mark::Option { .. } | Mark::Alias | Mark::Exists) => true,
            Some(Mark::Renamed | Mark::Removed | Mark::Changed) => false,
        }
    }

    fn without_own(self, span: &Span) -> Span {
        match self.own(span) {
            Some(_) => Span {
                start: self.next_line(span.start),
                ..*span
            },
            None => *span,
        }
    }

    /// Wildcards are sorted before every name.
    fn first_wildcard(self, span: &Span) -> Option<Span> {
        let element = (span.start < span.end).then(|| self.element_at(span.start, span.prefix))?;
        is_wildcard(element).then(|| self.run(span, element))
    }

    /// The lines of a span whose next element is this one.
    fn run(self, span: &Span, element: &str) -> Span {
        let start = self.partition(span, |line| compare(line, element) == Ordering::Less);
        let rest = Span { start, ..*span };
        let end = self.partition(&rest, |line| compare(line, element) != Ordering::Greater);
        let written = if start < end {
            self.element_at(start, span.prefix).len()
        } else {
            0
        };
        let quotes = 2 * usize::from(self.lines.as_bytes().get(start + span.prefix) == Some(&b'"'));
        Span {
            start,
            end,
            prefix: span.prefix + written + quotes + 1,
        }
    }

    /// Where the lines end whose next element is before some other.
    fn partition(self, span: &Span, is_before: impl Fn(&'static str) -> bool) -> usize {
        let (mut low, mut high) = (span.start, span.end);
        while low < high {
            let middle = self.line_start(low + (high - low) / 2).max(low);
            if is_before(self.element_at(middle, span.prefix)) {
                low = self.next_line(middle);
            } else {
                high = middle;
            }
        }
        low
    }

    fn line_start(self, at: usize) -> usize {
        let before = self.lines.get(..at).unwrap_or_default();
        before.rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The element that begins so many bytes after the start of a line, without its quotes.
    fn element_at(self, line: usize, prefix: usize) -> &'static str {
        let rest = self.lines.get(line + prefix..).unwrap_or_default();
        let (rest, ends): (_, &[u8]) = match rest.strip_prefix('"') {
            Some(quoted) => (quoted, b"\""),
            None => (rest, b". "),
        };
        let end = rest.bytes().position(|byte| ends.contains(&byte));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    }

    fn line_at(self, start: usize) -> &'static str {
        let rest = self.lines.get(start..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    fn next_line(self, start: usize) -> usize {
        start + self.line_at(start).len() + 1
    }
}

/// Names by their bytes, after what stands for any name.
fn compare(element: &str, other: &str) -> Ordering {
    let key = |element| (!is_wildcard(element), element);
    key(element).cmp(&key(other))
}

fn entry(line: &'static str) -> Option<Entry> {
    let (name, rest) = line.split_once(' ')?;
    let (mark, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let option = |certain, read_only| Mark::Option { certain, read_only };
    let mark = match mark {
        "+" => option(true, false),
        "-" => option(false, false),
        "+r" => option(true, true),
        "-r" => option(false, true),
        "=" => Mark::Alias,
        ">" => Mark::Renamed,
        "x" => Mark::Removed,
        "~" => Mark::Changed,
        "?" => Mark::Exists,
        _ => return None,
    };
    Some(Entry { name, mark, rest })
}
