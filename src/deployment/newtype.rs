//! The shape shared by every text newtype of the model.

use super::secret::looks_like_secret;

/// Declares a newtype around a checked `String`.
///
/// The value can only be made by `TryFrom<&str>`, which asks the type's own
/// `fn check(text: &str) -> Result<String, Refusal>`: the canonical text, or the sentence a person
/// reads.
macro_rules! text_newtype {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The checked text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::deployment::Refusal;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                $crate::deployment::newtype::accept(text, Self::check).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

pub(crate) use text_newtype;

/// Why a value was refused, in words a person can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it, one sentence without a final period; never repeats a secret.
    pub message: String,
    /// What to write instead, imperative, without a final period.
    pub help: String,
    /// The exact replacement, when there is only one sensible one.
    pub suggestion: Option<String>,
}

impl Refusal {
    /// A refusal without an exact replacement.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            suggestion: None,
        }
    }

    /// The same refusal with the one sensible replacement.
    #[must_use]
    pub fn suggesting(mut self, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(replacement.into());
        self
    }
}

/// How many further mistakes a suggestion may repair before it counts as a guess.
const REPAIRS: usize = 4;

/// Runs a type's check and makes sure that a suggestion, when there is one, would be accepted.
pub(super) fn accept(
    text: &str,
    check: fn(&str) -> Result<String, Refusal>,
) -> Result<String, Refusal> {
    let mut refusal = match check(text) {
        Ok(value) => return Ok(value),
        Err(refusal) => refusal,
    };
    if looks_like_secret(text).is_some() {
        refusal.suggestion = None;
        return Err(refusal);
    }
    let trimmed = text.trim();
    if trimmed != text
        && let Ok(value) = check(trimmed)
    {
        return Err(
            Refusal::new("the value has white space around it", "remove it").suggesting(value),
        );
    }
    refusal.suggestion = refusal
        .suggestion
        .and_then(|candidate| settle(candidate, check));
    Err(refusal)
}

/// Follows suggestions until one is accepted.
fn settle(mut candidate: String, check: fn(&str) -> Result<String, Refusal>) -> Option<String> {
    for _ in 0..REPAIRS {
        match check(&candidate) {
            Ok(value) => return Some(value),
            Err(refusal) => candidate = refusal.suggestion?,
        }
    }
    None
}

/// The longest part of a refused value that a message repeats.
const SHOWN: usize = 60;

/// A refused value as a message shows it: in backticks, escaped, shortened, and never a secret.
pub(crate) fn shown(text: &str) -> String {
    if looks_like_secret(text).is_some() {
        return "the hidden value".to_owned();
    }
    let mut shown = String::from("`");
    for character in text.chars().take(SHOWN) {
        if character.is_control() || is_invisible(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown.push('`');
    shown
}

/// One refused character as a message shows it.
pub(super) fn shown_character(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' => "a line break".to_owned(),
        '\r' => "a carriage return".to_owned(),
        '`' => "a backtick".to_owned(),
        other if other.is_control() || is_invisible(other) => {
            format!("the invisible character U+{:04X}", u32::from(other))
        }
        other if other.is_uppercase() => format!("`{other}`, an upper-case letter"),
        other => format!("`{other}`"),
    }
}

/// Characters that a terminal does not draw or that change the order of what it draws.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// The first character outside an alphabet.
pub(super) fn stranger(text: &str, allowed: impl Fn(char) -> bool) -> Option<char> {
    text.chars().find(|character| !allowed(*character))
}

/// Refuses a text that holds a character outside an alphabet.
pub(super) fn only(
    what: &str,
    text: &str,
    allowed: impl Fn(char) -> bool,
    help: &str,
) -> Result<(), Refusal> {
    match stranger(text, allowed) {
        Some(character) => Err(Refusal::new(
            format!(
                "{what} {} holds {}",
                shown(text),
                shown_character(character)
            ),
            help,
        )),
        None => Ok(()),
    }
}
