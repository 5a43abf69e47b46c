//! What all views of one system share, and `config` as its modules see it.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, List, Name, Thunk, Value, Virtual};
use crate::reading::{Place, Read};

use super::definitions::Node;
use super::view::View;

/// One system's definitions.
pub(super) struct Core {
    pub(super) evaluator: Rc<Evaluator>,
    /// Set once every module was collected.
    pub(super) collected: OnceCell<Collected>,
    /// Where the system begins.
    pub(super) place: Place,
}

pub(super) struct Collected {
    pub(super) root: Rc<Node>,
    pub(super) unread: Vec<Place>,
}

impl Core {
    /// Whether a module could not be read, which may define anything.
    pub(super) fn has_unread(&self) -> bool {
        self.collected.get().is_none_or(|it| !it.unread.is_empty())
    }
}

/// The root of a system's options.
pub(super) fn root(core: &Rc<Core>) -> View {
    View {
        core: Rc::clone(core),
        path: Vec::new(),
        node: core.collected.get().map(|it| Rc::clone(&it.root)),
        open: false,
    }
}

/// `config` with the names that were selected from it so far.
pub(super) struct Config {
    pub(super) core: Rc<Core>,
    pub(super) path: Vec<Name>,
}

/// Options that a person fills with names, below which every name is known.
const FILLED: [&str; 8] = [
    "environment.etc",
    "fileSystems",
    "services.caddy.virtualHosts",
    "systemd.network.networks",
    "systemd.services",
    "systemd.timers",
    "users.groups",
    "users.users",
];

/// Options of flake-parts that hold modules under names.
fn holds_modules(path: &[Name]) -> bool {
    let path: Vec<&str> = path.iter().map(|name| &**name).collect();
    matches!(
        path.as_slice(),
        ["flake", "nixosModules"] | ["flake", "modules", _]
    )
}

impl Config {
    fn view(&self) -> View {
        let root = root(&self.core);
        self.path
            .iter()
            .fold(root, |view, name| view.into_child(name))
    }

    /// Whether a name that nothing defines is not there at all, rather than at its default.
    fn is_filled(&self) -> bool {
        let path = self.path.join(".");
        path == "disko"
            || path.starts_with("disko.")
            || holds_modules(&self.path)
            || FILLED.contains(&path.as_str())
    }
}

impl Config {
    /// Whether nothing at all is in it where nobody defines anything.
    fn is_empty_by_default(&self) -> bool {
        let path = self.path.join(".");
        path == "disko.devices" || path == "fileSystems"
    }
}

impl Virtual for Config {
    fn select(&self, evaluator: &Evaluator, name: &str) -> Value {
        if holds_modules(&self.path) {
            let module = self.view().child(name).module();
            return module.map_or(Value::Unknown, |module| evaluator.force_lazily(&module));
        }
        let mut path = self.path.clone();
        path.push(Name::from(name));
        Value::Virtual(Rc::new(Config {
            core: Rc::clone(&self.core),
            path,
        }))
    }

    fn whole(&self, evaluator: &Evaluator) -> Value {
        let view = self.view();
        match view.value() {
            Read::Known(Value::Virtual(set), _) => set.whole(evaluator),
            Read::Known(value, _) => value,
            Read::Absent if self.is_empty_by_default() => Value::set(BTreeMap::new(), true),
            Read::Absent => Value::Unknown,
            Read::Unknown => view.partly(),
        }
    }
}

impl View {
    /// The set that the definitions below make.
    pub(super) fn as_value(&self) -> Value {
        let config = Config {
            core: Rc::clone(&self.core),
            path: self.path.clone(),
        };
        let names = self.names();
        let field = |name: &Name| {
            let child = self.child(name);
            let place = child.node.as_ref().and_then(|node| node.place());
            let place = place.unwrap_or_else(|| self.core.place.clone());
            let value = config.select(&self.core.evaluator, name);
            let field = Field {
                key: None,
                value: Thunk::done(value, place),
            };
            (Rc::clone(name), field)
        };
        let fields = names.names.iter().map(field).collect();
        Value::set(fields, names.complete && config.is_filled())
    }

    /// A list that may have more items than are known; anything else is unknown.
    fn partly(&self) -> Value {
        let leaves = self
            .node
            .as_ref()
            .map(|node| &node.expanded(&self.core.evaluator).leaves);
        let is_list = leaves.is_some_and(|leaves| {
            leaves
                .iter()
                .any(|leaf| matches!(leaf.value, Value::List(_)))
        });
        if !is_list {
            return Value::Unknown;
        }
        let items = self.list().items.into_iter().map(|item| {
            let place = item.place.unwrap_or_else(|| self.core.place.clone());
            Thunk::done(item.value, place)
        });
        Value::List(Rc::new(List {
            items: items.collect(),
            complete: false,
        }))
    }
}
