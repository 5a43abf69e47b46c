//! Text that is not TOML: every mistake with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, Error};

use super::rules;
use crate::finding::{Finding, Location, Origin};

/// The tree, the mistakes, and whether the tree can be trusted beside them.
pub(super) struct Parsed<'a> {
    pub(super) table: Spanned<DeTable<'a>>,
    pub(super) findings: Vec<Finding>,
    pub(super) trusted: bool,
}

/// Reads the text as TOML.
pub(super) fn parse<'a>(file: &str, text: &'a str) -> Parsed<'a> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    // A key written twice leaves the rest of the tree as it is; after anything else the parser
    // guesses, and what it guessed would bring up mistakes that nobody made.
    let trusted = errors.iter().all(is_duplicate);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let mut findings = Vec::new();
    let mut read = 0;
    for error in &errors {
        let start = within(text, error.span().unwrap_or_default()).start;
        // One mistake on a line makes the parser stumble over the rest of it.
        if findings.is_empty() || text[read..start.max(read)].contains('\n') {
            findings.push(finding(file, text, error));
            read = start;
        }
    }
    Parsed {
        table,
        findings,
        trusted,
    }
}

fn is_duplicate(error: &Error) -> bool {
    error.message() == "duplicate key"
}

fn finding(file: &str, text: &str, error: &Error) -> Finding {
    let span = within(text, error.span().unwrap_or_default());
    let line = line_around(text, span.start);
    let (message, help) = explain(error.message(), line, &text[span.start..]);
    Finding::new(&rules::MANIFEST_SYNTAX, Origin::Manifest, message, help)
        .at(Location::span(file, span))
}

/// Parts of the parser's messages, with a person's words for each: what is wrong, what to write.
/// The first that fits is taken.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "duplicate key",
        "the key is written twice",
        "remove one of the two; a table has one header only",
    ),
    (
        "cannot extend value",
        "the key already has a value, so nothing can be put below it",
        "keep one of the two",
    ),
    (
        "recurs",
        "the values are nested too deeply",
        "write fewer lists and tables inside each other",
    ),
    (
        "string values must be quoted",
        "the value is neither in quotes nor a number, `true` or `false`",
        "write text in quotes",
    ),
    (
        "invalid boolean",
        "the value is neither in quotes nor a number, `true` or `false`",
        "write text in quotes",
    ),
    (
        "key with no value",
        "a key has no `=` and no value",
        "write `key = value`",
    ),
    (
        "missing assignment",
        "a key has no `=` and no value",
        "write `key = value`",
    ),
    (
        "unclosed array table",
        "the header is not closed",
        "close it with `]]`",
    ),
    (
        "unclosed array",
        "the list is not closed",
        "close it with `]`",
    ),
    (
        "unclosed inline table",
        "the table is not closed",
        "close it with `}`",
    ),
    (
        "unclosed table",
        "the header is not closed",
        "close it with `]`",
    ),
    (
        "missing comma",
        "a comma is missing",
        "write commas between the entries",
    ),
    (
        "leading zero",
        "the number starts with 0",
        "write it without leading zeros, or in quotes as text",
    ),
    (
        "escape",
        BACKSLASH,
        "write `\\\\` for a backslash, or put the text in single quotes",
    ),
    (
        "unicode",
        BACKSLASH,
        "write `\\\\` for a backslash, or put the text in single quotes",
    ),
    (
        "basic string",
        NOT_CLOSED,
        "close it with the quote that opened it",
    ),
    (
        "literal string",
        NOT_CLOSED,
        "close it with the quote that opened it",
    ),
    (
        "quote",
        NOT_CLOSED,
        "close it with the quote that opened it",
    ),
    (
        "unexpected key or value",
        "something follows the value",
        "write one key and one value on a line",
    ),
    (
        "unexpected content",
        "something follows the value",
        "write one key and one value on a line",
    ),
];

const BACKSLASH: &str = "the backslash starts no escape that TOML knows";
const NOT_CLOSED: &str = "the text is not closed on its line";

/// The parser's mistake in a person's words.
fn explain(parsed: &str, line: &str, rest: &str) -> (String, &'static str) {
    let rest = rest.split(['\n', '#']).next().unwrap_or_default();
    if parsed.contains("string values must be quoted") && rest.trim().is_empty() {
        let message = "the value is missing".to_owned();
        return (message, "write a value after `=`, or remove the line");
    }
    if line.split_once(':').is_some_and(|(key, _)| is_bare(key)) {
        let message = "a key is followed by `:`".to_owned();
        return (message, "write `=` between a key and its value");
    }
    match WORDS.iter().find(|(part, ..)| parsed.contains(part)) {
        Some((_, message, help)) => ((*message).to_owned(), help),
        None => (
            format!("this is not TOML: {}", parsed.replace('\n', ", ")),
            "write `[table]`, `key = value` or a comment on each line",
        ),
    }
}

fn is_bare(key: &str) -> bool {
    let key = key.trim();
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The line that an offset lies on.
fn line_around(text: &str, offset: usize) -> &str {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// The span, inside the text and on character boundaries whatever the parser says.
fn within(text: &str, span: Range<usize>) -> Range<usize> {
    let floor = |offset: usize| {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}
