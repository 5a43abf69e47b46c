//! The lines of `facts.txt`, searched where they lie.
//!
//! Lines are sorted by the elements of their paths, so everything below a path is one run of
//! lines, and every line of a run begins with the same bytes.

use std::cmp::Ordering;
use std::sync::LazyLock;

static EMBEDDED: LazyLock<Table> = LazyLock::new(|| {
    let facts = include_str!("facts.txt");
    let (head, lines) = facts.split_once("\n\n").unwrap_or(("", facts));
    let lines = lines.lines().collect();
    Table { head, lines }
});

/// The facts: a head that says which namespaces are complete, then one line for each name.
pub(super) struct Table {
    head: &'static str,
    lines: Vec<&'static str>,
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
    pub(super) fn embedded() -> &'static Self {
        &EMBEDDED
    }

    pub(super) fn all(&self) -> Span {
        Span {
            start: 0,
            end: self.lines.len(),
            prefix: 0,
        }
    }

    /// The lines one element further: those of the name itself and those of a name that stands
    /// for any.
    pub(super) fn below(&self, span: &Span, element: &str) -> Vec<Span> {
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
    pub(super) fn own(&self, span: &Span) -> Option<Entry> {
        let line = self.within(span).first()?;
        let is_own = span.prefix > 0 && line.as_bytes().get(span.prefix - 1) == Some(&b' ');
        is_own.then(|| entry(line)).flatten()
    }

    /// Whether any name is known below the path.
    pub(super) fn has_names(&self, span: &Span) -> bool {
        let rest = self.without_own(span);
        rest.start < rest.end
    }

    /// Every name below the path, without those that stand for any.
    pub(super) fn names(&self, span: &Span) -> Vec<&'static str> {
        let mut rest = self.without_own(span);
        let mut names = Vec::new();
        while let Some(line) = self.within(&rest).first() {
            let element = element_at(line, rest.prefix);
            let run = self.run(&rest, element);
            if !is_wildcard(element) && self.is_in_use(&run) {
                names.push(element);
            }
            rest.start = run.end.max(rest.start + 1);
        }
        names
    }

    /// Whether every option whose path begins so is known.
    pub(super) fn is_complete(&self, path: &[&str]) -> bool {
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
    fn is_in_use(&self, span: &Span) -> bool {
        match self.own(span).map(|entry| entry.mark) {
            None | Some(Mark::Option { .. } | Mark::Alias | Mark::Exists) => true,
            Some(Mark::Renamed | Mark::Removed | Mark::Changed) => false,
        }
    }

    fn without_own(&self, span: &Span) -> Span {
        match self.own(span) {
            Some(_) => Span {
                start: span.start + 1,
                ..*span
            },
            None => *span,
        }
    }

    /// Wildcards are sorted before every name.
    fn first_wildcard(&self, span: &Span) -> Option<Span> {
        let element = element_at(self.within(span).first()?, span.prefix);
        is_wildcard(element).then(|| self.run(span, element))
    }

    /// The lines of a span whose next element is this one.
    fn run(&self, span: &Span, element: &str) -> Span {
        let order = |line: &&str| compare(element_at(line, span.prefix), element);
        let lines = self.within(span);
        let before = lines.partition_point(|line| order(line).is_lt());
        let lines = &lines[before..];
        let length = lines.partition_point(|line| order(line).is_eq());
        let start = span.start + before;
        let written = lines.first().map_or(0, |line| {
            let quotes = 2 * usize::from(line.as_bytes().get(span.prefix) == Some(&b'"'));
            element_at(line, span.prefix).len() + quotes
        });
        Span {
            start,
            end: start + length,
            prefix: span.prefix + written + 1,
        }
    }

    fn within(&self, span: &Span) -> &[&'static str] {
        self.lines.get(span.start..span.end).unwrap_or_default()
    }
}

/// The element that begins so many bytes after the start of a line, without its quotes.
fn element_at(line: &str, prefix: usize) -> &str {
    let rest = line.get(prefix..).unwrap_or_default();
    let (rest, ends) = match rest.strip_prefix('"') {
        Some(quoted) => (quoted, *b"\"\""),
        None => (rest, *b". "),
    };
    let is_end = |byte| byte == ends[0] || byte == ends[1];
    let end = rest.bytes().position(is_end);
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
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
