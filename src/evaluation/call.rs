//! Calling a function.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::reading::Place;

use super::Evaluator;
use super::expression::{Kind, Name, Node, Parameter};
use super::value::{Closure, Names, Scope, State, Symbol, Thunk, Value};

impl Evaluator {
    /// What a function gives for an argument.
    pub fn call(&self, function: &Value, argument: &Thunk, place: &Place) -> Value {
        match function {
            Value::Function(closure) => self.call_closure(closure, argument),
            Value::Native(native, given) => {
                let mut arguments = (**given).clone();
                arguments.push(argument.clone());
                if arguments.len() < native.arity() {
                    return Value::Native(*native, Rc::new(arguments));
                }
                self.deeper(|| native.run(self, &arguments, place))
            }
            Value::Symbol(symbol) => {
                let mut arguments = symbol.arguments.clone();
                arguments.push(argument.clone());
                Value::Symbol(Rc::new(Symbol {
                    name: Rc::clone(&symbol.name),
                    arguments,
                }))
            }
            Value::Set(set) => match set.fields.get("__functor") {
                Some(functor) => {
                    let itself = Thunk::done(function.clone(), place.clone());
                    let inner = self.call(&self.force(&functor.value), &itself, place);
                    self.call(&inner, argument, place)
                }
                None => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// Calls with several arguments.
    pub fn call_all(&self, function: &Value, arguments: &[Thunk], place: &Place) -> Value {
        arguments
            .iter()
            .fold(function.clone(), |function, argument| {
                self.call(&function, argument, place)
            })
    }

    fn call_closure(&self, closure: &Closure, argument: &Thunk) -> Value {
        let Kind::Function { parameter, body } = &closure.function.kind else {
            return Value::Unknown;
        };
        let scope = match parameter {
            Parameter::Name(name) => {
                let names = BTreeMap::from([(Rc::clone(name), argument.clone())]);
                closure.scope.child(Names::Known(RefCell::new(names)))
            }
            Parameter::Pattern { fields, whole } => {
                self.bind(closure, fields, whole.as_ref(), argument)
            }
        };
        self.nested(body, &scope)
    }

    /// The scope of a set pattern: each field is the argument's, else its default.
    fn bind(
        &self,
        closure: &Closure,
        fields: &[(Name, Option<Node>)],
        whole: Option<&Name>,
        argument: &Thunk,
    ) -> Scope {
        let inner = closure.scope.child(Names::Known(RefCell::default()));
        let given = self.force_lazily(argument);
        let mut names = BTreeMap::new();
        for (name, default) in fields {
            let place = argument.place().clone();
            let thunk = match (&given, default) {
                (Value::Set(set), default) => match (set.fields.get(name), default) {
                    (Some(field), _) => field.value.clone(),
                    (None, Some(default)) if set.complete => Thunk::delayed(default, &inner),
                    (None, _) => Thunk::done(Value::Unknown, place),
                },
                (Value::Virtual(_) | Value::Symbol(_), None) => {
                    Thunk::new(place, State::Selected(argument.clone(), Rc::clone(name)))
                }
                _ => Thunk::done(Value::Unknown, place),
            };
            names.insert(Rc::clone(name), thunk);
        }
        if let Some(whole) = whole {
            names.insert(Rc::clone(whole), argument.clone());
        }
        if let Names::Known(slot) = &inner.0.names {
            *slot.borrow_mut() = names;
        }
        inner
    }
}
