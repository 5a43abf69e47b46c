//! Strings.

use std::rc::Rc;

use super::super::Evaluator;
use super::super::value::{Part, Text, Thunk, Value};
use super::lists::texts;
use super::{Function, at, known_list, known_text, later};
use crate::reading::Place;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "toString",
        arity: 1,
        run: |e, a, _| to_string(e, &a[0]),
    },
    Function {
        name: "concatStringsSep",
        arity: 2,
        run: |e, a, _| joined(e, &a[0], &a[1]),
    },
    Function {
        name: "concatStrings",
        arity: 1,
        run: |e, a, p| joined(e, &at(Value::text(""), p), &a[0]),
    },
    Function {
        name: "concatLines",
        arity: 1,
        run: |e, a, p| {
            let Value::Text(lines) = joined(e, &at(Value::text("\n"), p), &a[0]) else {
                return Value::Unknown;
            };
            let mut text = (*lines).clone();
            text.push(Part::Literal("\n".to_owned()));
            Value::Text(Rc::new(text))
        },
    },
    Function {
        name: "concatMapStringsSep",
        arity: 3,
        run: |e, a, p| {
            let Some(items) = known_list(e, &a[2]) else {
                return Value::Unknown;
            };
            let mapped = items
                .iter()
                .map(|item| later(&a[1], vec![item.clone()], e))
                .collect();
            joined(e, &a[0], &at(Value::list(mapped), p))
        },
    },
    Function {
        name: "concatMapStrings",
        arity: 2,
        run: |e, a, p| {
            let Some(items) = known_list(e, &a[1]) else {
                return Value::Unknown;
            };
            let mapped = items
                .iter()
                .map(|item| later(&a[0], vec![item.clone()], e))
                .collect();
            joined(e, &at(Value::text(""), p), &at(Value::list(mapped), p))
        },
    },
    Function {
        name: "optionalString",
        arity: 2,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Bool(true) => e.force(&a[1]),
            Value::Bool(false) => Value::text(""),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "splitString",
        arity: 2,
        run: |e, a, p| match (known_text(e, &a[0]), known_text(e, &a[1])) {
            (Some(separator), Some(text)) if !separator.is_empty() => Value::list(
                text.split(&*separator)
                    .map(|part| at(Value::text(part), p))
                    .collect(),
            ),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "hasPrefix",
        arity: 2,
        run: |e, a, _| both(e, a, |prefix, text| Value::Bool(text.starts_with(prefix))),
    },
    Function {
        name: "hasSuffix",
        arity: 2,
        run: |e, a, _| both(e, a, |suffix, text| Value::Bool(text.ends_with(suffix))),
    },
    Function {
        name: "hasInfix",
        arity: 2,
        run: |e, a, _| both(e, a, |infix, text| Value::Bool(text.contains(infix))),
    },
    Function {
        name: "removePrefix",
        arity: 2,
        run: |e, a, _| {
            both(e, a, |prefix, text| {
                Value::text(text.strip_prefix(prefix).unwrap_or(text))
            })
        },
    },
    Function {
        name: "removeSuffix",
        arity: 2,
        run: |e, a, _| {
            both(e, a, |suffix, text| {
                Value::text(text.strip_suffix(suffix).unwrap_or(text))
            })
        },
    },
    Function {
        name: "toLower",
        arity: 1,
        run: |e, a, _| change(e, &a[0], |text| text.to_ascii_lowercase()),
    },
    Function {
        name: "toUpper",
        arity: 1,
        run: |e, a, _| change(e, &a[0], |text| text.to_ascii_uppercase()),
    },
    Function {
        name: "trim",
        arity: 1,
        run: |e, a, _| change(e, &a[0], |text| text.trim().to_owned()),
    },
    Function {
        name: "escapeShellArg",
        arity: 1,
        run: |e, a, _| change(e, &a[0], escape),
    },
    Function {
        name: "escapeShellArgs",
        arity: 1,
        run: |e, a, _| match texts(e, &a[0]) {
            Some(words) => Value::text(
                words
                    .iter()
                    .map(|word| escape(word))
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            None => Value::Unknown,
        },
    },
    Function {
        name: "match",
        arity: 2,
        run: matched,
    },
    Function {
        name: "escapeNixString",
        arity: 1,
        run: |_, _, _| Value::Unknown,
    },
    Function {
        name: "toInt",
        arity: 1,
        run: |e, a, _| match known_text(e, &a[0]).and_then(|text| text.trim().parse().ok()) {
            Some(number) => Value::Integer(number),
            None => Value::Unknown,
        },
    },
    Function {
        name: "stringLength",
        arity: 1,
        run: |e, a, _| match known_text(e, &a[0]).and_then(|text| i64::try_from(text.len()).ok()) {
            Some(length) => Value::Integer(length),
            None => Value::Unknown,
        },
    },
    Function {
        name: "replaceStrings",
        arity: 3,
        run: replace,
    },
    Function {
        name: "getExe",
        arity: 1,
        run: |e, a, _| executable(&e.force(&a[0]), None),
    },
    Function {
        name: "getExe'",
        arity: 2,
        run: |e, a, _| match known_text(e, &a[1]) {
            Some(name) => executable(&e.force(&a[0]), Some(&name)),
            None => Value::Unknown,
        },
    },
    Function {
        name: "baseNameOf",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Path(path) => Value::text(path.rsplit('/').next().unwrap_or("")),
            Value::Text(text) if text.known().is_some() => {
                Value::text(text.known().unwrap_or("").rsplit('/').next().unwrap_or(""))
            }
            _ => Value::Unknown,
        },
    },
    Function {
        name: "dirOf",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Path(path) => Value::Path(
                path.rsplit_once('/')
                    .map_or("", |(folder, _)| folder)
                    .into(),
            ),
            _ => Value::Unknown,
        },
    },
];

