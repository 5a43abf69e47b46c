//! Hives of colmena: a module for every node, beside `meta` and `defaults`.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Set, Thunk, Value};

use super::{Flake, Ingredients, System};

/// What a hive holds besides its nodes.
const RESERVED: [&str; 3] = ["defaults", "meta", "network"];

/// The hive of a project: an output of its flake, else `hive.nix`.
pub(super) fn of(evaluator: &Rc<Evaluator>, flake: Option<&Flake>) -> Option<Thunk> {
    let Some(flake) = flake else {
        return evaluator.file("hive.nix");
    };
    let output = |name| flake.output(evaluator, name);
    let made = output("colmenaHive").and_then(|hive| match evaluator.force(&hive) {
        Value::Symbol(call) if call.name.ends_with("lib.makeHive") => {
            call.arguments.first().cloned()
        }
        _ => None,
    });
    made.or_else(|| output("colmena"))
}

/// The systems of a hive's nodes.
pub(super) fn systems(evaluator: &Rc<Evaluator>, hive: &Thunk) -> Vec<System> {
    let Value::Set(hive) = evaluator.force(hive) else {
        return Vec::new();
    };
    let nodes = hive.fields.iter();
    let nodes = nodes.filter(|(name, _)| !RESERVED.contains(&&***name));
    nodes
        .map(|(name, node)| system(evaluator, &hive, name, node))
        .collect()
}

fn system(evaluator: &Rc<Evaluator>, hive: &Set, name: &Name, node: &Field) -> System {
    let defaults = hive.fields.get("defaults").map(|it| it.value.clone());
    let modules = defaults.into_iter().chain([node.value.clone()]).collect();
    let place = node.key.clone();
    let place = place.unwrap_or_else(|| node.value.place().clone());
    let given = [("name", Value::text(&**name)), ("nodes", Value::Unknown)];
    let given = given.into_iter().map(|(name, value)| {
        let value = Thunk::done(value, place.clone());
        (Name::from(name), Field { key: None, value })
    });
    let mut arguments: BTreeMap<Name, Field> = given.collect();
    let special = special(evaluator, hive);
    if let Some(special) = &special {
        arguments.extend(special.clone());
    }
    System::new(
        evaluator,
        Ingredients {
            name: Some(name.to_string()),
            modules: Thunk::done(Value::list(modules), place.clone()),
            place,
            arguments,
            // The one of `meta.nixpkgs`.
            platform: Some(Thunk::done(Value::Unknown, node.value.place().clone())),
            is_partial: special.is_none(),
        },
    )
}

/// `meta.specialArgs`, where that can be read.
fn special(evaluator: &Evaluator, hive: &Set) -> Option<BTreeMap<Name, Field>> {
    let Some(meta) = hive.fields.get("meta") else {
        return Some(BTreeMap::new());
    };
    let Value::Set(meta) = evaluator.force(&meta.value) else {
        return None;
    };
    match meta.fields.get("specialArgs") {
        None if meta.complete => Some(BTreeMap::new()),
        None => None,
        Some(special) => match evaluator.force(&special.value) {
            Value::Set(special) => Some(special.fields.clone()),
            _ => None,
        },
    }
}
