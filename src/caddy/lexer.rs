//! Caddy's tokens: words, quotes, heredocs, comments and escaped line ends.

use std::rc::Rc;

use super::SyntaxError;
use super::environment::{Environment, Unit, What, expand};
use crate::reading::{Place, Read};

/// A longer file is no Caddyfile that a person wrote.
const LONGEST: usize = 1 << 20;
/// Every character of a heredoc is compared with the marker.
const LONGEST_MARKER: usize = 64;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its text without quotes; placeholders that are not decided stand as they are written.
    pub text: String,
    /// Where it is written.
    pub place: Place,
    /// The quote around it: `"`, a backtick, or `<` for a heredoc.
    pub quote: Option<char>,
    /// Whether nothing in it depends on an unknown environment or on a snippet's arguments.
    pub(super) decided: bool,
    /// Whether it is the first of its line.
    pub(super) starts_line: bool,
    /// How many imports lie around it.
    pub(super) depth: u8,
    /// Whether its closing quote was left out, which Caddy takes for the end of the file.
    pub(super) unclosed: bool,
}

impl Token {
    /// Its text, unless a placeholder has a say: `{$NAME}` at start, `{name}` at run time.
    pub fn literal(&self) -> Option<&str> {
        let runtime = self.text.contains('{') && self.text.contains('}');
        (self.decided && !runtime).then_some(&*self.text)
    }

    /// As [`Token::literal`], with its place.
    pub fn read(&self) -> Read<String> {
        match self.literal() {
            Some(text) => Read::Known(text.to_owned(), Some(self.place.clone())),
            None => Read::Unknown,
        }
    }

    /// Whether it is certainly this word.
    pub fn is(&self, word: &str) -> bool {
        self.decided && self.text == word
    }

    /// Whether it is this brace and opens or closes a block.
    pub(super) fn is_brace(&self, brace: &str) -> bool {
        self.quote.is_none() && self.is(brace)
    }
}

/// The tokens of one file.
pub(super) fn tokens(
    file: &Rc<str>,
    text: &str,
    environment: &Environment,
) -> Result<Vec<Token>, SyntaxError> {
    if text.len() > LONGEST {
        return Err(SyntaxError {
            message: "the file is longer than a mebibyte".to_owned(),
            place: Place::new(file, 0..0),
        });
    }
    let mut lexer = Lexer {
        file,
        units: expand(text, environment),
        at: usize::from(text.starts_with('\u{feff}')),
        line: 1,
        skipped: 0,
        tokens: Vec::new(),
        end_line: 0,
    };
    while lexer.next()? {}
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    file: &'a Rc<str>,
    units: Vec<Unit>,
    at: usize,
    line: usize,
    /// Line ends that were escaped; they count once the line really ends.
    skipped: usize,
    tokens: Vec<Token>,
    /// The last line of the last token.
    end_line: usize,
}

/// A token that is being read.
struct Open {
    text: String,
    from: usize,
    line: usize,
    decided: bool,
}

