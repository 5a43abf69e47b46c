//! One template value as one HCL expression.
//!
//! Values are laid out so that only the final alignment is left to [`crate::hcl::align`].

use minijinja::Value;

use super::value::View;
use crate::hcl::string::{object_key, quote};

/// A list longer than this is written one element a line.
const LIST_WIDTH: usize = 80;

/// The expression that evaluates to `value`.
pub(super) fn format(value: &Value) -> Result<String, String> {
    expression(value, 0)
}

fn expression(value: &Value, depth: usize) -> Result<String, String> {
    match View::of(value, depth)? {
        View::Null => Ok("null".to_owned()),
        View::Bool(yes) => Ok(if yes { "true" } else { "false" }.to_owned()),
        View::Integer(number) => Ok(number.to_string()),
        View::Text(text) => Ok(quote(&text)),
        View::List(items) => list(&items, depth + 1),
        View::Map(pairs) => object(&pairs, depth + 1),
    }
}

fn list(items: &[Value], depth: usize) -> Result<String, String> {
    let items = items
        .iter()
        .map(|item| expression(item, depth))
        .collect::<Result<Vec<_>, _>>()?;
    let width: usize = items.iter().map(|item| item.chars().count() + 2).sum();
    if width <= LIST_WIDTH && !items.iter().any(|item| item.contains('\n')) {
        return Ok(format!("[{}]", items.join(", ")));
    }
    Ok(format!("[\n{},\n]", items.join(",\n")))
}

fn object(pairs: &[(String, Value)], depth: usize) -> Result<String, String> {
    if pairs.is_empty() {
        return Ok("{}".to_owned());
    }
    let mut text = String::from("{\n");
    for (key, value) in pairs {
        let attribute = format!("{} = {}\n", object_key(key), expression(value, depth)?);
        text.push_str(&attribute);
    }
    text.push('}');
    Ok(text)
}
