//! Text that is not TOML: every mistake with its place.

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
    let (table, errors) = DeTable::parse_recoverable(text);
    // A key written twice leaves the rest of the tree as it is; after anything else the parser
    // guesses, and what it guessed would bring up mistakes that nobody made.
    let trusted = errors.iter().all(is_duplicate);
    let findings = errors
        .iter()
        .map(|error| finding(file, text, error))
        .collect();
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
    let (message, help) = if is_duplicate(error) {
        (
            "the key is written twice".to_owned(),
            "remove one of the two lines; a table may have one header only".to_owned(),
        )
    } else {
        (
            format!("this is not TOML: {}", error.message().replace('\n', ", ")),
            advice(error.message()).to_owned(),
        )
    };
    let location = match error.span() {
        Some(span) => Location::span(file, within(text, span)),
        None => Location::file(file),
    };
    Finding::new(&rules::MANIFEST_SYNTAX, Origin::Manifest, message, help).at(location)
}

fn advice(message: &str) -> &'static str {
    if message.contains("must be quoted") {
        "write the value in quotes, as in `name = \"value\"`"
    } else if message.contains("unclosed array") {
        "close the list with `]`"
    } else if message.contains("inline table") {
        "close the table with `}` and put commas between its keys"
    } else if message.contains("unclosed table") {
        "close the header with `]`"
    } else if message.contains("string") || message.contains("quote") {
        "close the text with the quote that opened it, on the same line"
    } else {
        "correct the line; every line is `[table]`, `key = value`, a comment or empty"
    }
}

/// The span, inside the text and on character boundaries whatever the parser says.
fn within(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
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
