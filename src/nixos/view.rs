//! Asking a system for an option's value.

use std::rc::Rc;

use crate::evaluation::{Evaluator, Name, Text, Value};
use crate::reading::{Place, Read};

use super::core::Core;
use super::defaults;
use super::definitions::{Leaf, Node, PLAIN};
use super::former;

/// An option of a system, or a set of them.
#[derive(Clone)]
pub struct View {
    pub(super) core: Rc<Core>,
    pub(super) path: Vec<Name>,
    pub(super) node: Option<Rc<Node>>,
    /// Whether something above may define more than can be seen.
    pub(super) open: bool,
}

/// The items of a list option.
pub struct Items {
    /// Those that are certain, in their order.
    pub items: Vec<Item>,
    /// Whether there can be no others.
    pub complete: bool,
}

/// One item of a list.
#[derive(Clone)]
pub struct Item {
    /// Its value, with virtual sets made whole.
    pub value: Value,
    /// Where it is written; `None` in what a known module adds.
    pub place: Option<Place>,
}

/// The names of an attribute set that a person fills, such as `users.users`.
pub struct Names {
    /// Those that are certain.
    pub names: Vec<Name>,
    /// Whether there can be no others.
    pub complete: bool,
}

/// The name of an option: `"services.openssh.enable"`, or the parts where one holds a dot.
pub trait OptionPath {
    /// The parts of the name.
    fn parts(&self) -> impl Iterator<Item = &str>;
}

impl OptionPath for str {
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.split('.')
    }
}

impl<const N: usize> OptionPath for [&str; N] {
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.iter().copied()
    }
}

impl View {
    /// An option below this one.
    #[must_use]
    pub fn at<P: OptionPath + ?Sized>(&self, path: &P) -> View {
        path.parts().fold(self.clone(), View::into_child)
    }

    pub(super) fn child(&self, name: &str) -> View {
        self.clone().into_child(name)
    }

    /// As [`View::child`], for a view that is only a step on the way.
    pub(super) fn into_child(mut self, name: &str) -> View {
        let mut written = None;
        if let Some(node) = self.node.take() {
            let expanded = node.expanded(self.evaluator());
            self.open |= expanded.open;
            if let Some((name, child)) = expanded.children.get_key_value(name) {
                written = Some(Rc::clone(name));
                self.node = Some(Rc::clone(child));
            }
        }
        let former: Vec<&str> = former::names(&self.path, name).collect();
        self.path.push(written.unwrap_or_else(|| Name::from(name)));
        former.into_iter().fold(self, View::with_former)
    }

    /// The option with what is said under a former name of it.
    fn with_former(mut self, name: &str) -> View {
        let former = super::core::root(&self.core).at(name);
        self.open |= former.open;
        if let Some(node) = former.node {
            let own = self.node.iter().flat_map(|node| &node.definitions);
            let all = own.chain(&node.definitions).cloned().collect();
            self.node = Some(Rc::new(Node::new(all)));
        }
        self
    }

    pub(super) fn evaluator(&self) -> &Evaluator {
        &self.core.evaluator
    }

    /// The dotted name of the option.
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// Where the option, or the first of those below it, is written by a person.
    pub fn place(&self) -> Option<Place> {
        self.node
            .as_ref()
            .and_then(|node| node.place())
            .filter(is_in_project)
    }

    /// The option's definitions as one module: what a submodule is made of.
    pub fn module(&self) -> Option<crate::evaluation::Thunk> {
        self.node.as_ref()?.as_module()
    }

    /// Whether anything defines the option; `None` when that cannot be told.
    pub fn is_defined(&self) -> Option<bool> {
        let defined = match &self.node {
            Some(node) => node.is_defined(self.evaluator()),
            None => Some(false),
        };
        match defined {
            Some(false) if self.open || self.core.has_unread() => None,
            defined => defined,
        }
    }

