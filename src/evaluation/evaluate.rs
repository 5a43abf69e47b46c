//! Expressions to values.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::reading::Place;

use super::expression::{Bindings, Bound, Key, Kind, Name, Node};
use super::value::{Closure, Field, Names, Scope, Set, State, Thunk, Value};
use super::{Evaluator, library, operators};

impl Evaluator {
    /// The value of a thunk, with virtual sets made whole.
    pub fn force(&self, thunk: &Thunk) -> Value {
        self.made_whole(self.force_lazily(thunk))
    }

    fn made_whole(&self, value: Value) -> Value {
        match value {
            Value::Virtual(set) => self.deeper(|| set.whole(self)),
            value => value,
        }
    }

    /// The value of a thunk; a virtual set stays one.
    pub fn force_lazily(&self, thunk: &Thunk) -> Value {
        if let State::Done(value) = &*thunk.state().borrow() {
            return value.clone();
        }
        let state = thunk.state().replace(State::Forcing);
        let value = self.deeper(|| match state {
            State::Delayed(node, scope) => self.evaluate(&node, &scope),
            State::Selected(from, name) => self.select(&self.force_lazily(&from), &name),
            State::Called(function, arguments) => {
                arguments.iter().fold(function, |function, argument| {
                    self.call(&function, argument, thunk.place())
                })
            }
            State::Done(value) => value,
            // In Nix this is an infinite recursion, or our ignorance of what breaks it.
            State::Forcing => Value::Unknown,
        });
        *thunk.state().borrow_mut() = State::Done(value.clone());
        value
    }

    pub(super) fn evaluate(&self, node: &Node, scope: &Scope) -> Value {
        if !self.step(|| scope.place(node)) {
            return Value::Unknown;
        }
        match &node.kind {
            Kind::Unknown => Value::Unknown,
            Kind::Integer(number) => Value::Integer(*number),
            Kind::Float(number) => Value::Float(*number),
            Kind::Text(pieces) => self.text(pieces, scope),
            Kind::Path(pieces) => self.path(pieces, scope),
            Kind::SearchPath(name) => Value::symbol(format!("<{name}>")),
            Kind::Variable(name) => self.variable(name, scope),
            Kind::Select {
                from,
                path,
                fallback,
            } => self.select_path(from, path, fallback.as_ref(), scope),
            Kind::Has { from, path } => self.has(from, path, scope),
            Kind::Call { function, argument } => {
                let function = self.nested(function, scope);
                self.call(
                    &function,
                    &Thunk::delayed(argument, scope),
                    &scope.place(node),
                )
            }
            Kind::Function { .. } => Value::Function(Rc::new(Closure {
                function: Rc::clone(node),
                scope: scope.clone(),
                place: scope.place(node),
            })),
            Kind::Let { bindings, body } => {
                let inner = recursive_scope(bindings, scope);
                self.nested(body, &inner)
            }
            Kind::Set {
                recursive,
                bindings,
            } => self.set(*recursive, bindings, scope),
            Kind::List(items) => Value::list(
                items
                    .iter()
                    .map(|item| Thunk::delayed(item, scope))
                    .collect(),
            ),
            Kind::With { scope: set, body } => {
                let inner = scope.child(Names::With(Thunk::delayed(set, scope)));
                self.nested(body, &inner)
            }
            Kind::If { condition, yes, no } => match self.whole(condition, scope) {
                Value::Bool(true) => self.nested(yes, scope),
                Value::Bool(false) => self.nested(no, scope),
                _ => Value::Unknown,
            },
            Kind::Not(inner) => match self.whole(inner, scope) {
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::Unknown,
            },
            Kind::Negate(inner) => operators::negate(&self.whole(inner, scope)),
            Kind::Operation {
                operator,
                left,
                right,
            } => self.operation(*operator, left, right, scope),
        }
    }

    /// An inner expression, one level deeper.
    pub(super) fn nested(&self, node: &Node, scope: &Scope) -> Value {
        self.deeper(|| self.evaluate(node, scope))
    }

