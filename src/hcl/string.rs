//! Quoting text for HCL.

/// A quoted template that evaluates to `text`.
///
/// OpenTofu normalises every string to Unicode NFC, so a text that is not in that form comes back
/// as its composed twin.
pub fn quote(text: &str) -> String {
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
            // Only the marker right before a brace opens a template, and doubling it closes that
            // door; a marker further left stays single.
            '$' | '%' if characters.peek() == Some(&'{') => {
                literal.push(character);
                literal.push(character);
            }
            other if is_invisible(other) => {
                let escape = format!("\\u{:04x}", u32::from(other));
                literal.push_str(&escape);
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

/// Characters that a person could not see in the file: controls, line separators, and marks that
/// change the direction of the text. All lie below U+10000.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// A key of an object: bare where it is an identifier that starts no expression, else quoted.
pub fn object_key(key: &str) -> String {
    let reserved = matches!(key, "for" | "if" | "in" | "null" | "true" | "false");
    let mut characters = key.chars();
    let identifier = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if identifier && !reserved {
        key.to_owned()
    } else {
        quote(key)
    }
}