fn both(e: &Evaluator, a: &[Thunk], answer: impl Fn(&str, &str) -> Value) -> Value {
    match (known_text(e, &a[0]), known_text(e, &a[1])) {
        (Some(one), Some(other)) => answer(&one, &other),
        _ => Value::Unknown,
    }
}

fn change(e: &Evaluator, thunk: &Thunk, change: impl Fn(&str) -> String) -> Value {
    match e.force(thunk) {
        Value::Text(text) => text
            .known()
            .map_or(Value::Unknown, |text| Value::text(change(text))),
        Value::Integer(number) => Value::text(change(&number.to_string())),
        _ => Value::Unknown,
    }
}

fn escape(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ",._+:@%/-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn to_string(e: &Evaluator, thunk: &Thunk) -> Value {
    match e.force(thunk) {
        text @ Value::Text(_) => text,
        Value::Integer(number) => Value::text(number.to_string()),
        Value::Bool(true) => Value::text("1"),
        Value::Bool(false) | Value::Null => Value::text(""),
        Value::List(list) if list.complete => {
            let mut text = Text::default();
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    text.push(Part::Literal(" ".to_owned()));
                }
                match to_string(e, item) {
                    Value::Text(part) => {
                        part.parts.iter().cloned().for_each(|part| text.push(part));
                    }
                    _ => text.push(Part::Unknown),
                }
            }
            Value::Text(Rc::new(text))
        }
        value @ (Value::Path(_) | Value::Symbol(_) | Value::Set(_)) => {
            Value::Text(Rc::new(e.interpolated(&value)))
        }
        _ => Value::Unknown,
    }
}

fn joined(e: &Evaluator, separator: &Thunk, list: &Thunk) -> Value {
    let (Some(separator), Some(items)) = (known_text(e, separator), known_list(e, list)) else {
        return Value::Unknown;
    };
    let mut text = Text::default();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(Part::Literal(separator.clone()));
        }
        let value = e.force(item);
        e.interpolated(&value)
            .parts
            .into_iter()
            .for_each(|part| text.push(part));
    }
    Value::Text(Rc::new(text))
}

fn replace(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let (Some(from), Some(to), Some(text)) =
        (texts(e, &a[0]), texts(e, &a[1]), known_text(e, &a[2]))
    else {
        return Value::Unknown;
    };
    if from.iter().any(String::is_empty) || from.len() != to.len() {
        return Value::Unknown;
    }
    let mut result = String::new();
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        if let Some((from, to)) = from
            .iter()
            .zip(&to)
            .find(|(from, _)| rest.starts_with(from.as_str()))
        {
            result.push_str(to);
            rest = &rest[from.len()..];
        } else {
            result.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    Value::text(result)
}

/// `${package}/bin/name`; without a name the package's own, as far as its attribute tells.
fn executable(package: &Value, name: Option<&str>) -> Value {
    let Value::Symbol(symbol) = package else {
        return Value::Unknown;
    };
    let mut text = Text::default();
    text.push(Part::Symbol(Rc::clone(symbol)));
    let own = symbol.name.rsplit('.').next().unwrap_or("");
    text.push(Part::Literal(format!("/bin/{}", name.unwrap_or(own))));
    Value::Text(Rc::new(text))
}

/// `builtins.match`: `null`, or what each group matched. Nix's own expressions are POSIX's, which
/// agree on whether a whole string matches.
fn matched(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    let (Some(expression), Some(text)) = (known_text(e, &a[0]), known_text(e, &a[1])) else {
        return Value::Unknown;
    };
    let Ok(expression) = regex_lite::Regex::new(&format!("^(?:{expression})$")) else {
        return Value::Unknown;
    };
    let Some(captures) = expression.captures(&text) else {
        return Value::Null;
    };
    let group = |group: Option<regex_lite::Match<'_>>| match group {
        Some(group) => at(Value::text(group.as_str()), place),
        None => at(Value::Null, place),
    };
    Value::list(captures.iter().skip(1).map(group).collect())
}
