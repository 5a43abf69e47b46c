//! `//`, `++`, `+`, comparison and logic.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Evaluator;
use super::expression::{Node, Operator};
use super::value::{List, Part, Scope, Set, Text, Thunk, Value};

pub(super) fn negate(value: &Value) -> Value {
    match value {
        Value::Integer(number) => number.checked_neg().map_or(Value::Unknown, Value::Integer),
        Value::Float(number) => Value::Float(-number),
        _ => Value::Unknown,
    }
}

impl Evaluator {
    pub(super) fn operation(
        &self,
        operator: Operator,
        left: &Node,
        right: &Node,
        scope: &Scope,
    ) -> Value {
        match operator {
            Operator::And => self.logic(left, right, scope, false),
            Operator::Or => self.logic(left, right, scope, true),
            Operator::Implies => match self.whole(left, scope) {
                Value::Bool(false) => Value::Bool(true),
                Value::Bool(true) => self.whole(right, scope),
                _ => Value::Unknown,
            },
            Operator::PipeRight => {
                let function = self.nested(right, scope);
                self.call(&function, &Thunk::delayed(left, scope), &scope.place(left))
            }
            Operator::PipeLeft => {
                let function = self.nested(left, scope);
                self.call(
                    &function,
                    &Thunk::delayed(right, scope),
                    &scope.place(right),
                )
            }
            _ => {
                let left = self.whole(left, scope);
                let right = self.whole(right, scope);
                self.combine(operator, &left, &right)
            }
        }
    }

    /// `&&` ends at false, `||` at true; an unknown side matters only when the other does not.
    fn logic(&self, left: &Node, right: &Node, scope: &Scope, decisive: bool) -> Value {
        let is_decisive = |value: &Value| matches!(value, Value::Bool(it) if *it == decisive);
        let one = self.whole(left, scope);
        if is_decisive(&one) {
            return Value::Bool(decisive);
        }
        let other = self.whole(right, scope);
        match (one, other) {
            (_, other) if is_decisive(&other) => Value::Bool(decisive),
            (Value::Bool(_), Value::Bool(_)) => Value::Bool(!decisive),
            _ => Value::Unknown,
        }
    }

    fn combine(&self, operator: Operator, left: &Value, right: &Value) -> Value {
        match operator {
            Operator::Update => update(left, right),
            Operator::Concatenate => concatenate(left, right),
            Operator::Add => self.add_values(left, right),
            Operator::Equal => self.equal(left, right).map_or(Value::Unknown, Value::Bool),
            Operator::NotEqual => self
                .equal(left, right)
                .map_or(Value::Unknown, |equal| Value::Bool(!equal)),
            Operator::Less => compare(left, right, Ordering::is_lt),
            Operator::LessOrEqual => compare(left, right, Ordering::is_le),
            Operator::More => compare(left, right, Ordering::is_gt),
            Operator::MoreOrEqual => compare(left, right, Ordering::is_ge),
            Operator::Subtract => arithmetic(left, right, i64::checked_sub, |a, b| a - b),
            Operator::Multiply => arithmetic(left, right, i64::checked_mul, |a, b| a * b),
            Operator::Divide => arithmetic(left, right, i64::checked_div, |a, b| a / b),
            Operator::And
            | Operator::Or
            | Operator::Implies
            | Operator::PipeLeft
            | Operator::PipeRight => Value::Unknown,
        }
    }

    fn add_values(&self, left: &Value, right: &Value) -> Value {
        if let Value::Set(set) = left
            && let Some(path) = set.fields.get("outPath")
        {
            return self.add_values(&self.force(&path.value), right);
        }
        match (left, right) {
            (Value::Path(path), right) => match self.interpolated(right).known() {
                Some(more) => {
                    let joined = super::join("", &format!("{path}{more}"));
                    Value::Path(joined.into())
                }
                None => Value::Unknown,
            },
            (
                Value::Text(_) | Value::Symbol(_),
                Value::Text(_) | Value::Symbol(_) | Value::Path(_),
            ) => {
                let mut text = self.interpolated(left);
                for part in self.interpolated(right).parts {
                    text.push(part);
                }
                Value::Text(Rc::new(text))
            }
            (Value::Text(text), _) | (_, Value::Text(text)) => {
                // Half of a string is better than none: a rule may look at the known end.
                let mut whole = Text::default();
                let known_first = matches!(left, Value::Text(_));
                if known_first {
                    text.parts.iter().cloned().for_each(|part| whole.push(part));
                }
                whole.push(Part::Unknown);
                if !known_first {
                    text.parts.iter().cloned().for_each(|part| whole.push(part));
                }
                Value::Text(Rc::new(whole))
            }
            _ => arithmetic(left, right, i64::checked_add, |a, b| a + b),
        }
    }

