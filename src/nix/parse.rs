//! Parsing with errors in words, and formatting, both bounded in depth and size.

use std::ops::Range;

use rnix::{ParseError, Root, SyntaxKind as Kind, TextRange};

use super::depth;

/// No hand-written file comes near.
const LARGEST: usize = 4 * 1024 * 1024;
/// At each name rnix looks to the end of such a run for a path, so a long one takes quadratic time.
const LONGEST_WORD: usize = 32 * 1024;
/// What nixfmt needs for the deepest text that passes, several times over.
const FORMATTER_STACK: usize = 64 * 1024 * 1024;

/// Why a text is not Nix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, one sentence without a final period.
    pub message: String,
    /// The bytes it is about.
    pub range: Range<usize>,
}

/// The tree of a text that is valid Nix; otherwise every error, in the order of the text.
pub fn parse(text: &str) -> Result<Root, Vec<SyntaxError>> {
    readable(text).map_err(|error| vec![error])?;
    parse_shallow(text)
}

/// As [`parse`], for text that is known to nest as little as people write.
pub(crate) fn parse_shallow(text: &str) -> Result<Root, Vec<SyntaxError>> {
    let parsed = Root::parse(text);
    if parsed.errors().is_empty() {
        return Ok(parsed.tree());
    }
    let mut errors: Vec<_> = parsed
        .errors()
        .iter()
        .map(|error| describe(error, text))
        .collect();
    errors.sort_by_key(|error| error.range.start);
    errors.dedup_by_key(|error| error.range.start);
    // After an error inside the text, what is missing at its end is only an echo.
    let inside = errors
        .iter()
        .filter(|error| error.range.start < text.len())
        .count();
    errors.truncate(inside.max(1));
    Err(errors)
}

/// The text as nixfmt lays it out.
pub fn format(text: &str) -> Result<String, SyntaxError> {
    readable(text)?;
    format_on_a_large_stack(text)?.map_err(|error| located(&error, text))
}

/// As [`format`], for text that is known to nest as little as people write.
pub(crate) fn format_shallow(text: &str) -> Result<String, SyntaxError> {
    nixfmt_rs::format(text).map_err(|error| located(&error, text))
}

fn located(error: &nixfmt_rs::ParseError, text: &str) -> SyntaxError {
    SyntaxError {
        message: error.message(),
        range: clamp(error.byte_range(), text.len()),
    }
}

/// nixfmt takes tens of kilobytes of stack for each level.
fn format_on_a_large_stack(
    text: &str,
) -> Result<Result<String, nixfmt_rs::ParseError>, SyntaxError> {
    let broken = |message: &str| SyntaxError {
        message: message.to_owned(),
        range: 0..text.len(),
    };
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(FORMATTER_STACK)
            .spawn_scoped(scope, || nixfmt_rs::format(text))
            .map_err(|_| broken("no thread could be started for the formatter"))?
            .join()
            .map_err(|_| broken("the formatter failed on this text"))
    })
}

/// Refuses what would exhaust a parser.
fn readable(text: &str) -> Result<(), SyntaxError> {
    if text.len() > LARGEST {
        return Err(SyntaxError {
            message: format!("the file is larger than {} MiB", LARGEST / 1024 / 1024),
            range: 0..0,
        });
    }
    let mut start = 0;
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "._-+".contains(c))) {
        if word.len() > LONGEST_WORD {
            return Err(SyntaxError {
                message: format!("a word is longer than {} KiB", LONGEST_WORD / 1024),
                range: start..start,
            });
        }
        start += word.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    match depth::too_deep(text) {
        Some(range) => Err(SyntaxError {
            message: "the expression nests too deeply here".to_owned(),
            range,
        }),
        None => Ok(()),
    }
}

