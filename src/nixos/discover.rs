//! Which systems a project describes: those of its flake, of its hive or of its `default.nix`, else
//! its `configuration.nix` files.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Set, Thunk, Value};
use crate::handwritten::Files;
use crate::reading::Place;

use super::{Flake, Ingredients, System, hive};

/// Every system of a project.
pub fn discover(evaluator: &Rc<Evaluator>, files: &Files, flake: Option<&Flake>) -> Vec<System> {
    let of_hive = || hive::of(evaluator, flake).map(|hive| hive::systems(evaluator, &hive));
    let of_default = || flake.is_none().then(|| of_default(evaluator));
    let found = flake.map(|flake| of_flake(evaluator, flake));
    let found = found.filter(|found| !found.is_empty());
    let found = found.or_else(|| of_hive().filter(|found| !found.is_empty()));
    let found = found.or_else(|| of_default().filter(|found| !found.is_empty()));
    found.unwrap_or_else(|| without_flake(evaluator, files, flake.is_some()))
}

/// The systems that `default.nix` makes with `nixos/lib/eval-config.nix`.
fn of_default(evaluator: &Rc<Evaluator>) -> Vec<System> {
    let Some(file) = evaluator.file("default.nix") else {
        return Vec::new();
    };
    let mut value = evaluator.force(&file);
    if matches!(value, Value::Function(_)) {
        let nothing = Thunk::done(Value::set(BTreeMap::new(), true), file.place().clone());
        value = evaluator.call(&value, &nothing, file.place());
    }
    match value {
        Value::Set(attributes) => of_attributes(evaluator, &attributes, false),
        _ => Vec::new(),
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
    of_attributes(evaluator, &systems, true)
}

/// The attributes that are calls of `nixosSystem`. Only a pure evaluation, such as a flake's, does
/// not know the platform that it runs on.
fn of_attributes(evaluator: &Rc<Evaluator>, systems: &Set, is_pure: bool) -> Vec<System> {
    let system = |(name, field): (&Name, &Field)| {
        let Value::Symbol(call) = evaluator.force(&field.value) else {
            return None;
        };
        let [argument] = call.arguments.as_slice() else {
            return None;
        };
        if !call.name.ends_with("lib.nixosSystem") {
            return None;
        }
        let mut ingredients = from_call(evaluator, name, field.key.as_ref(), argument)?;
        if !is_pure && ingredients.platform.is_none() {
            let own = Thunk::done(Value::Unknown, ingredients.place.clone());
            ingredients.platform = Some(own);
        }
        Some(System::new(evaluator, ingredients))
    };
    systems.fields.iter().filter_map(system).collect()
}

/// The system of `nixosSystem { … }`.
fn from_call(
    evaluator: &Evaluator,
    name: &Name,
    key: Option<&Place>,
    argument: &Thunk,
) -> Option<Ingredients> {
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
    Some(Ingredients {
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
    })
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
