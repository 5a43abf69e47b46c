//! Files, types and what is left.

use super::super::value::{Thunk, Value};
use super::super::{Evaluator, join};
use super::{Function, truth};
use crate::reading::Place;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "import",
        arity: 1,
        run: import,
    },
    Function {
        name: "pathExists",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Path(path) if e.has_path(&path) => Value::Bool(true),
            Value::Path(path) if e.is_certainly_missing(&path) => Value::Bool(false),
            // A file that is not there may be one that was not read, such as a picture.
            _ => Value::Unknown,
        },
    },
    Function {
        name: "readFile",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Path(path) => e.text_of(&path).map_or(Value::Unknown, Value::text),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "fileContents",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Path(path) => e
                .text_of(&path)
                .map_or(Value::Unknown, |text| Value::text(text.trim_end())),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "throw",
        arity: 1,
        run: |_, _, _| Value::Unknown,
    },
    Function {
        name: "abort",
        arity: 1,
        run: |_, _, _| Value::Unknown,
    },
    Function {
        name: "seq",
        arity: 2,
        run: |e, a, _| e.force_lazily(&a[1]),
    },
    Function {
        name: "deepSeq",
        arity: 2,
        run: |e, a, _| e.force_lazily(&a[1]),
    },
    Function {
        name: "trace",
        arity: 2,
        run: |e, a, _| e.force_lazily(&a[1]),
    },
    Function {
        name: "warn",
        arity: 2,
        run: |e, a, _| e.force_lazily(&a[1]),
    },
    Function {
        name: "warnIf",
        arity: 3,
        run: |e, a, _| e.force_lazily(&a[2]),
    },
    Function {
        name: "throwIf",
        arity: 3,
        run: |e, a, _| e.force_lazily(&a[2]),
    },
    Function {
        name: "throwIfNot",
        arity: 3,
        run: |e, a, _| e.force_lazily(&a[2]),
    },
    Function {
        name: "assertMsg",
        arity: 2,
        run: |_, _, _| Value::Bool(true),
    },
    Function {
        name: "id",
        arity: 1,
        run: |e, a, _| e.force_lazily(&a[0]),
    },
    Function {
        name: "const",
        arity: 2,
        run: |e, a, _| e.force_lazily(&a[0]),
    },
    Function {
        name: "pipe",
        arity: 2,
        run: |e, a, p| match super::known_list(e, &a[1]) {
            Some(functions) => {
                let value = functions.iter().fold(a[0].clone(), |value, function| {
                    let called = e.call(&e.force_lazily(function), &value, p);
                    Thunk::done(called, p.clone())
                });
                e.force_lazily(&value)
            }
            None => Value::Unknown,
        },
    },
    Function {
        name: "flip",
        arity: 3,
        run: |e, a, p| e.call_all(&e.force_lazily(&a[0]), &[a[2].clone(), a[1].clone()], p),
    },
    Function {
        name: "and",
        arity: 2,
        run: |e, a, _| logic(e, a, |one, other| one && other),
    },
    Function {
        name: "or",
        arity: 2,
        run: |e, a, _| logic(e, a, |one, other| one || other),
    },
    Function {
        name: "not",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Bool(value) => Value::Bool(!value),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "min",
        arity: 2,
        run: |e, a, _| integers(e, a, i64::min),
    },
    Function {
        name: "max",
        arity: 2,
        run: |e, a, _| integers(e, a, i64::max),
    },
    Function {
        name: "isNull",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::Null)),
    },
    Function {
        name: "isString",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::Text(_))),
    },
    Function {
        name: "isInt",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::Integer(_))),
    },
    Function {
        name: "isBool",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::Bool(_))),
    },
    Function {
        name: "isList",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::List(_))),
    },
    Function {
        name: "isAttrs",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::Set(_))),
    },
    Function {
        name: "isPath",
        arity: 1,
        run: |e, a, _| is(&e.force(&a[0]), |value| matches!(value, Value::Path(_))),
    },
    Function {
        name: "isFunction",
        arity: 1,
        run: |e, a, _| {
            is(&e.force(&a[0]), |value| {
                matches!(value, Value::Function(_) | Value::Native(..))
            })
        },
    },
    Function {
        name: "findFirst",
        arity: 3,
        run: |e, a, _| match super::known_list(e, &a[2]) {
            Some(items) => {
                for item in items {
                    match truth(e, &a[0], std::slice::from_ref(&item)) {
                        Some(true) => return e.force(&item),
                        Some(false) => {}
                        None => return Value::Unknown,
                    }
                }
                e.force(&a[1])
            }
            None => Value::Unknown,
        },
    },
];

/// The expression of a file of the project, or something that is known by its path alone.
fn import(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    let value = e.force(&a[0]);
    let path = match &value {
        Value::Path(path) => Some(path.to_string()),
        Value::Text(text) => text
            .known()
            .and_then(|text| text.strip_prefix("./").map(|path| join("", path))),
        _ => None,
    };
    if let Some(path) = path {
        let path = e.resolve_import(&path, a[0].place());
        if path.as_deref().is_some_and(|path| pins_sources(e, path)) {
            return Value::symbol("inputs");
        }
        let file = path.and_then(|path| e.file(&path));
        return file.map_or(Value::Unknown, |file| e.imported(&file, place));
    }
    let outside = match &value {
        Value::Text(text) => text.with_symbols(),
        Value::Symbol(symbol) if symbol.arguments.is_empty() => Some(symbol.name.to_string()),
        _ => None,
    };
    match outside {
        Some(path)
            if path.ends_with("/nixos/lib/eval-config.nix}")
                || path.ends_with("/nixos/lib/eval-config.nix") =>
        {
            Value::symbol("lib.nixosSystem")
        }
        Some(path)
            if matches!(
                path.as_str(),
                "<nixpkgs>" | "inputs.nixpkgs" | "${inputs.nixpkgs}"
            ) =>
        {
            Value::symbol("import-nixpkgs")
        }
        Some(path) => Value::symbol(format!("import {path}")),
        None => Value::Unknown,
    }
}

/// Whether a file was written by npins or niv: what it gives are sources by name, as the inputs
/// of a flake are.
fn pins_sources(e: &Evaluator, path: &str) -> bool {
    const WRITTEN_BY: [&str; 3] = [
        "# Generated by npins",
        "/*\n  This file is provided by the npins",
        "# This file has been generated by Niv",
    ];
    let text = e.text_of(path).unwrap_or_default();
    WRITTEN_BY.iter().any(|by| text.starts_with(by))
}

/// Only what is certain to be a plain value has a type.
fn is(value: &Value, answer: impl Fn(&Value) -> bool) -> Value {
    match value {
        Value::Unknown | Value::Symbol(_) | Value::Virtual(_) | Value::Marked(_) => Value::Unknown,
        value => Value::Bool(answer(value)),
    }
}

fn logic(e: &Evaluator, a: &[Thunk], combine: fn(bool, bool) -> bool) -> Value {
    match (e.force(&a[0]), e.force(&a[1])) {
        (Value::Bool(one), Value::Bool(other)) => Value::Bool(combine(one, other)),
        _ => Value::Unknown,
    }
}

fn integers(e: &Evaluator, a: &[Thunk], pick: fn(i64, i64) -> i64) -> Value {
    match (e.force(&a[0]), e.force(&a[1])) {
        (Value::Integer(one), Value::Integer(other)) => Value::Integer(pick(one, other)),
        _ => Value::Unknown,
    }
}