    /// The value of an option that holds one.
    pub fn value(&self) -> Read<Value> {
        match self.decided() {
            Decided::Value(leaf) => {
                Read::Known(leaf.value.clone(), Some(leaf.place).filter(is_in_project))
            }
            Decided::Set => Read::Known(self.as_value(), self.place()),
            Decided::Nothing if self.open || self.core.has_unread() => Read::Unknown,
            Decided::Nothing => match defaults::of(&self.path) {
                Some(value) => Read::Known(value, None),
                None => Read::Absent,
            },
            Decided::Unknown => Read::Unknown,
        }
    }

    /// The value of an option that is true or false.
    pub fn boolean(&self) -> Read<bool> {
        self.value().and_then(|value| match value {
            Value::Bool(value) => Some(value),
            _ => None,
        })
    }

    /// The value of an option that is an integer.
    pub fn integer(&self) -> Read<i64> {
        self.value().and_then(|value| match value {
            Value::Integer(value) => Some(value),
            _ => None,
        })
    }

    /// The value of an option that is a string, which may have unknown parts.
    pub fn text(&self) -> Read<Rc<Text>> {
        let evaluator = self.evaluator();
        self.value().and_then(|value| match value {
            Value::Text(text) => Some(text),
            value @ (Value::Symbol(_) | Value::Path(_)) => {
                Some(Rc::new(evaluator.interpolated(&value)))
            }
            _ => None,
        })
    }

    /// The value of an option that is a string known whole.
    pub fn string(&self) -> Read<String> {
        self.value().and_then(|value| match value {
            Value::Text(text) => text.known().map(str::to_owned),
            _ => None,
        })
    }

    /// The items of a list option, merged from every definition.
    pub fn list(&self) -> Items {
        let mut items = Items {
            items: Vec::new(),
            complete: !(self.open || self.core.has_unread()),
        };
        let leaves = self.winners(&mut items.complete);
        if leaves.is_empty() {
            if let Some(Value::List(list)) = defaults::of(&self.path)
                && items.complete
            {
                self.append(&list.items, &mut items);
            }
            return items;
        }
        for leaf in leaves {
            match &leaf.value {
                Value::List(list) => {
                    items.complete &= list.complete;
                    self.append(&list.items, &mut items);
                }
                _ => items.complete = false,
            }
        }
        items
    }

    fn append(&self, thunks: &[crate::evaluation::Thunk], items: &mut Items) {
        for thunk in thunks {
            let value = self.evaluator().force(thunk);
            let place = Some(thunk.place().clone()).filter(is_in_project);
            match value {
                // `mkIf` has no meaning inside a list.
                Value::Unknown | Value::Marked(_) => items.complete = false,
                value => items.items.push(Item { value, place }),
            }
        }
    }

    /// The definitions that count: certain ones of the strongest priority, in the order of
    /// `mkBefore` and `mkAfter`. Others that may or may not count make it incomplete.
    fn winners(&self, complete: &mut bool) -> Vec<Leaf> {
        let Some(node) = &self.node else {
            return Vec::new();
        };
        let leaves = &node.expanded(self.evaluator()).leaves;
        let judged: Vec<_> = leaves
            .iter()
            .map(|leaf| (leaf, leaf.holds(self.evaluator())))
            .collect();
        let certain = judged.iter().filter(|(_, holds)| *holds == Some(true));
        let strongest = certain.map(|(leaf, _)| leaf.priority).min();
        let counts = |leaf: &Leaf| strongest.is_none_or(|strongest| leaf.priority <= strongest);
        if judged
            .iter()
            .any(|(leaf, holds)| holds.is_none() && counts(leaf))
        {
            *complete = false;
        }
        let mut winners: Vec<Leaf> = judged
            .iter()
            .filter(|(leaf, holds)| *holds == Some(true) && Some(leaf.priority) == strongest)
            .map(|(leaf, _)| (*leaf).clone())
            .collect();
        winners.sort_by_key(|leaf| leaf.order);
        winners
    }