fn describe(error: &ParseError, text: &str) -> SyntaxError {
    let end = text.len()..text.len();
    let (message, range) = match error {
        ParseError::Unexpected(range) | ParseError::UnexpectedExtra(range) => {
            ("this text was not expected here".to_owned(), bytes(*range))
        }
        ParseError::UnexpectedWanted(got, range, wanted) => (
            format!("expected {}, found {}", any_of(wanted), word(*got)),
            bytes(*range),
        ),
        ParseError::UnexpectedDoubleBind(range) => (
            "the argument set is named twice with `@`".to_owned(),
            bytes(*range),
        ),
        ParseError::UnexpectedEOF => (
            "the file ends in the middle of an expression".to_owned(),
            end,
        ),
        ParseError::UnexpectedEOFWanted(wanted) => (
            format!("the file ends where {} was expected", any_of(wanted)),
            end,
        ),
        ParseError::DuplicatedArgs(range, name) => (
            format!("the argument `{name}` is listed twice"),
            bytes(*range),
        ),
        ParseError::RecursionLimitExceeded => ("the expression nests too deeply".to_owned(), end),
        other => (other.to_string(), end),
    };
    // rnix marks everything it skipped; the first line of that is where to look.
    let range = clamp(range, text.len());
    let first_line = text[range.clone()].lines().next().unwrap_or_default();
    SyntaxError {
        message,
        range: range.start..range.start + first_line.trim_end().len(),
    }
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().into()..range.end().into()
}

fn clamp(range: Range<usize>, length: usize) -> Range<usize> {
    let start = range.start.min(length);
    start..range.end.clamp(start, length)
}

fn any_of(kinds: &[Kind]) -> String {
    let words: Vec<_> = kinds.iter().map(|kind| word(*kind)).collect();
    match words.as_slice() {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A token as a person would write it.
fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::TOKEN_IDENT => "a name",
        Kind::TOKEN_INTEGER | Kind::TOKEN_FLOAT => "a number",
        Kind::TOKEN_STRING_START => "a string",
        Kind::TOKEN_STRING_END => "the end of the string",
        Kind::TOKEN_STRING_CONTENT => "text",
        Kind::TOKEN_INTERPOL_START => "`${`",
        Kind::TOKEN_INTERPOL_END | Kind::TOKEN_R_BRACE => "`}`",
        Kind::TOKEN_PATH_ABS
        | Kind::TOKEN_PATH_HOME
        | Kind::TOKEN_PATH_REL
        | Kind::TOKEN_PATH_SEARCH => "a path",
        Kind::TOKEN_URI => "a URL without quotes",
        Kind::TOKEN_COMMENT => "a comment",
        Kind::TOKEN_L_BRACE => "`{`",
        Kind::TOKEN_L_PAREN => "`(`",
        Kind::TOKEN_R_PAREN => "`)`",
        Kind::TOKEN_L_BRACK => "`[`",
        Kind::TOKEN_R_BRACK => "`]`",
        Kind::TOKEN_ASSIGN => "`=`",
        Kind::TOKEN_SEMICOLON => "`;`",
        Kind::TOKEN_COLON => "`:`",
        Kind::TOKEN_COMMA => "`,`",
        Kind::TOKEN_DOT => "`.`",
        Kind::TOKEN_ELLIPSIS => "`...`",
        Kind::TOKEN_AT => "`@`",
        Kind::TOKEN_QUESTION => "`?`",
        Kind::TOKEN_LET => "`let`",
        Kind::TOKEN_IN => "`in`",
        Kind::TOKEN_IF => "`if`",
        Kind::TOKEN_THEN => "`then`",
        Kind::TOKEN_ELSE => "`else`",
        Kind::TOKEN_REC => "`rec`",
        Kind::TOKEN_WITH => "`with`",
        Kind::TOKEN_INHERIT => "`inherit`",
        Kind::TOKEN_ASSERT => "`assert`",
        Kind::TOKEN_OR => "`or`",
        Kind::TOKEN_ERROR => "a character that Nix does not know",
        _ => "an operator",
    }
}
