//! `devenv.nix`: what the shell and its processes come to, plainly and with each profile.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Thunk, Value};
use crate::nixos::{Ingredients, System};

/// The file that devenv reads.
const ENTRY: &str = "devenv.nix";

/// A project's devenv configuration.
pub struct Shell {
    /// Without any profile.
    pub base: System,
    /// With one profile each, by its name.
    pub profiles: BTreeMap<Name, System>,
    /// Whether there can be no other profiles.
    pub complete: bool,
}

impl Shell {
    /// Reads the configuration of the project's folder, when there is one.
    pub fn read(evaluator: &Rc<Evaluator>) -> Option<Self> {
        let file = evaluator.file(ENTRY)?;
        let entry = Thunk::done(Value::Path(ENTRY.into()), file.place().clone());
        let base = with(evaluator, vec![entry.clone()]);
        let declared = base.at("profiles");
        let names = declared.names();
        let profiles = names
            .names
            .iter()
            .filter_map(|name| {
                // A module may be a set or a function, and is a module like any other.
                let module = declared.at(&[&**name, "module"]).module()?;
                let system = with(evaluator, vec![entry.clone(), module]);
                Some((Rc::clone(name), system))
            })
            .collect();
        Some(Self {
            base,
            profiles,
            complete: names.complete,
        })
    }

    /// The configuration under a profile; `None` when it is not declared or cannot be read.
    pub fn under(&self, profile: &str) -> Option<&System> {
        self.profiles.get(profile)
    }
}

fn with(evaluator: &Rc<Evaluator>, modules: Vec<Thunk>) -> System {
    let place = modules[0].place().clone();
    let inputs = Field {
        key: None,
        value: Thunk::done(Value::symbol("inputs"), place.clone()),
    };
    System::new(
        evaluator,
        Ingredients {
            name: None,
            place: place.clone(),
            modules: Thunk::done(Value::list(modules), place),
            arguments: BTreeMap::from([(Name::from("inputs"), inputs)]),
            platform: None,
            is_partial: false,
        },
    )
}