    /// Every certain definition of the strongest priority, whether they agree or not.
    pub fn definitions(&self) -> Vec<Item> {
        let mut complete = true;
        let winners = self.winners(&mut complete).into_iter();
        winners
            .map(|leaf| Item {
                value: leaf.value,
                place: Some(leaf.place).filter(is_in_project),
            })
            .collect()
    }

    /// Whether the option is certainly defined with more weight than NixOS' own modules have, which
    /// add nothing to it then.
    pub fn is_forced(&self) -> bool {
        let winners = self.winners(&mut true);
        winners.first().is_some_and(|leaf| leaf.priority < PLAIN)
    }

    /// The strings of a list that replaces what weaker definitions and NixOS itself say, when
    /// all of them are known.
    pub fn forced_list(&self) -> Option<Vec<String>> {
        let mut complete = true;
        let winners = self.winners(&mut complete);
        let is_forced = winners.first().is_some_and(|leaf| leaf.priority < PLAIN);
        let Value::List(list) = self.value().value()?.clone() else {
            return None;
        };
        let text = |thunk| match self.evaluator().force(thunk) {
            Value::Text(text) => text.known().map(str::to_owned),
            _ => None,
        };
        let texts = list.items.iter().map(text).collect();
        (is_forced && complete && list.complete).then_some(texts)?
    }

    fn decided(&self) -> Decided {
        let mut complete = true;
        let winners = self.winners(&mut complete);
        let is_set = self
            .node
            .as_ref()
            .is_some_and(|node| node.expanded(self.evaluator()).is_set);
        if !complete {
            return Decided::Unknown;
        }
        let Some((first, others)) = winners.split_first() else {
            return if is_set {
                Decided::Set
            } else {
                Decided::Nothing
            };
        };
        if matches!(first.value, Value::Unknown) || is_set {
            return Decided::Unknown;
        }
        if first.priority > PLAIN && (self.open || self.core.has_unread()) {
            // A plain definition that cannot be seen would win.
            return Decided::Unknown;
        }
        if matches!(first.value, Value::List(_)) && !others.is_empty() {
            let items = self.list();
            let mut merged = first.clone();
            merged.value = Value::List(Rc::new(crate::evaluation::List {
                items: winners
                    .iter()
                    .filter_map(|leaf| match &leaf.value {
                        Value::List(list) => Some(list.items.clone()),
                        _ => None,
                    })
                    .flatten()
                    .collect(),
                complete: items.complete,
            }));
            return Decided::Value(merged);
        }
        let evaluator = self.evaluator();
        let agree = others
            .iter()
            .all(|other| evaluator.equal(&first.value, &other.value) == Some(true));
        if agree {
            Decided::Value(first.clone())
        } else {
            Decided::Unknown
        }
    }

    /// The names below an attribute set that a person fills.
    pub fn names(&self) -> Names {
        let mut names = Names {
            names: Vec::new(),
            complete: !(self.open || self.core.has_unread()),
        };
        if let Some(node) = &self.node {
            let expanded = node.expanded(self.evaluator());
            names.complete &= !expanded.open;
            for (name, child) in &expanded.children {
                match child.is_defined(self.evaluator()) {
                    Some(true) => names.names.push(Rc::clone(name)),
                    Some(false) => {}
                    None => names.complete = false,
                }
            }
        }
        names
    }

    /// The options below that are certain to be defined, with their names.
    pub fn children(&self) -> Vec<(Name, View)> {
        let names = self.names().names;
        names
            .into_iter()
            .map(|name| (Rc::clone(&name), self.child(&name)))
            .collect()
    }
}

enum Decided {
    Value(Leaf),
    Set,
    Nothing,
    Unknown,
}

/// Known modules are read under names that begin with `<`.
pub(super) fn is_in_project(place: &Place) -> bool {
    !place.file.starts_with('<')
}