impl Lexer<'_> {
    /// Reads one token; `false` at the end.
    fn next(&mut self) -> Result<bool, SyntaxError> {
        self.pass_space();
        let Some(unit) = self.units.get(self.at) else {
            return Ok(false);
        };
        let mut open = Open {
            text: String::new(),
            from: self.at,
            line: self.line,
            decided: true,
        };
        match unit.what {
            What::Char(quote @ ('"' | '`')) => self.quoted(open, quote),
            _ => {
                if !self.word(&mut open) {
                    self.push(open, None, false);
                } else if let Some(marker) = self.heredoc_marker(&open)? {
                    self.heredoc(open, &marker)?;
                } else {
                    self.push(open, None, false);
                }
            }
        }
        Ok(true)
    }

    /// Skips space, comments and escaped line ends.
    fn pass_space(&mut self) {
        let mut comment = false;
        while let Some(unit) = self.units.get(self.at) {
            match unit.what {
                What::Char('\n') => {
                    self.line += 1 + self.skipped;
                    self.skipped = 0;
                    comment = false;
                }
                What::Char('\\') if !comment && self.escapes_line_end() => {
                    self.at += self.line_end_after_escape();
                    self.skipped += 1;
                    continue;
                }
                _ if comment => {}
                What::Char('#') => comment = true,
                What::Char(character) if character.is_whitespace() => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn char_at(&self, at: usize) -> Option<char> {
        match self.units.get(at)?.what {
            What::Char(character) => Some(character),
            What::Undecided(_) => None,
        }
    }

    fn escapes_line_end(&self) -> bool {
        self.line_end_after_escape() > 0
    }

    /// How many units a backslash and the line end after it take; none when there is no line end.
    fn line_end_after_escape(&self) -> usize {
        match (self.char_at(self.at + 1), self.char_at(self.at + 2)) {
            (Some('\n'), _) => 2,
            (Some('\r'), Some('\n')) => 3,
            _ => 0,
        }
    }

    /// Reads up to the next space. Tells whether the word may open a heredoc.
    fn word(&mut self, open: &mut Open) -> bool {
        let mut heredoc = true;
        while let Some(unit) = self.units.get(self.at) {
            match &unit.what {
                What::Undecided(written) => {
                    open.text.push_str(written);
                    open.decided = false;
                }
                What::Char('\r') => {}
                What::Char(character) if character.is_whitespace() => break,
                What::Char('\\') if self.escapes_line_end() => break,
                What::Char('\\')
                    if open.text.is_empty() && self.char_at(self.at + 1) == Some('<') =>
                {
                    heredoc = false;
                }
                What::Char(character) => open.text.push(*character),
            }
            self.at += 1;
        }
        heredoc
    }

    /// Reads up to the closing quote.
    fn quoted(&mut self, mut open: Open, quote: char) {
        self.at += 1;
        let mut unclosed = true;
        while let Some(unit) = self.units.get(self.at) {
            self.at += 1;
            match &unit.what {
                What::Undecided(written) => {
                    open.text.push_str(written);
                    open.decided = false;
                }
                What::Char('\\') if quote == '"' && self.char_at(self.at) == Some('"') => {
                    open.text.push('"');
                    self.at += 1;
                }
                What::Char(character) if *character == quote => {
                    unclosed = false;
                    break;
                }
                What::Char(character) => {
                    if *character == '\n' {
                        self.line += 1 + self.skipped;
                        self.skipped = 0;
                    }
                    open.text.push(*character);
                }
            }
        }
        if !unclosed || !open.text.is_empty() {
            self.push(open, Some(quote), unclosed);
        }
    }

    /// The marker of a heredoc, when the word opens one: `<<` and a name at the end of a line.
    fn heredoc_marker(&self, open: &Open) -> Result<Option<String>, SyntaxError> {
        let ends_line = matches!(self.char_at(self.at), Some('\n'));
        let Some(marker) = open.text.strip_prefix("<<").filter(|_| ends_line) else {
            return Ok(None);
        };
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !(1..=LONGEST_MARKER).contains(&marker.len()) || !marker.chars().all(named) {
            let message = format!(
                "`{}` opens a heredoc whose marker is not made of letters, digits, `-` and `_`",
                open.text
            );
            return Err(self.error(message, open.from));
        }
        Ok(Some(marker.to_owned()))
    }

    /// Reads up to the marker.
    fn heredoc(&mut self, mut open: Open, marker: &str) -> Result<(), SyntaxError> {
        self.at += 1;
        open.text.clear();
        loop {
            let Some(unit) = self.units.get(self.at) else {
                let message = format!("the heredoc is never closed by `{marker}`");
                return Err(self.error(message, open.from));
            };
            self.at += 1;
            match &unit.what {
                What::Char(character) => open.text.push(*character),
                What::Undecided(written) => {
                    open.text.push_str(written);
                    open.decided = false;
                }
            }
            let body = open.text.strip_suffix(marker);
            if let Some(body) = body.filter(|body| !body.is_empty()) {
                open.text = dedented(body);
                break;
            }
        }
        let breaks = self.units[open.from..self.at]
            .iter()
            .filter(|unit| unit.what == What::Char('\n'))
            .count();
        self.line += breaks;
        self.push(open, Some('<'), false);
        Ok(())
    }

    fn push(&mut self, open: Open, quote: Option<char>, unclosed: bool) {
        let starts_line = self.tokens.is_empty() || self.end_line < open.line;
        self.end_line = self.line;
        let last = self.at.saturating_sub(1).max(open.from);
        let place = Place::new(
            self.file,
            self.units[open.from].range.start..self.units[last].range.end,
        );
        let arguments = ["{args.", "{args[", "{block"];
        let decided = open.decided && !arguments.iter().any(|it| open.text.contains(it));
        self.tokens.push(Token {
            text: open.text,
            place,
            quote,
            decided,
            starts_line,
            depth: 0,
            unclosed,
        });
    }

    fn error(&self, message: String, from: usize) -> SyntaxError {
        let start = self.units[from].range.start;
        let end = self.units[from..]
            .iter()
            .take_while(|unit| unit.what != What::Char('\n'))
            .last()
            .map_or(start, |unit| unit.range.end);
        SyntaxError {
            message,
            place: Place::new(self.file, start..end),
        }
    }
}

/// A heredoc's text without the indentation of the line that closes it.
fn dedented(body: &str) -> String {
    let (lines, padding) = body.rsplit_once('\n').unwrap_or(("", body));
    let lines: Vec<&str> = lines
        .split('\n')
        .map(|line| line.strip_prefix(padding).unwrap_or(line))
        .collect();
    lines.join("\n")
}
