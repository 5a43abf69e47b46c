//! One template value as one Nix expression.
//!
//! Every expression written here is an atom for Nix, so it can stand in a list or as an argument
//! without parentheses.

use minijinja::Value;

use super::value::{NixAttributePath, NixKey, Placed, Script, View};
use crate::nix::string::{attribute_name, quote, quote_script};

const NUL: &str = "a string holds a NUL character, which Nix cannot represent";

/// The expression that evaluates to `value`.
pub(super) fn format(value: &Value) -> Result<String, String> {
    if let Some(key) = value.downcast_object_ref::<NixKey>() {
        return attribute_name(&key.0).ok_or_else(|| NUL.to_owned());
    }
    if let Some(placed) = value.downcast_object_ref::<Placed>() {
        return placed_expression(&placed.value, placed.column);
    }
    expression(value, 0)
}

/// As nixfmt lays it out on a line that starts at `column`: a list of several elements and a
/// script of several lines take lines of their own.
fn placed_expression(value: &Value, column: usize) -> Result<String, String> {
    let text = expression(value, 0)?;
    let (outer, inner) = (" ".repeat(column), " ".repeat(column + 2));
    if value.downcast_object_ref::<Script>().is_some() {
        let indent = |line: &str| match line {
            "" | "''" => format!("\n{}", if line.is_empty() { "" } else { &outer }) + line,
            line => format!("\n{inner}{line}"),
        };
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or_default().to_owned();
        return Ok(lines.fold(first, |text, line| text + &indent(line)));
    }
    match View::of(value, 0)? {
        View::List(items) if items.len() > 1 => {
            let mut text = String::from("[\n");
            for item in &items {
                text.push_str(&format!("{inner}{}\n", expression(item, 1)?));
            }
            Ok(text + &outer + "]")
        }
        _ => Ok(text),
    }
}

fn expression(value: &Value, depth: usize) -> Result<String, String> {
    if let Some(path) = value.downcast_object_ref::<NixAttributePath>() {
        return package(&path.0);
    }
    if let Some(script) = value.downcast_object_ref::<Script>() {
        return quote_script(&script.0).ok_or_else(|| NUL.to_owned());
    }
    match View::of(value, depth)? {
        View::Null => Ok("null".to_owned()),
        View::Bool(yes) => Ok(if yes { "true" } else { "false" }.to_owned()),
        View::Integer(number) => integer(number),
        View::Text(text) => quote(&text).ok_or_else(|| NUL.to_owned()),
        View::List(items) => list(&items, depth + 1),
        View::Map(pairs) => set(&pairs, depth + 1),
    }
}

/// Nix has 64-bit integers and no negative literals; its smallest one has no literal at all.
fn integer(number: i128) -> Result<String, String> {
    let limit = i128::from(i64::MAX);
    if !(-limit..=limit).contains(&number) {
        return Err(format!("the integer {number} does not fit a Nix integer"));
    }
    Ok(if number < 0 {
        format!("({number})")
    } else {
        number.to_string()
    })
}

fn list(items: &[Value], depth: usize) -> Result<String, String> {
    let mut text = String::from("[ ");
    for item in items {
        text.push_str(&expression(item, depth)?);
        text.push(' ');
    }
    text.push(']');
    Ok(text)
}

fn set(pairs: &[(String, Value)], depth: usize) -> Result<String, String> {
    let mut text = String::from("{ ");
    for (key, value) in pairs {
        let name = attribute_name(key).ok_or(NUL)?;
        let binding = format!("{name} = {}; ", expression(value, depth)?);
        text.push_str(&binding);
    }
    text.push('}');
    Ok(text)
}

/// Each step is quoted if need be, so that even an unexpected name selects and never evaluates.
fn package(path: &str) -> Result<String, String> {
    let mut text = String::from("pkgs");
    for step in path.split('.') {
        text.push('.');
        text.push_str(&attribute_name(step).ok_or(NUL)?);
    }
    Ok(text)
}
