//! The NixOS systems of a project, read without evaluating them.
//!
//! A [`System`] answers what an option comes to: definitions from every module that can be read,
//! merged as NixOS merges them. What a module from outside may define stays unknown.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Thunk, Value};
use crate::reading::Place;

mod core;
mod defaults;
mod definitions;
mod discover;
mod flake;
mod former;
mod hive;
mod known;
mod modules;
mod parts;
mod view;
mod written;

#[cfg(test)]
mod tests;

pub use discover::discover;
pub use flake::Flake;
pub use view::{Item, Items, Names, OptionPath, View};
pub use written::Written;

use self::core::{Collected, Config, Core};
use definitions::{Definition, Node};
use modules::Collector;

/// One NixOS configuration. Dereferences to the view of all its options.
pub struct System {
    /// Its name among the flake's `nixosConfigurations`; `None` without a flake.
    pub name: Option<String>,
    /// Where it begins.
    pub place: Place,
    /// The project's files among its modules.
    pub files: BTreeSet<Name>,
    /// Modules from outside the project, by the name of their import, with its place.
    pub outside: Vec<(String, Place)>,
    /// Imports that could not be read.
    pub unread: Vec<Place>,
    view: View,
}

impl Deref for System {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

/// What a system is made of.
pub struct Ingredients {
    /// Its name among others.
    pub name: Option<String>,
    /// Where it begins.
    pub place: Place,
    /// A list of modules.
    pub modules: Thunk,
    /// What modules are called with besides the usual.
    pub arguments: BTreeMap<Name, Field>,
    /// `system` of `nixosSystem`.
    pub platform: Option<Thunk>,
    /// Modules that nobody here can see are imported as well.
    pub is_partial: bool,
}

impl System {
    /// Reads the modules of a system.
    pub fn new(evaluator: &Rc<Evaluator>, ingredients: Ingredients) -> Self {
        let core = Rc::new(Core {
            evaluator: Rc::clone(evaluator),
            collected: OnceCell::new(),
            place: ingredients.place.clone(),
        });
        let mut arguments = usual_arguments(&core, &ingredients.place);
        arguments.extend(ingredients.arguments);
        let mut collector = Collector {
            evaluator,
            arguments,
            modules: modules::Modules::default(),
            within: None,
        };
        collector.add_list(&ingredients.modules);
        let mut modules = collector.modules;
        if ingredients.is_partial {
            modules.unread.push(ingredients.place.clone());
        }
        if let Some(platform) = ingredients.platform {
            modules.definitions.push(platform_definition(&platform));
        }
        let root = Rc::new(Node::new(modules.definitions));
        // Nobody else can have filled it: it was made above.
        let _ = core.collected.set(Collected {
            root,
            unread: modules.unread.clone(),
        });
        Self {
            name: ingredients.name,
            place: ingredients.place,
            files: modules.files,
            outside: modules.outside,
            unread: modules.unread,
            view: self::core::root(&core),
        }
    }

    /// Whether a module from outside the project is imported whose name contains this word.
    pub fn imports(&self, word: &str) -> Option<&Place> {
        let found = self.outside.iter().find(|(name, _)| name.contains(word));
        found.map(|(_, place)| place)
    }
}

/// `nixosSystem { system = …; }` is a default of `nixpkgs.hostPlatform`.
fn platform_definition(platform: &Thunk) -> Definition {
    let field = |value: Thunk| Field { key: None, value };
    let place = platform.place();
    let inner = BTreeMap::from([("hostPlatform".into(), field(platform.clone()))]);
    let inner = Thunk::done(Value::set(inner, true), place.clone());
    let whole = BTreeMap::from([("nixpkgs".into(), field(inner))]);
    let whole = Thunk::done(Value::set(whole, true), place.clone());
    Definition::with_priority(whole, definitions::OF_DEFAULTS)
}

fn usual_arguments(core: &Rc<Core>, place: &Place) -> BTreeMap<Name, Field> {
    let config = Value::Virtual(Rc::new(Config {
        core: Rc::clone(core),
        path: Vec::new(),
    }));
    let usual = [
        ("config", config),
        ("lib", Value::symbol("lib")),
        ("pkgs", Value::symbol("pkgs")),
        ("modulesPath", Value::symbol("modulesPath")),
    ];
    usual
        .into_iter()
        .map(|(name, value)| {
            let value = Thunk::done(value, place.clone());
            (name.into(), Field { key: None, value })
        })
        .collect()
}
