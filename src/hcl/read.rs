//! A thin, bounded wrapper around the HCL parser.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::Body;
use hcl_edit::template::Element;

/// No hand-written file comes near.
const LARGEST: usize = 4 * 1024 * 1024;

/// Why a text is not HCL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, one sentence without a final period.
    pub message: String,
    /// The bytes it is about.
    pub range: Range<usize>,
}

/// The value of a variable in a tfvars file.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as its digits.
    Number(String),
    /// A string, decoded.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object; a later key wins, as in OpenTofu.
    Object(BTreeMap<String, Value>),
    /// Anything that would have to be evaluated.
    Expression,
}

/// The tree of a text that is valid HCL.
pub fn parse(text: &str) -> Result<Body, SyntaxError> {
    if text.len() > LARGEST {
        return Err(SyntaxError {
            message: format!("the file is larger than {} MiB", LARGEST / 1024 / 1024),
            range: 0..0,
        });
    }
    hcl_edit::parser::parse_body(text).map_err(|error| {
        let start = error.location().offset().min(text.len());
        let end = text[..]
            .char_indices()
            .find(|(index, _)| *index > start)
            .map_or(text.len(), |(index, _)| index);
        SyntaxError {
            message: error.message().to_owned(),
            range: start..end,
        }
    })
}

/// The variables that a tfvars file sets.
pub fn variables(text: &str) -> Result<BTreeMap<String, Value>, SyntaxError> {
    let body = parse(text)?;
    Ok(body
        .attributes()
        .map(|attribute| (attribute.key.to_string(), value(&attribute.value)))
        .collect())
}

/// The parser bounds how deep this recursion goes.
fn value(expression: &Expression) -> Value {
    match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(yes) => Value::Bool(*yes.value()),
        Expression::Number(number) => Value::Number(number.value().to_string()),
        Expression::String(text) => Value::Text(text.value().clone()),
        Expression::StringTemplate(template) => literal(template.iter()),
        Expression::HeredocTemplate(heredoc) => literal(heredoc.template.iter()),
        Expression::Array(items) => Value::List(items.iter().map(value).collect()),
        Expression::Object(object) => object
            .iter()
            .map(|(key, entry)| Some((key_text(key)?, value(entry.expr()))))
            .collect::<Option<_>>()
            .map_or(Value::Expression, Value::Object),
        Expression::Parenthesis(inner) => value(inner.inner()),
        Expression::UnaryOp(negation) => match value(&negation.expr) {
            Value::Number(digits) => Value::Number(format!("-{digits}")),
            _ => Value::Expression,
        },
        _ => Value::Expression,
    }
}

fn literal<'a>(elements: impl Iterator<Item = &'a Element>) -> Value {
    let mut text = String::new();
    for element in elements {
        match element {
            Element::Literal(piece) => text.push_str(piece),
            Element::Interpolation(_) | Element::Directive(_) => return Value::Expression,
        }
    }
    Value::Text(text)
}

fn key_text(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.value().to_string()),
        ObjectKey::Expression(expression) => match value(expression) {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        },
    }
}
