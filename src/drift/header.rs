//! The ownership header: the first line of every file that seance regenerates.
//!
//! It carries a hash of everything below it, so that a hand edit can be told from an older
//! generation without git and without a network.

use std::borrow::Cow;
use std::fmt;

use sha2::{Digest as _, Sha256};

/// What every header begins with; a line that begins so claims the file for seance.
const MARKER: &str = "# seance:";
/// The one version of the header that this seance writes and reads.
const VERSION: &str = "1 sha256:";
/// What the header says after the hash.
const NOTE: &str = " · generated: edit seance.toml, run \"seance gen\"";
/// Hexadecimal digits of the hash.
const DIGITS: usize = 16;

/// The first digits of a body's SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(String);

impl Hash {
    /// The hash of a body; line endings do not count.
    pub fn of(body: &str) -> Self {
        Self(hex(neutral(body).as_bytes())[..DIGITS].to_owned())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The SHA-256 of bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing into a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// What the head of a text says about who owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header<'text> {
    /// No marker anywhere: the file is not seance's.
    None,
    /// A header on line 1 that can be read; whether the hash fits is asked with [`Self::fits`].
    Valid {
        /// The hash that the header names.
        hash: Hash,
        /// Everything below it, with LF line endings.
        body: Cow<'text, str>,
    },
    /// A marker that was changed by hand.
    Broken {
        /// How.
        breakage: Breakage,
        /// Everything below line 1, with LF line endings.
        body: Cow<'text, str>,
    },
}

/// How a header was changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakage {
    /// The marker is there but not on line 1.
    NotFirst,
    /// Another header version than this seance knows.
    Version,
    /// The hash is not sixteen lower-case hexadecimal digits.
    Hash,
}

impl fmt::Display for Breakage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotFirst => "its seance header is no longer the first line",
            Self::Version => "its seance header has a version that this seance does not know",
            Self::Hash => "the hash in its seance header is not sixteen hexadecimal digits",
        })
    }
}

impl Header<'_> {
    /// Whether the header names the hash of its own body: nobody changed the file since it was
    /// generated.
    pub fn fits(&self) -> bool {
        matches!(self, Self::Valid { hash, body } if *hash == Hash::of(body))
    }
}

/// The full text of an owned file: the header for this body, then the body.
pub fn stamp(body: &str) -> String {
    let body = neutral(body);
    stamp_as(&Hash::of(&body), &body)
}

/// A body below a header that names the hash of another one.
///
/// A merged file is still a hand edit: naming the hash of the generation that it was merged
/// with keeps it one, and tells the next merge what the edit was made to.
pub(crate) fn stamp_as(hash: &Hash, body: &str) -> String {
    format!("{MARKER}{VERSION}{hash}{NOTE}\n{body}")
}

/// Reads the head of a text.
pub fn parse(text: &str) -> Header<'_> {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let Some(header) = line.strip_prefix(MARKER) else {
        let is_claimed = text
            .lines()
            .any(|line| line.trim_start_matches('\u{feff}').starts_with(MARKER));
        return if is_claimed {
            Header::Broken {
                breakage: Breakage::NotFirst,
                body: neutral(rest),
            }
        } else {
            Header::None
        };
    };
    let body = neutral(rest);
    match parse_hash(header.trim_end_matches('\r')) {
        Ok(hash) => Header::Valid { hash, body },
        Err(breakage) => Header::Broken { breakage, body },
    }
}

/// Whether a text is the very generation that a hash names: it carries that hash, and it fits.
pub fn is_generation(text: &str, hash: &Hash) -> bool {
    let header = parse(text);
    matches!(&header, Header::Valid { hash: named, .. } if named == hash) && header.fits()
}

/// The hash out of what follows the marker; the words after it may change between releases.
fn parse_hash(header: &str) -> Result<Hash, Breakage> {
    let field = header.strip_prefix(VERSION).ok_or(Breakage::Version)?;
    let digits = field.split(' ').next().unwrap_or(field);
    let is_hash = digits.len() == DIGITS
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hash {
        Ok(Hash(digits.to_owned()))
    } else {
        Err(Breakage::Hash)
    }
}