    /// As [`Self::nested`], with a virtual set made whole.
    pub(super) fn whole(&self, node: &Node, scope: &Scope) -> Value {
        self.made_whole(self.nested(node, scope))
    }

    fn variable(&self, name: &Name, scope: &Scope) -> Value {
        match scope.lookup(name) {
            Some(thunk) => self.force_lazily(&thunk),
            None => self
                .with_variable(name, scope)
                .unwrap_or_else(|| library::global(name).unwrap_or(Value::Unknown)),
        }
    }

    /// The attribute of the nearest `with` that has it. A set that is known by name alone has
    /// anything, so it only counts when no other has the name.
    fn with_variable(&self, name: &str, scope: &Scope) -> Option<Value> {
        if library::is_global(name) {
            return None;
        }
        let mut open = None;
        let mut frame = Some(scope);
        while let Some(Scope(current)) = frame {
            if let Names::With(set) = &current.names {
                let set = self.force_lazily(set);
                match &set {
                    Value::Symbol(symbol) if &*symbol.name != "lib" => {
                        open.get_or_insert_with(|| self.select(&set, name));
                    }
                    Value::Symbol(_) if library::knows(name) => {
                        return Some(self.select(&set, name));
                    }
                    Value::Set(fields) => match fields.fields.get(name) {
                        Some(field) => return Some(self.force_lazily(&field.value)),
                        None if fields.complete => {}
                        None => return open.or(Some(Value::Unknown)),
                    },
                    Value::Symbol(_) => {}
                    Value::Virtual(_) => match self.made_whole(set.clone()) {
                        Value::Set(whole) if whole.fields.contains_key(name) => {
                            return Some(self.select(&set, name));
                        }
                        Value::Set(whole) if whole.complete => {}
                        _ => return open.or(Some(Value::Unknown)),
                    },
                    _ => return open.or(Some(Value::Unknown)),
                }
            }
            frame = current.parent.as_ref();
        }
        open.or(Some(Value::Unknown))
    }

    fn set(&self, recursive: bool, bindings: &Rc<Bindings>, scope: &Scope) -> Value {
        let inner = if recursive {
            recursive_scope(bindings, scope)
        } else {
            scope.clone()
        };
        let mut complete = true;
        let mut fields: BTreeMap<Name, Field> = BTreeMap::new();
        for (name, binding) in &bindings.fields {
            let shared = recursive.then(|| inner.lookup(name)).flatten();
            let value =
                shared.unwrap_or_else(|| bound(name, &binding.value, &inner, binding.key_start));
            let key = Place {
                file: Rc::clone(&scope.0.file),
                start: binding.key_start,
                end: binding.key_end,
            };
            fields.insert(
                Rc::clone(name),
                Field {
                    key: Some(key),
                    value,
                },
            );
        }
        for (name, value) in &bindings.dynamic {
            let place = scope.place(name);
            match self.whole(name, &inner) {
                Value::Text(text) if text.known().is_some() => {
                    let field = Field {
                        key: Some(place),
                        value: Thunk::delayed(value, &inner),
                    };
                    self.add(&mut fields, text.known().unwrap_or("").into(), field);
                }
                // Nix leaves such an attribute out.
                Value::Null => {}
                _ => complete = false,
            }
        }
        Value::Set(Rc::new(Set { fields, complete }))
    }

    /// Adds a computed name; beside a literal set of the same name it joins it.
    fn add(&self, fields: &mut BTreeMap<Name, Field>, name: Name, field: Field) {
        let Some(there) = fields.get(&name) else {
            fields.insert(name, field);
            return;
        };
        let joined = match (self.force(&there.value), self.force(&field.value)) {
            (Value::Set(one), Value::Set(other)) => {
                let mut set = (*one).clone();
                set.complete &= other.complete;
                set.fields
                    .extend(other.fields.iter().map(|(k, v)| (Rc::clone(k), v.clone())));
                Value::Set(Rc::new(set))
            }
            _ => Value::Unknown,
        };
        let value = Thunk::done(joined, there.value.place().clone());
        let key = there.key.clone();
        fields.insert(name, Field { key, value });
    }

