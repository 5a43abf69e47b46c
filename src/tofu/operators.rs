//! Operators on values.

use hcl_edit::expr::{BinaryOperator, UnaryOperator};

use super::scope::Reader;
use super::value::{Content, Value};

pub(super) fn unary(operator: UnaryOperator, value: &Value) -> Content {
    let result = match operator {
        UnaryOperator::Not => value.boolean().map(|yes| Content::Bool(!yes)),
        UnaryOperator::Neg => value.number().map(|number| Content::Number(-number)),
    };
    result.unwrap_or_else(|| undecided(&[value]))
}

pub(super) fn binary(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
    reader: &Reader,
) -> Content {
    let result = match operator {
        BinaryOperator::Eq => equal(left, right, reader).map(Content::Bool),
        BinaryOperator::NotEq => equal(left, right, reader).map(|yes| Content::Bool(!yes)),
        BinaryOperator::And | BinaryOperator::Or => logic(operator, left, right),
        _ => arithmetic(operator, left, right),
    };
    result.unwrap_or_else(|| undecided(&[left, right]))
}

/// What comes of values that an operation cannot work with.
pub(super) fn undecided(values: &[&Value]) -> Content {
    let open = |value: &&&Value| {
        matches!(
            value.content,
            Content::Unknown | Content::Reference(_) | Content::List(_) | Content::Object(_)
        )
    };
    if values.iter().any(|value| open(&value)) {
        Content::Unknown
    } else {
        Content::Invalid
    }
}

fn logic(operator: BinaryOperator, left: &Value, right: &Value) -> Option<Content> {
    let decides = operator == BinaryOperator::Or;
    match (left.boolean(), right.boolean()) {
        (Some(left), Some(right)) if decides => Some(Content::Bool(left || right)),
        (Some(left), Some(right)) => Some(Content::Bool(left && right)),
        (Some(known), None) | (None, Some(known)) if known == decides => {
            Some(Content::Bool(decides))
        }
        _ => None,
    }
}

fn arithmetic(operator: BinaryOperator, left: &Value, right: &Value) -> Option<Content> {
    let (left, right) = (left.number()?, right.number()?);
    let number = |result: f64| result.is_finite().then_some(Content::Number(result));
    match operator {
        BinaryOperator::Less => Some(Content::Bool(left < right)),
        BinaryOperator::LessEq => Some(Content::Bool(left <= right)),
        BinaryOperator::Greater => Some(Content::Bool(left > right)),
        BinaryOperator::GreaterEq => Some(Content::Bool(left >= right)),
        BinaryOperator::Plus => number(left + right),
        BinaryOperator::Minus => number(left - right),
        BinaryOperator::Mul => number(left * right),
        BinaryOperator::Div => number(left / right),
        BinaryOperator::Mod => number(left % right),
        _ => None,
    }
}

/// Whether two values are the same; `None` when that is not known.
#[expect(clippy::float_cmp, reason = "the language compares numbers exactly")]
pub(super) fn equal(left: &Value, right: &Value, reader: &Reader) -> Option<bool> {
    if !reader.spend(1) {
        return None;
    }
    match (&left.content, &right.content) {
        (Content::Reference(left), Content::Reference(right)) => (left == right).then_some(true),
        (Content::Unknown | Content::Invalid | Content::Reference(_), _)
        | (_, Content::Unknown | Content::Invalid | Content::Reference(_)) => None,
        (Content::Null, Content::Null) => Some(true),
        (Content::Bool(left), Content::Bool(right)) => Some(left == right),
        (Content::Number(left), Content::Number(right)) => Some(left == right),
        (Content::Text(left), Content::Text(right)) => Some(left == right),
        (Content::List(left), Content::List(right)) if left.complete && right.complete => {
            if left.items.len() != right.items.len() {
                return Some(false);
            }
            all(left.items.iter().zip(right.items.iter()), reader)
        }
        (Content::Object(left), Content::Object(right)) if left.complete && right.complete => {
            if !left.entries.keys().eq(right.entries.keys()) {
                return Some(false);
            }
            all(left.entries.values().zip(right.entries.values()), reader)
        }
        _ if std::mem::discriminant(&left.content) == std::mem::discriminant(&right.content) => {
            None
        }
        _ => Some(false),
    }
}

fn all<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>, reader: &Reader) -> Option<bool> {
    let mut answer = Some(true);
    for (left, right) in pairs {
        match equal(left, right, reader) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => answer = None,
        }
    }
    answer
}
