//! The functions of Nix and of nixpkgs' library that configurations use, as far as they can be
//! computed.

use std::rc::Rc;

use crate::reading::Place;

use super::Evaluator;
use super::value::{Symbol, Thunk, Value};

mod attributes;
mod lists;
mod modules;
mod strings;
mod system;

/// One function.
pub(super) struct Function {
    name: &'static str,
    arity: usize,
    run: fn(&Evaluator, &[Thunk], &Place) -> Value,
}

/// A function of the library.
#[derive(Clone, Copy)]
pub struct Native(&'static Function);

impl Native {
    pub(super) fn arity(self) -> usize {
        self.0.arity
    }

    pub(super) fn run(self, evaluator: &Evaluator, arguments: &[Thunk], place: &Place) -> Value {
        (self.0.run)(evaluator, arguments, place)
    }
}

const TABLES: [&[Function]; 5] = [
    attributes::FUNCTIONS,
    lists::FUNCTIONS,
    modules::FUNCTIONS,
    strings::FUNCTIONS,
    system::FUNCTIONS,
];

/// Parts of nixpkgs' library that hold functions which `lib` itself has as well.
const PARTS: [&str; 10] = [
    "attrsets",
    "debug",
    "fixedPoints",
    "lists",
    "meta",
    "modules",
    "options",
    "strings",
    "trivial",
    "versions",
];

/// What is in scope without `builtins.`.
const GLOBAL: [&str; 11] = [
    "abort",
    "baseNameOf",
    "dirOf",
    "fetchGit",
    "fetchTarball",
    "import",
    "isNull",
    "map",
    "removeAttrs",
    "throw",
    "toString",
];

fn function(name: &str) -> Option<Value> {
    let found = TABLES
        .iter()
        .flat_map(|table| table.iter())
        .find(|function| function.name == name)?;
    Some(Value::Native(Native(found), Rc::default()))
}

/// Whether nixpkgs' library is known to have this name.
pub(super) fn knows(name: &str) -> bool {
    name == "types" || PARTS.contains(&name) || function(name).is_some()
}

/// Whether a name means the same in every file.
pub(super) fn is_global(name: &str) -> bool {
    matches!(name, "true" | "false" | "null" | "builtins") || GLOBAL.contains(&name)
}

/// A name that needs no definition.
pub(super) fn global(name: &str) -> Option<Value> {
    match name {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "null" => Some(Value::Null),
        "builtins" => Some(Value::symbol("builtins")),
        name if GLOBAL.contains(&name) => {
            Some(function(name).unwrap_or_else(|| Value::symbol(format!("builtins.{name}"))))
        }
        _ => None,
    }
}

/// An attribute of something that is known by name alone.
pub(super) fn select(symbol: &Symbol, name: &str) -> Value {
    if !symbol.arguments.is_empty() {
        return Value::Unknown;
    }
    match &*symbol.name {
        "lib" if PARTS.contains(&name) => Value::symbol("lib"),
        "lib" | "builtins" => match (function(name), name) {
            (Some(function), _) => function,
            (None, "builtins") => Value::symbol("builtins"),
            (None, name) => Value::symbol(format!("{}.{name}", symbol.name)),
        },
        "pkgs" if name == "lib" => Value::symbol("lib"),
        "pkgs" if name == "pkgs" => Value::symbol("pkgs"),
        // Every nixpkgs carries the same library, whatever the input is called.
        input if name == "lib" && is_nixpkgs(input) => Value::symbol("lib"),
        whole => Value::symbol(format!("{whole}.{name}")),
    }
}

/// Whether a flake input is a nixpkgs, by the names that people give it.
fn is_nixpkgs(symbol: &str) -> bool {
    symbol
        .strip_prefix("inputs.")
        .is_some_and(|input| input.starts_with("nixpkgs") || input == "nixos")
}

// What several of the tables need.

/// The argument as a string that is known whole.
fn known_text(evaluator: &Evaluator, thunk: &Thunk) -> Option<String> {
    match evaluator.force(thunk) {
        Value::Text(text) => text.known().map(str::to_owned),
        _ => None,
    }
}

/// The argument as a list that is known whole, to its first layer.
fn known_list(evaluator: &Evaluator, thunk: &Thunk) -> Option<Vec<Thunk>> {
    match evaluator.force(thunk) {
        Value::List(list) if list.complete => Some(list.items.clone()),
        _ => None,
    }
}

/// A call that waits until somebody needs it.
fn later(function: &Thunk, arguments: Vec<Thunk>, evaluator: &Evaluator) -> Thunk {
    let place = arguments
        .last()
        .map_or_else(|| function.place().clone(), |last| last.place().clone());
    let function = evaluator.force_lazily(function);
    Thunk::new(place, super::value::State::Called(function, arguments))
}

/// A finished value at a place.
fn at(value: Value, place: &Place) -> Thunk {
    Thunk::done(value, place.clone())
}

/// A condition's answer, when it is known.
fn truth(evaluator: &Evaluator, function: &Thunk, arguments: &[Thunk]) -> Option<bool> {
    let place = function.place().clone();
    let function = evaluator.force_lazily(function);
    match evaluator.call_all(&function, arguments, &place) {
        Value::Bool(value) => Some(value),
        Value::Virtual(set) => match set.whole(evaluator) {
            Value::Bool(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}