    fn select_path(
        &self,
        from: &Node,
        path: &[Key],
        fallback: Option<&Node>,
        scope: &Scope,
    ) -> Value {
        let mut value = self.nested(from, scope);
        for key in path {
            let Some(name) = self.key(key, scope) else {
                return Value::Unknown;
            };
            if fallback.is_some() {
                value = self.made_whole(value);
            }
            let is_missing = match &value {
                Value::Set(set) => set.complete && !set.fields.contains_key(&name),
                // Other plain values have no attributes at all, which is no error here.
                value => fallback.is_some() && !may_be_a_set(value),
            };
            if is_missing {
                return fallback.map_or(Value::Unknown, |node| self.nested(node, scope));
            }
            value = self.select(&value, &name);
        }
        // With a fallback, an attribute of something known by name alone may not be there.
        if fallback.is_some() && matches!(value, Value::Symbol(_)) {
            return Value::Unknown;
        }
        value
    }

    fn key(&self, key: &Key, scope: &Scope) -> Option<Name> {
        match key {
            Key::Static(name) => Some(Rc::clone(name)),
            Key::Dynamic(node) => match self.whole(node, scope) {
                Value::Text(text) => text.known().map(Name::from),
                _ => None,
            },
        }
    }

    /// One attribute of a value.
    pub fn select(&self, from: &Value, name: &str) -> Value {
        match from {
            Value::Set(set) => match set.fields.get(name) {
                Some(field) => self.force_lazily(&field.value),
                None => Value::Unknown,
            },
            Value::Virtual(set) => self.deeper(|| set.select(self, name)),
            Value::Symbol(symbol) => library::select(symbol, name),
            _ => Value::Unknown,
        }
    }

    fn has(&self, from: &Node, path: &[Key], scope: &Scope) -> Value {
        let mut value = self.nested(from, scope);
        for key in path {
            let Some(name) = self.key(key, scope) else {
                return Value::Unknown;
            };
            match &self.made_whole(value) {
                Value::Set(set) => match set.fields.get(&name) {
                    Some(field) => value = self.force_lazily(&field.value),
                    None if set.complete => return Value::Bool(false),
                    None => return Value::Unknown,
                },
                Value::Unknown | Value::Symbol(_) | Value::Virtual(_) | Value::Marked(_) => {
                    return Value::Unknown;
                }
                _ => return Value::Bool(false),
            }
        }
        Value::Bool(true)
    }
}

/// The thunk of one binding.
fn bound(name: &Name, bound: &Bound, scope: &Scope, at: u32) -> Thunk {
    match bound {
        Bound::Expression(node) => Thunk::delayed(node, scope),
        Bound::Inherited => {
            let node = variable(name, at);
            Thunk::delayed(&node, scope)
        }
        Bound::InheritedFrom(from) => {
            let place = scope.place(&variable(name, at));
            Thunk::new(
                place,
                State::Selected(Thunk::delayed(from, scope), Rc::clone(name)),
            )
        }
    }
}

/// The use of a variable where `inherit` names it.
fn variable(name: &Name, at: u32) -> Node {
    Rc::new(super::expression::Expression {
        kind: Kind::Variable(Rc::clone(name)),
        start: at,
        end: at + u32::try_from(name.len()).unwrap_or(0),
    })
}

/// The scope of a `let` or a recursive set.
fn recursive_scope(bindings: &Rc<Bindings>, scope: &Scope) -> Scope {
    let inner = scope.child(Names::Known(RefCell::default()));
    let names: BTreeMap<Name, Thunk> = bindings
        .fields
        .iter()
        .map(|(name, binding)| {
            let around = match binding.value {
                Bound::Inherited => scope,
                _ => &inner,
            };
            (
                Rc::clone(name),
                bound(name, &binding.value, around, binding.key_start),
            )
        })
        .collect();
    if let Names::Known(slot) = &inner.0.names {
        *slot.borrow_mut() = names;
    }
    inner
}

/// Whether a value is a set, or may turn out to be one.
fn may_be_a_set(value: &Value) -> bool {
    matches!(
        value,
        Value::Set(_) | Value::Unknown | Value::Symbol(_) | Value::Virtual(_) | Value::Marked(_)
    )
}
