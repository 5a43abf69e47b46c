//! Flakes made of flake-parts modules: `mkFlake { inherit inputs; } module`.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Symbol, Thunk, Value};

use super::core::{Collected, Config, Core};
use super::definitions::Node;
use super::modules::{Collector, Modules};

/// The modules of a flake, whose outputs are what they say under `flake`.
pub(super) struct Parts {
    core: Rc<Core>,
}

impl Parts {
    /// The parts of a flake whose outputs are this value, when they are made that way. They
    /// are empty until [`Parts::collect`].
    pub(super) fn of(evaluator: &Rc<Evaluator>, outputs: &Value) -> Option<(Rc<Self>, Rc<Symbol>)> {
        let Value::Symbol(call) = outputs else {
            return None;
        };
        let [_, module] = call.arguments.as_slice() else {
            return None;
        };
        let core = Rc::new(Core {
            evaluator: Rc::clone(evaluator),
            collected: OnceCell::new(),
            place: module.place().clone(),
        });
        call.name
            .ends_with("lib.mkFlake")
            .then(|| (Rc::new(Self { core }), Rc::clone(call)))
    }

    /// Reads the modules. They may look at `self`, which is what they make.
    pub(super) fn collect(&self, call: &Symbol) {
        let evaluator = &self.core.evaluator;
        let [given, module] = call.arguments.as_slice() else {
            return;
        };
        let mut arguments = self.arguments();
        let given = match evaluator.force(given) {
            Value::Set(given) => given.fields.clone(),
            _ => BTreeMap::new(),
        };
        if let Some(inputs) = given.get("inputs") {
            arguments.insert("inputs".into(), inputs.clone());
        }
        if let Some(special) = given.get("specialArgs")
            && let Value::Set(special) = evaluator.force(&special.value)
        {
            arguments.extend(special.fields.clone());
        }
        let mut collector = Collector {
            evaluator,
            arguments,
            modules: Modules::default(),
            within: None,
        };
        collector.add(module);
        // Nobody else can have filled it: only the reading of the flake collects.
        let _ = self.core.collected.set(Collected {
            root: Rc::new(Node::new(collector.modules.definitions)),
            unread: collector.modules.unread,
        });
    }

    fn arguments(&self) -> BTreeMap<Name, Field> {
        let config = Config {
            core: Rc::clone(&self.core),
            path: Vec::new(),
        };
        let itself = self.output_set();
        let usual = [
            ("config", Value::Virtual(Rc::new(config))),
            ("self", itself),
            ("lib", Value::symbol("lib")),
        ];
        let field = |value| Field {
            key: None,
            value: Thunk::done(value, self.core.place.clone()),
        };
        usual
            .into_iter()
            .map(|(name, value)| (name.into(), field(value)))
            .collect()
    }

    fn output_set(&self) -> Value {
        Value::Virtual(Rc::new(Config {
            core: Rc::clone(&self.core),
            path: vec!["flake".into()],
        }))
    }

    /// An attribute of the flake, as `self` sees it.
    pub(super) fn select(&self, name: &str) -> Value {
        let evaluator = &self.core.evaluator;
        evaluator.select(&self.output_set(), name)
    }

    /// The systems that the modules make.
    pub(super) fn systems(&self) -> Option<Thunk> {
        let evaluator = &*self.core.evaluator;
        let mut node = Rc::clone(&self.core.collected.get()?.root);
        for name in ["flake", "nixosConfigurations"] {
            let child = Rc::clone(node.expanded(evaluator).children.get(name)?);
            node = child;
        }
        let place = node.place()?;
        let expanded = node.expanded(evaluator);
        let fields = expanded.children.iter().filter_map(|(name, node)| {
            let value = node.only_value(evaluator)?;
            let key = node.place();
            Some((Rc::clone(name), Field { key, value }))
        });
        let set = Value::set(fields.collect(), !expanded.open);
        Some(Thunk::done(set, place))
    }
}
