//! Which systems a project describes: those of its flake, else its `configuration.nix` files.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Thunk, Value};
use crate::handwritten::Files;
use crate::reading::Place;

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
    let configurations = match &flake.parts {
        Some(parts) => parts.systems(),
        None => flake.output(evaluator, "nixosConfigurations"),
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
            .then(|| from_call(evaluator, name, field.key.as_ref(), argument))
            .flatten()
    };
    systems.fields.iter().filter_map(system).collect()
}

/// The system of `nixosSystem { … }`.
fn from_call(
    evaluator: &Rc<Evaluator>,
    name: &Name,
    key: Option<&Place>,
    argument: &Thunk,
) -> Option<System> {
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
            place: key.unwrap_or_else(|| modules.place()).clone(),
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

/// The first line of a place: enough to point at.
fn first_line(place: &Place, text: &str) -> Place {
    let written = text.get(place.range()).unwrap_or_default();
    let line = written.lines().next().unwrap_or_default();
    let length = u32::try_from(line.trim_end().len()).unwrap_or(0);
    Place {
        end: place.start + length,
        ..place.clone()
    }
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
                place: first_line(&place, &files[path]),
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
