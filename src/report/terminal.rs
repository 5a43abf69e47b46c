//! What a terminal may be sent: colours that we chose, and no control character that we did not.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

/// What is known of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Whether to write colours.
    pub colour: bool,
    /// Its width in columns; longer source lines are trimmed around the caret.
    pub width: usize,
}

impl Terminal {
    /// No colours, a common width.
    pub const PLAIN: Self = Self {
        colour: false,
        width: 140,
    };
}

/// The few styles that reports use.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Paint {
    /// Headings.
    Bold,
    /// What is added, opened, fine.
    Green,
    /// What is removed, closed, dangerous.
    Red,
    /// Hunk headers.
    Cyan,
    /// What deserves a look.
    Yellow,
}

impl Paint {
    fn style(self) -> Style {
        match self {
            Self::Bold => Style::new().bold(),
            Self::Green => AnsiColor::Green.on_default(),
            Self::Red => AnsiColor::Red.on_default(),
            Self::Cyan => AnsiColor::Cyan.on_default(),
            Self::Yellow => AnsiColor::Yellow.on_default(),
        }
    }

    /// The text in this style, sanitized; without colour only sanitized.
    pub(crate) fn apply(self, terminal: Terminal, text: &str) -> String {
        let text = sanitize(text);
        if !terminal.colour || text.is_empty() {
            return text;
        }
        let style = self.style();
        let mut painted = String::with_capacity(text.len() + 12);
        let _ = write!(painted, "{style}{text}{style:#}");
        painted
    }
}

/// The text with every character made visible that a terminal would obey or hide.
///
/// One character stays one character, so that columns still fit; only a carriage return that
/// ends a line disappears. Tabs and line feeds stay.
pub(crate) fn sanitize(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\t' | '\n' => clean.push(character),
            '\r' if matches!(characters.peek(), None | Some('\n')) => {}
            '\0'..='\x1f' => clean.push(picture(character)),
            '\x7f' => clean.push('␡'),
            _ if is_hidden(character) => clean.push('\u{fffd}'),
            _ => clean.push(character),
        }
    }
    clean
}

/// The picture of an ASCII control character, such as `␛`.
fn picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or('\u{fffd}')
}

/// Whether a terminal obeys the character (C1 controls, text direction) or shows nothing for it.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_survives() {
        assert_eq!(sanitize("a\x1b[31m\u{9b}b\x07"), "a␛[31m\u{fffd}b␇");
        assert_eq!(sanitize("x\u{202e}y\u{200f}z"), "x\u{fffd}y\u{fffd}z");
        assert_eq!(
            sanitize("tab\tstays\r\nmid\rreturn\r"),
            "tab\tstays\nmid␍return"
        );
        assert_eq!(sanitize("größe 日本 שלום 👩‍💻"), "größe 日本 שלום 👩‍💻");
    }

    #[test]
    fn colour_is_a_choice_and_never_trusts_the_text() {
        let coloured = Terminal {
            colour: true,
            width: 80,
        };
        assert_eq!(Paint::Red.apply(coloured, "a\x1b"), "\x1b[31ma␛\x1b[0m");
        assert_eq!(Paint::Red.apply(Terminal::PLAIN, "a\x1b"), "a␛");
    }
}
