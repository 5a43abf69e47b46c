//! One template value as one YAML flow node, written as JSON: every JSON text is YAML.

use minijinja::Value;

use super::value::View;

/// The node that reads as `value`.
pub(super) fn format(value: &Value) -> Result<String, String> {
    node(value, 0)
}

fn node(value: &Value, depth: usize) -> Result<String, String> {
    Ok(match View::of(value, depth)? {
        View::Null => "null".to_owned(),
        View::Bool(yes) => yes.to_string(),
        View::Integer(number) => number.to_string(),
        View::Text(text) => quote(&text),
        View::List(items) => {
            let items = items
                .iter()
                .map(|item| node(item, depth + 1))
                .collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", items.join(", "))
        }
        View::Map(pairs) => {
            let pairs = pairs
                .iter()
                .map(|(key, value)| Ok(format!("{}: {}", quote(key), node(value, depth + 1)?)))
                .collect::<Result<Vec<_>, String>>()?;
            format!("{{{}}}", pairs.join(", "))
        }
    })
}

/// A double-quoted scalar. YAML refuses or folds some characters that JSON allows raw.
fn quote(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ) =>
            {
                let escape = format!("\\u{:04x}", u32::from(c));
                literal.push_str(&escape);
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}
