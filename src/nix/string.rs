//! String literals and attribute names: quoting text, decoding literals.

use rnix::ast::{InterpolPart, Str};
use rowan::ast::AstNode;

/// Words that cannot stand as an attribute name without quotes.
///
/// `or` could in some places; quoting it is right in all of them.
const RESERVED: [&str; 10] = [
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
];

/// A double-quoted literal that evaluates to `text`.
///
/// Nix cannot hold a NUL character, so there is no literal for such a text.
pub fn quote(text: &str) -> Option<String> {
    if text.contains('\0') {
        return None;
    }
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            // Nix reads `$$` as one token, which would hide a brace behind it: both are escaped.
            '$' if matches!(characters.peek(), Some('{' | '$')) => literal.push_str("\\$"),
            other => literal.push(other),
        }
    }
    literal.push('"');
    Some(literal)
}

/// An indented literal over several lines that evaluates to `text`, where one exists that reads
/// better than [`quote`] and survives a formatter; [`quote`] otherwise.
///
/// The lines stand at the left margin: nixfmt moves them to where they belong.
pub fn quote_script(text: &str) -> Option<String> {
    if !reads_well_indented(text) {
        return quote(text);
    }
    Some(format!("''\n{}''", text.replace("${", "''${")))
}

/// Whether every rule of indented strings leaves `text` alone, but for `${`.
fn reads_well_indented(text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let several = text.trim_end_matches('\n').contains('\n');
    // Nix takes away the indentation that all lines share, and everything on a line of spaces.
    let keeps_indentation = lines
        .iter()
        .any(|line| !line.is_empty() && !line.starts_with(' '));
    let blank_lines_are_empty = lines
        .iter()
        .all(|line| line.is_empty() || !line.trim().is_empty());
    // A quote or dollar beside the two quotes of an escape or of the end changes their meaning.
    let clear_of_escapes = !["''", "'${", "$${"].iter().any(|pair| text.contains(pair))
        && !text.ends_with(['\'', '$']);
    several
        && keeps_indentation
        && blank_lines_are_empty
        && clear_of_escapes
        && !text.starts_with('\n')
        && !text.chars().any(|c| c.is_control() && c != '\n')
}

/// An attribute name: bare where it is an identifier, else quoted.
pub fn attribute_name(name: &str) -> Option<String> {
    if is_identifier(name) {
        Some(name.to_owned())
    } else {
        quote(name)
    }
}

/// Whether `name` can stand without quotes as an attribute name.
pub fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''))
        && !RESERVED.contains(&name)
}

/// What a string literal evaluates to; `None` when it interpolates or is not well formed.
pub fn decode(literal: &Str) -> Option<String> {
    // rnix asserts the shape of a literal's children, which an unclosed one does not have.
    if !is_closed(literal) {
        return None;
    }
    let mut text = String::new();
    for part in literal.normalized_parts() {
        match part {
            InterpolPart::Literal(piece) => text.push_str(&piece),
            InterpolPart::Interpolation(_) => return None,
        }
    }
    Some(text)
}

fn is_closed(literal: &Str) -> bool {
    use rnix::SyntaxKind::{
        NODE_INTERPOL, TOKEN_STRING_CONTENT, TOKEN_STRING_END, TOKEN_STRING_START,
    };
    let kinds: Vec<_> = literal
        .syntax()
        .children_with_tokens()
        .map(|child| child.kind())
        .collect();
    kinds.first() == Some(&TOKEN_STRING_START)
        && kinds.last() == Some(&TOKEN_STRING_END)
        && kinds.iter().all(|kind| {
            matches!(
                kind,
                TOKEN_STRING_START | TOKEN_STRING_CONTENT | TOKEN_STRING_END | NODE_INTERPOL
            )
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rnix::ast::Expr;

    use super::*;

    fn evaluate(source: &str) -> String {
        let parsed = rnix::Root::parse(source);
        assert!(
            parsed.errors().is_empty(),
            "{source:?}: {:?}",
            parsed.errors()
        );
        match parsed.tree().expr() {
            Some(Expr::Str(literal)) => decode(&literal).expect("no interpolation"),
            other => panic!("{source:?} is not one string: {other:?}"),
        }
    }

    fn check(text: &str) {
        for literal in [quote(text), quote_script(text)] {
            let literal = literal.expect("no NUL");
            assert_eq!(evaluate(&literal), text, "{literal}");
            let formatted = nixfmt_rs::format(&literal).expect("nixfmt reads it");
            assert_eq!(
                evaluate(formatted.trim_end()),
                text,
                "formatted: {formatted}"
            );
            // Deeper inside a file the formatter moves the lines.
            let nested = format!("{{ a.b = [ {{ c = {literal}; }} ]; }}");
            let formatted = nixfmt_rs::format(&nested).expect("nixfmt reads it");
            let root = rnix::Root::parse(&formatted).tree();
            let inner = root
                .syntax()
                .descendants()
                .find_map(Str::cast)
                .expect("the string is still there");
            assert_eq!(decode(&inner).as_deref(), Some(text), "nested: {formatted}");
        }
    }

    #[test]
    fn a_script_of_several_lines_stays_readable() {
        assert_eq!(
            quote_script("npm ci\nnpm run \"build\" ${x}\n").as_deref(),
            Some("''\nnpm ci\nnpm run \"build\" ''${x}\n''")
        );
        assert_eq!(quote_script("npm ci\n").as_deref(), Some("\"npm ci\\n\""));
    }

    #[test]
    fn what_an_indented_string_would_change_is_quoted() {
        for text in [
            "  a\n  b",
            "a\n \nb",
            "a\n\tb",
            "\na\nb",
            "a\nb''c",
            "a\nb'${c}",
            "a\nb$${c}",
            "a\nb'",
            "a\nb$",
            "a\r\nb\n",
            "\n\n",
        ] {
            let literal = quote_script(text).expect("no NUL");
            assert!(literal.starts_with('"'), "{text:?}: {literal}");
            check(text);
        }
    }

    #[test]
    fn nul_has_no_literal() {
        assert_eq!(quote("a\0b"), None);
        assert_eq!(quote_script("a\nb\0"), None);
        assert_eq!(attribute_name("\0"), None);
    }

    #[test]
    fn names_are_bare_only_when_nix_reads_them_as_names() {
        assert_eq!(
            attribute_name("seance-backend").as_deref(),
            Some("seance-backend")
        );
        for name in ["let", "or", "rec", "", "1a", "a b", "a.b", "é", "-a"] {
            let quoted = format!("\"{name}\"");
            assert_eq!(attribute_name(name), Some(quoted));
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_round_trips(text in "[^\\x00]*") {
            check(&text);
        }

        #[test]
        fn nasty_text_round_trips(text in "[${}'\"\\\\\n\t a]{0,24}") {
            check(&text);
        }

        #[test]
        fn scripts_round_trip(text in "([ a$'{]{0,6}\n){1,5}[a ']{0,2}") {
            check(&text);
        }
    }
}
