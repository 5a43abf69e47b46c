//! The definitions of a system's options, in the tree that their names make.
//!
//! Like NixOS, it looks at the condition of a `mkIf` only when somebody asks for what is below it:
//! a condition may depend on other options.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Marked, Name, Thunk, Value};
use crate::reading::Place;

/// The priority of a plain definition.
pub(super) const PLAIN: i64 = 100;
/// The priority of an option's own default.
pub(super) const OF_DEFAULTS: i64 = 1500;
/// The order of a plain list.
const MIDDLE: i64 = 1000;
/// Marks within marks deeper than this are nobody's.
const DEEPEST_MARK: usize = 64;

/// One definition, or a part of one.
#[derive(Clone)]
pub(super) struct Definition {
    pub(super) value: Thunk,
    pub(super) priority: i64,
    order: i64,
    conditions: Vec<Thunk>,
    key: Option<Place>,
    /// Whether it declares options, rather than to set them.
    pub(super) declares: bool,
}

/// A definition that is no attribute set.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) value: Value,
    pub(super) priority: i64,
    pub(super) order: i64,
    conditions: Vec<Thunk>,
    pub(super) place: Place,
}

/// Every definition of one option, or of what lies below it.
pub(super) struct Node {
    pub(super) definitions: Vec<Definition>,
    expanded: OnceCell<Expanded>,
}

/// The definitions, one layer down.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) leaves: Vec<Leaf>,
    pub(super) children: BTreeMap<Name, Rc<Node>>,
    /// Whether a definition may hold more than can be seen.
    pub(super) open: bool,
    /// Whether any definition is an attribute set, be it empty.
    pub(super) is_set: bool,
}

impl Definition {
    /// A module's configuration as a whole.
    pub(super) fn plain(value: Thunk) -> Self {
        Self {
            value,
            priority: PLAIN,
            order: MIDDLE,
            conditions: Vec::new(),
            key: None,
            declares: false,
        }
    }

    /// What a module has under `options`: the defaults of what it declares.
    pub(super) fn declaration(value: Thunk) -> Self {
        Self {
            declares: true,
            ..Self::with_priority(value, OF_DEFAULTS)
        }
    }

    /// As [`Definition::plain`], with another priority.
    pub(super) fn with_priority(value: Thunk, priority: i64) -> Self {
        Self {
            priority,
            ..Self::plain(value)
        }
    }
}

impl Leaf {
    /// Whether every condition holds; `None` when that cannot be told.
    pub(super) fn holds(&self, evaluator: &Evaluator) -> Option<bool> {
        hold(&self.conditions, evaluator)
    }
}

pub(super) fn hold(conditions: &[Thunk], evaluator: &Evaluator) -> Option<bool> {
    let mut certain = true;
    for condition in conditions {
        match evaluator.force(condition) {
            Value::Bool(true) => {}
            Value::Bool(false) => return Some(false),
            _ => certain = false,
        }
    }
    certain.then_some(true)
}

impl Node {
    pub(super) fn new(definitions: Vec<Definition>) -> Self {
        Self {
            definitions,
            expanded: OnceCell::new(),
        }
    }

    /// Whether any definition is certain to be there; `None` when that cannot be told.
    pub(super) fn is_defined(&self, evaluator: &Evaluator) -> Option<bool> {
        let mut certain = true;
        for definition in &self.definitions {
            match hold(&definition.conditions, evaluator) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => certain = false,
            }
        }
        certain.then_some(false)
    }

    /// The value of the only definition, when there is one.
    pub(super) fn only_value(&self, evaluator: &Evaluator) -> Option<Thunk> {
        let [leaf] = self.expanded(evaluator).leaves.as_slice() else {
            return None;
        };
        Some(Thunk::done(leaf.value.clone(), leaf.place.clone()))
    }

    /// All definitions as one module, for an option that holds a module.
    pub(super) fn as_module(&self) -> Option<Thunk> {
        let place = self.definitions.first()?.value.place().clone();
        let modules = self.definitions.iter().map(|it| it.value.clone()).collect();
        let imports = Field {
            key: None,
            value: Thunk::done(Value::list(modules), place.clone()),
        };
        let module = Value::set(BTreeMap::from([("imports".into(), imports)]), true);
        Some(Thunk::done(module, place))
    }

    /// Where the name was first written, else where the value is.
    pub(super) fn place(&self) -> Option<Place> {
        let first = self.definitions.first()?;
        let key = self.definitions.iter().find_map(|it| it.key.clone());
        Some(key.unwrap_or_else(|| first.value.place().clone()))
    }

    pub(super) fn expanded(&self, evaluator: &Evaluator) -> &Expanded {
        if let Some(expanded) = self.expanded.get() {
            return expanded;
        }
        let mut work = Work::default();
        for definition in &self.definitions {
            work.add(definition.clone(), evaluator, 0);
        }
        self.expanded.get_or_init(|| work.finish())
    }
}

#[derive(Default)]
struct Work {
    expanded: Expanded,
    children: BTreeMap<Name, Vec<Definition>>,
}

impl Work {
    fn add(&mut self, definition: Definition, evaluator: &Evaluator, depth: usize) {
        match evaluator.force(&definition.value) {
            Value::Marked(mark) if depth < DEEPEST_MARK => {
                self.unmark(&mark, definition, evaluator, depth + 1);
            }
            Value::Set(set) => {
                self.expanded.is_set = true;
                self.expanded.open |= !set.complete;
                for (name, field) in &set.fields {
                    let child = Definition {
                        value: field.value.clone(),
                        key: field.key.clone(),
                        ..definition.clone()
                    };
                    self.children
                        .entry(Rc::clone(name))
                        .or_default()
                        .push(child);
                }
            }
            value => {
                self.expanded.open |= matches!(value, Value::Unknown | Value::Marked(_));
                self.expanded.leaves.push(Leaf {
                    value,
                    priority: definition.priority,
                    order: definition.order,
                    conditions: definition.conditions,
                    place: definition.value.place().clone(),
                });
            }
        }
    }

    fn unmark(
        &mut self,
        mark: &Marked,
        mut definition: Definition,
        evaluator: &Evaluator,
        depth: usize,
    ) {
        match mark {
            Marked::If(condition, content) => {
                definition.conditions.push(condition.clone());
                definition.value = content.clone();
            }
            Marked::Override(priority, content) => {
                definition.priority = *priority;
                definition.value = content.clone();
            }
            Marked::Order(order, content) => {
                definition.order = *order;
                definition.value = content.clone();
            }
            Marked::Merge(list) => {
                let Value::List(list) = evaluator.force(list) else {
                    self.expanded.open = true;
                    return;
                };
                self.expanded.open |= !list.complete;
                for item in &list.items {
                    let part = Definition {
                        value: item.clone(),
                        ..definition.clone()
                    };
                    self.add(part, evaluator, depth);
                }
                return;
            }
            Marked::Option(declaration) => {
                let Some(Value::Set(set)) = declaration.as_ref().map(|it| evaluator.force(it))
                else {
                    return;
                };
                let Some(default) = set.fields.get("default") else {
                    self.expanded.open |= !set.complete;
                    return;
                };
                definition.priority = OF_DEFAULTS;
                definition.value = default.value.clone();
            }
        }
        self.add(definition, evaluator, depth);
    }

    fn finish(self) -> Expanded {
        let mut expanded = self.expanded;
        expanded.children = self
            .children
            .into_iter()
            .map(|(name, definitions)| (name, Rc::new(Node::new(definitions))))
            .collect();
        expanded
    }
}