    /// Whether two values are equal, when that can be told.
    pub fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        match (left, right) {
            (Value::Null, Value::Null) => Some(true),
            (Value::Bool(one), Value::Bool(other)) => Some(one == other),
            (Value::Integer(one), Value::Integer(other)) => Some(one == other),
            (Value::Text(one), Value::Text(other)) => match (one.known(), other.known()) {
                (Some(one), Some(other)) => Some(one == other),
                _ => None,
            },
            (Value::Path(one), Value::Path(other)) => Some(one == other),
            (Value::List(one), Value::List(other)) => self.equal_lists(one, other),
            (Value::Set(one), Value::Set(other)) => {
                if !one.complete || !other.complete {
                    return None;
                }
                if !one.fields.keys().eq(other.fields.keys()) {
                    return Some(false);
                }
                let pairs = one.fields.values().zip(other.fields.values());
                self.all_equal(pairs.map(|(one, other)| (&one.value, &other.value)))
            }
            (left, right) if opaque(left) || opaque(right) => None,
            // Values of different types are not equal.
            _ => Some(false),
        }
    }

    fn equal_lists(&self, one: &List, other: &List) -> Option<bool> {
        if !one.complete || !other.complete {
            return None;
        }
        if one.items.len() != other.items.len() {
            return Some(false);
        }
        self.all_equal(one.items.iter().zip(&other.items))
    }

    fn all_equal<'t>(&self, pairs: impl Iterator<Item = (&'t Thunk, &'t Thunk)>) -> Option<bool> {
        let mut certain = true;
        for (one, other) in pairs {
            match self.deeper(|| self.equal(&self.force(one), &self.force(other))) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => certain = false,
            }
        }
        certain.then_some(true)
    }
}

/// What may turn out to be anything, or has no equality.
fn opaque(value: &Value) -> bool {
    matches!(
        value,
        Value::Unknown
            | Value::Symbol(_)
            | Value::Virtual(_)
            | Value::Marked(_)
            | Value::Function(_)
            | Value::Native(..)
            | Value::Float(_)
    )
}

fn update(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Set(left), Value::Set(right)) => {
            let mut fields = if right.complete {
                left.fields.clone()
            } else {
                // Any of them may be overridden by what is not known.
                std::collections::BTreeMap::new()
            };
            fields.extend(right.fields.iter().map(|(k, v)| (Rc::clone(k), v.clone())));
            Value::Set(Rc::new(Set {
                fields,
                complete: left.complete && right.complete,
            }))
        }
        (_, Value::Set(right)) => Value::Set(Rc::new(Set {
            fields: right.fields.clone(),
            complete: false,
        })),
        (Value::Set(_), _) => Value::set(std::collections::BTreeMap::new(), false),
        _ => Value::Unknown,
    }
}

pub(super) fn concatenate(left: &Value, right: &Value) -> Value {
    let items = |value: &Value| match value {
        Value::List(list) => (list.items.clone(), list.complete),
        _ => (Vec::new(), false),
    };
    let ((mut all, one), (more, other)) = (items(left), items(right));
    all.extend(more);
    Value::List(Rc::new(List {
        items: all,
        complete: one && other,
    }))
}

fn compare(left: &Value, right: &Value, holds: fn(Ordering) -> bool) -> Value {
    let order = match (left, right) {
        (Value::Integer(one), Value::Integer(other)) => Some(one.cmp(other)),
        (Value::Text(one), Value::Text(other)) => match (one.known(), other.known()) {
            (Some(one), Some(other)) => Some(one.cmp(other)),
            _ => None,
        },
        _ => None,
    };
    order.map_or(Value::Unknown, |order| Value::Bool(holds(order)))
}

fn arithmetic(
    left: &Value,
    right: &Value,
    whole: fn(i64, i64) -> Option<i64>,
    real: fn(f64, f64) -> f64,
) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "Nix converts so as well")]
    match (left, right) {
        (Value::Integer(one), Value::Integer(other)) => {
            whole(*one, *other).map_or(Value::Unknown, Value::Integer)
        }
        (Value::Float(one), Value::Float(other)) => Value::Float(real(*one, *other)),
        (Value::Integer(one), Value::Float(other)) => Value::Float(real(*one as f64, *other)),
        (Value::Float(one), Value::Integer(other)) => Value::Float(real(*one, *other as f64)),
        _ => Value::Unknown,
    }
}
