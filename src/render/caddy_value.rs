//! One closed value in a Caddyfile.
//!
//! A Caddyfile has no escape that holds: placeholders stay live inside quotes. So nothing but a
//! [`CaddyToken`] passes, and its alphabet is looked at once more.

use minijinja::Value;

use super::value::CaddyToken;

/// The token's text.
pub(super) fn format(value: &Value) -> Result<String, String> {
    let Some(token) = value.downcast_object_ref::<CaddyToken>() else {
        return Err(format!(
            "a value of kind `{}` was printed into a Caddyfile, where only a closed token may stand",
            value.kind()
        ));
    };
    if token.0.is_empty() || !token.0.chars().all(is_inert) {
        return Err(format!(
            "`{}` would not be one word in a Caddyfile",
            token.0.escape_debug()
        ));
    }
    Ok(token.0.clone())
}

/// Whether Caddy gives the character no meaning of its own.
fn is_inert(character: char) -> bool {
    character.is_ascii_graphic()
        && !matches!(character, '{' | '}' | '"' | '`' | '\\' | '#' | '<' | '>')
}