/// The text with CRLF read as LF, as a checkout with `core.autocrlf` needs it. Doing it twice
/// changes nothing, whatever the text.
pub(crate) fn neutral(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    while text.contains("\r\n") {
        text = Cow::Owned(text.replace("\r\n", "\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_is_exactly_as_promised() {
        // The first sixteen digits of `printf 'a\n' | sha256sum`.
        assert_eq!(
            stamp("a\n"),
            "# seance:1 sha256:87428fc522803d31 · generated: edit seance.toml, run \"seance gen\"\na\n"
        );
    }

    #[test]
    fn breakages_are_told_apart() {
        let breakage = |text: &str| match parse(text) {
            Header::Broken { breakage, .. } => Some(breakage),
            _ => None,
        };
        let stamped = stamp("a\n");
        assert_eq!(breakage(&stamped), None);
        assert_eq!(breakage(&format!("\n{stamped}")), Some(Breakage::NotFirst));
        assert_eq!(
            breakage(&format!("\u{feff}{stamped}")),
            Some(Breakage::NotFirst)
        );
        assert_eq!(
            breakage("# seance:2 sha256:0011223344556677"),
            Some(Breakage::Version)
        );
        assert_eq!(
            breakage("# seance:1 sha256:001122334455667"),
            Some(Breakage::Hash)
        );
        assert_eq!(
            breakage("# seance:1 sha256:00112233445566778 ·"),
            Some(Breakage::Hash)
        );
        assert_eq!(
            breakage("# seance:1 sha256:001122334455667F ·"),
            Some(Breakage::Hash)
        );
        assert_eq!(breakage("# seance:1 sha256:"), Some(Breakage::Hash));
        assert_eq!(parse("# seance\n"), Header::None);
        assert_eq!(parse(""), Header::None);
    }

    #[test]
    fn line_endings_do_not_count() {
        let stamped = stamp("a\nb\n");
        let checkout = stamped.replace('\n', "\r\n");
        assert!(parse(&checkout).fits());
        assert_eq!(stamp("a\r\nb\r\n"), stamped);
    }

    #[test]
    fn a_generation_is_known_by_its_hash() {
        let text = stamp("a\n");
        assert!(is_generation(&text, &Hash::of("a\n")));
        assert!(!is_generation(&text, &Hash::of("b\n")));
        assert!(!is_generation(
            &text.replace("\na", "\nb"),
            &Hash::of("a\n")
        ));
        assert!(!is_generation("a\n", &Hash::of("a\n")));
    }

    #[test]
    fn stacked_carriage_returns_do_not_confuse_the_hash() {
        assert!(parse(&stamp("a\r\r\r\nb")).fits());
    }

    #[test]
    fn the_note_may_change_but_not_the_hash() {
        assert!(parse(&stamp("x").replace("generated", "written")).fits());
        assert!(!parse(&stamp("x").replace(&Hash::of("x").0, &Hash::of("y").0)).fits());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
            let text = String::from_utf8_lossy(&bytes);
            let _ = parse(&text).fits();
            let _ = parse(&format!("# seance:1 sha256:{text}")).fits();
        }

        #[test]
        fn a_stamped_body_fits_and_comes_back(body: String) {
            let stamped = stamp(&body);
            let header = parse(&stamped);
            prop_assert!(header.fits());
            let Header::Valid { body: read, .. } = header else { panic!() };
            prop_assert_eq!(read, neutral(&body));
        }

        #[test]
        fn any_edit_of_the_body_is_seen(
            body in "[a-z \n]{0,60}",
            at: proptest::sample::Index,
            cut in 0..5usize,
            insert in "[a-z \n]{0,4}",
        ) {
            let start = at.index(body.len() + 1);
            let end = (start + cut).min(body.len());
            let edited = format!("{}{insert}{}", &body[..start], &body[end..]);
            let line = stamp(&body).len() - body.len();
            let text = format!("{}{edited}", &stamp(&body)[..line]);
            prop_assert_eq!(parse(&text).fits(), edited == body);
        }
    }
}
