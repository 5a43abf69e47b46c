//! Strings and paths with interpolated parts.

use std::rc::Rc;

use super::expression::Piece;
use super::value::{Part, Scope, Text, Value};
use super::{Evaluator, join};

impl Evaluator {
    pub(super) fn text(&self, pieces: &[Piece], scope: &Scope) -> Value {
        let mut text = Text::default();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => text.push(Part::Literal(literal.to_string())),
                Piece::Interpolation(node) => {
                    let value = self.whole(node, scope);
                    for part in self.interpolated(&value).parts {
                        text.push(part);
                    }
                }
            }
        }
        Value::Text(Rc::new(text))
    }

    /// What `"${value}"` comes to.
    pub fn interpolated(&self, value: &Value) -> Text {
        match value {
            Value::Text(text) => (**text).clone(),
            Value::Path(path) => Text::literal(format!("./{path}")),
            Value::Symbol(symbol) => {
                let mut text = Text::default();
                text.push(Part::Symbol(Rc::clone(symbol)));
                text
            }
            Value::Set(set) => match set.fields.get("outPath") {
                Some(path) => self.interpolated(&self.force(&path.value)),
                None => unknown(),
            },
            _ => unknown(),
        }
    }

    /// A path literal: relative to the folder of its file.
    pub(super) fn path(&self, pieces: &[Piece], scope: &Scope) -> Value {
        let mut written = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => written.push_str(literal),
                Piece::Interpolation(node) => {
                    match self.interpolated(&self.whole(node, scope)).known() {
                        Some(text) => written.push_str(text),
                        None => return Value::Unknown,
                    }
                }
            }
        }
        let folder = scope
            .0
            .file
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        Value::Path(join(folder, &written).into())
    }
}

fn unknown() -> Text {
    let mut text = Text::default();
    text.push(Part::Unknown);
    text
}
