//! Which systems a project describes: those of its flake, else its `configuration.nix` files.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Symbol, Thunk, Value};
use crate::handwritten::Files;

use super::definitions::{Definition, Node};
use super::modules::{Collector, Modules};
use super::{Flake, Ingredients, System};

/// Every system of a project.
pub fn discover(evaluator: &Rc<Evaluator>, files: &Files, flake: Option<&Flake>) -> Vec<System> {
    let of_flake = flake.map_or_else(Vec::new, |flake| of_flake(evaluator, flake));
    if of_flake.is_empty() {
        without_flake(evaluator, files, flake.is_some())
    } else {
        of_flake
    }
}

fn of_flake(evaluator: &Rc<Evaluator>, flake: &Flake) -> Vec<System> {
    let configurations = match evaluator.force(&flake.outputs) {
        Value::Set(_) => flake.output(evaluator, "nixosConfigurations"),
        Value::Symbol(call) if call.name.ends_with("lib.mkFlake") => parts(evaluator, &call),
        _ => None,
    };
    let Some(Value::Set(systems)) = configurations.map(|it| evaluator.force(&it)) else {
        return Vec::new();
    };
    let system = |(name, field): (&Name, &Field)| {
        let Value::Symbol(call) = evaluator.force(&field.value) else {
            return None;
        };
        let [argument] = call.arguments.as_slice() else {
            return None;
        };
        (&*call.name == "lib.nixosSystem" || call.name.ends_with("lib.nixosSystem"))
            .then(|| from_call(evaluator, name, argument))
            .flatten()
    };
    systems.fields.iter().filter_map(system).collect()
}

/// The system of `nixosSystem { … }`.
fn from_call(evaluator: &Rc<Evaluator>, name: &Name, argument: &Thunk) -> Option<System> {
    let Value::Set(set) = evaluator.force(argument) else {
        return None;
    };
    let special = set.fields.get("specialArgs");
    let arguments = match special.map(|field| evaluator.force(&field.value)) {
        Some(Value::Set(arguments)) => arguments.fields.clone(),
        _ => BTreeMap::new(),
    };
    let modules = set.fields.get("modules")?.value.clone();
    let extra = ["extraModules", "baseModules"];
    let is_partial = !set.complete || extra.iter().any(|name| set.fields.contains_key(*name));
    Some(System::new(
        evaluator,
        Ingredients {
            name: Some(name.to_string()),
            place: modules.place().clone(),
            modules,
            arguments,
            // A package set that is handed over is of a platform too.
            platform: ["system", "pkgs"]
                .iter()
                .find_map(|name| set.fields.get(*name))
                .map(|field| field.value.clone()),
            is_partial,
        },
    ))
}

/// `flake.nixosConfigurations` of a flake that is made of flake-parts modules.
fn parts(evaluator: &Rc<Evaluator>, call: &Symbol) -> Option<Thunk> {
    let [arguments, module] = call.arguments.as_slice() else {
        return None;
    };
    let Value::Set(given) = evaluator.force(arguments) else {
        return None;
    };
    let mut arguments = BTreeMap::new();
    let mut add = |name: &str, value: Thunk| {
        arguments.insert(Name::from(name), Field { key: None, value });
    };
    if let Some(inputs) = given.fields.get("inputs") {
        let itself = evaluator.select(&evaluator.force_lazily(&inputs.value), "self");
        add("self", Thunk::done(itself, module.place().clone()));
        add("inputs", inputs.value.clone());
    }
    add(
        "lib",
        Thunk::done(Value::symbol("lib"), module.place().clone()),
    );
    if let Some(special) = given.fields.get("specialArgs")
        && let Value::Set(special) = evaluator.force(&special.value)
    {
        arguments.extend(special.fields.clone());
    }
    let mut collector = Collector {
        evaluator,
        arguments,
        modules: Modules::default(),
    };
    collector.add(module);
    flake_output(evaluator, collector.modules.definitions)
}

/// The systems that the definitions of a flake's modules make.
fn flake_output(evaluator: &Evaluator, definitions: Vec<Definition>) -> Option<Thunk> {
    let root = Node::new(definitions);
    let flake = Rc::clone(root.expanded(evaluator).children.get("flake")?);
    let configurations = Rc::clone(
        flake
            .expanded(evaluator)
            .children
            .get("nixosConfigurations")?,
    );
    let place = configurations.place()?;
    let expanded = configurations.expanded(evaluator);
    let fields = expanded.children.iter().filter_map(|(name, node)| {
        let value = node.only_value(evaluator)?;
        Some((Rc::clone(name), Field { key: None, value }))
    });
    let set = Value::set(fields.collect(), !expanded.open);
    Some(Thunk::done(set, place))
}

/// Without a flake that can be followed: every `configuration.nix` that nothing imports.
fn without_flake(evaluator: &Rc<Evaluator>, files: &Files, has_flake: bool) -> Vec<System> {
    let is_entry = |path: &str| path == "configuration.nix" || path.ends_with("/configuration.nix");
    let entries = files.keys().filter(|path| is_entry(path));
    let systems: Vec<System> = entries
        .filter_map(|path| {
            let file = evaluator.file(path)?;
            let place = file.place().clone();
            let module = Thunk::done(Value::Path(path.as_str().into()), place.clone());
            let modules = Thunk::done(Value::list(vec![module]), place.clone());
            let ingredients = Ingredients {
                name: None,
                place,
                modules,
                arguments: BTreeMap::new(),
                platform: None,
                is_partial: has_flake,
            };
            Some(System::new(evaluator, ingredients))
        })
        .collect();
    let imported: Vec<bool> = systems
        .iter()
        .map(|system| {
            let others = systems
                .iter()
                .filter(|other| other.place.file != system.place.file);
            others
                .into_iter()
                .any(|other| other.files.contains(&system.place.file))
        })
        .collect();
    let kept = systems.into_iter().zip(imported);
    kept.filter(|(_, imported)| !imported)
        .map(|(system, _)| system)
        .collect()
}
