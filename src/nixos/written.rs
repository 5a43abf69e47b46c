//! What people wrote, name by name: every definition on its own, before anything is merged.

use crate::evaluation::{Evaluator, Marked, Name, Thunk, Value};
use crate::reading::Place;

use super::System;
use super::definitions::{Definition, hold};
use super::view::is_in_project;

/// Names and marks within others deeper than this are nobody's.
const DEEPEST: usize = 64;
/// More values than this in one module are a set that holds itself.
const MOST: usize = 200_000;

/// A name that a module sets, under whatever condition.
pub struct Written<'w> {
    /// The path of the option so far.
    pub path: &'w [Name],
    /// Where each of its names is written; `None` for one that a function made.
    pub keys: &'w [Option<Place>],
    /// What it is set to, without its `mkIf` and their like.
    pub value: &'w Value,
    /// Where that is written.
    pub place: &'w Place,
    conditions: &'w [Thunk],
    evaluator: &'w Evaluator,
}

impl Written<'_> {
    /// Whether the conditions around it hold; `None` when that cannot be told.
    pub fn holds(&self) -> Option<bool> {
        hold(self.conditions, self.evaluator)
    }
}

/// Whether to look at the names below.
type Visit<'v> = dyn FnMut(&Written<'_>) -> bool + 'v;

impl System {
    /// Shows every name that the project's modules set to `visit`, the outer ones first. It
    /// answers whether to go on with the names below.
    pub fn written(&self, visit: &mut dyn FnMut(&Written<'_>) -> bool) {
        let evaluator = self.evaluator();
        for definition in self.modules().filter(|it| !it.declares) {
            Walk::new(evaluator, visit).value(&definition.value);
        }
    }

    /// Whether a module of the project declares the option, or one above it, or may do so.
    pub fn may_declare(&self, path: &[Name]) -> bool {
        let mut declarations = self.modules().filter(|it| it.declares);
        declarations.any(|it| declares(self.evaluator(), &it.value, path))
    }

    fn modules(&self) -> impl Iterator<Item = &Definition> {
        self.node.iter().flat_map(|root| &root.definitions)
    }
}

fn declares(evaluator: &Evaluator, declaration: &Thunk, path: &[Name]) -> bool {
    match (evaluator.force(declaration), path) {
        (Value::Set(set), [name, rest @ ..]) => match set.fields.get(name) {
            Some(field) => declares(evaluator, &field.value, rest),
            None => !set.complete,
        },
        // An option whose type may take anything, or something that cannot be read.
        _ => true,
    }
}

struct Walk<'w, 'v> {
    evaluator: &'w Evaluator,
    visit: &'w mut Visit<'v>,
    path: Vec<Name>,
    keys: Vec<Option<Place>>,
    conditions: Vec<Thunk>,
    depth: usize,
    count: usize,
}

impl<'w, 'v> Walk<'w, 'v> {
    fn new(evaluator: &'w Evaluator, visit: &'w mut Visit<'v>) -> Self {
        Self {
            evaluator,
            visit,
            path: Vec::new(),
            keys: Vec::new(),
            conditions: Vec::new(),
            depth: 0,
            count: 0,
        }
    }

    fn value(&mut self, thunk: &Thunk) {
        self.count += 1;
        if self.depth > DEEPEST || self.count > MOST {
            return;
        }
        self.depth += 1;
        match self.evaluator.force(thunk) {
            Value::Marked(mark) => self.marked(&mark),
            value => self.plain(&value, thunk.place()),
        }
        self.depth -= 1;
    }

    fn marked(&mut self, mark: &Marked) {
        match mark {
            Marked::If(condition, content) => {
                self.conditions.push(condition.clone());
                self.value(content);
                self.conditions.pop();
            }
            Marked::Override(_, content) | Marked::Order(_, content) => self.value(content),
            Marked::Merge(list) => {
                if let Value::List(list) = self.evaluator.force(list) {
                    for item in &list.items {
                        self.value(item);
                    }
                }
            }
            Marked::Option(_) => {}
        }
    }

    fn plain(&mut self, value: &Value, place: &Place) {
        let is_written = is_in_project(place) && self.keys.iter().flatten().all(is_in_project);
        if !is_written {
            return;
        }
        let goes_on = self.path.is_empty()
            || (self.visit)(&Written {
                path: &self.path,
                keys: &self.keys,
                value,
                place,
                conditions: &self.conditions,
                evaluator: self.evaluator,
            });
        let Value::Set(set) = value else { return };
        if !goes_on {
            return;
        }
        for (name, field) in &set.fields {
            self.path.push(name.clone());
            self.keys.push(field.key.clone());
            self.value(&field.value);
            self.path.pop();
            self.keys.pop();
        }
    }
}
