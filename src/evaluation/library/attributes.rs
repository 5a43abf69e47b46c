//! Attribute sets.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::Evaluator;
use super::super::expression::Name;
use super::super::value::{Field, Set, Thunk, Value};
use super::lists::texts;
use super::{Function, at, known_list, known_text, later, truth};
use crate::reading::Place;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "attrNames",
        arity: 1,
        run: |e, a, p| match complete(e, &a[0]) {
            Some(set) => {
                let names = set.fields.iter().map(|(name, field)| {
                    let place = field.key.clone().unwrap_or_else(|| p.clone());
                    Thunk::done(Value::text(&**name), place)
                });
                Value::list(names.collect())
            }
            None => Value::Unknown,
        },
    },
    Function {
        name: "attrValues",
        arity: 1,
        run: |e, a, _| match complete(e, &a[0]) {
            Some(set) => Value::list(
                set.fields
                    .values()
                    .map(|field| field.value.clone())
                    .collect(),
            ),
            None => Value::Unknown,
        },
    },
    Function {
        name: "mapAttrs",
        arity: 2,
        run: |e, a, p| map(e, a, p),
    },
    Function {
        name: "mapAttrs'",
        arity: 2,
        run: map_with_names,
    },
    Function {
        name: "mapAttrsToList",
        arity: 2,
        run: map_to_list,
    },
    Function {
        name: "filterAttrs",
        arity: 2,
        run: filter,
    },
    Function {
        name: "genAttrs",
        arity: 2,
        run: generate,
    },
    Function {
        name: "listToAttrs",
        arity: 1,
        run: |e, a, _| from_list(e, &a[0]),
    },
    Function {
        name: "nameValuePair",
        arity: 2,
        run: |_, a, _| {
            let pair = [("name", a[0].clone()), ("value", a[1].clone())];
            Value::set(
                pair.into_iter()
                    .map(|(name, value)| (name.into(), Field { key: None, value }))
                    .collect(),
                true,
            )
        },
    },
    Function {
        name: "optionalAttrs",
        arity: 2,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Bool(true) => e.force_lazily(&a[1]),
            Value::Bool(false) => Value::set(BTreeMap::new(), true),
            _ => Value::set(BTreeMap::new(), false),
        },
    },
    Function {
        name: "removeAttrs",
        arity: 2,
        run: |e, a, _| {
            let (Value::Set(set), Some(names)) = (e.force(&a[0]), texts(e, &a[1])) else {
                return Value::Unknown;
            };
            let mut set = (*set).clone();
            set.fields
                .retain(|name, _| !names.iter().any(|other| **other == **name));
            Value::Set(Rc::new(set))
        },
    },
    Function {
        name: "recursiveUpdate",
        arity: 2,
        run: |e, a, _| update(e, &a[0], &a[1]),
    },
    Function {
        name: "mergeAttrsList",
        arity: 1,
        run: |e, a, _| match known_list(e, &a[0]) {
            Some(items) => merge_all(e, &items),
            None => Value::Unknown,
        },
    },
    Function {
        name: "hasAttr",
        arity: 2,
        run: |e, a, _| match (known_text(e, &a[0]), e.force(&a[1])) {
            (Some(name), Value::Set(set)) if set.fields.contains_key(name.as_str()) => {
                Value::Bool(true)
            }
            (Some(_), Value::Set(set)) if set.complete => Value::Bool(false),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "getAttr",
        arity: 2,
        run: |e, a, _| match known_text(e, &a[0]) {
            Some(name) => e.select(&e.force_lazily(&a[1]), &name),
            None => Value::Unknown,
        },
    },
    Function {
        name: "attrByPath",
        arity: 3,
        run: |e, a, _| by_path(e, a),
    },
    Function {
        name: "getAttrFromPath",
        arity: 2,
        run: |e, a, _| match texts(e, &a[0]) {
            Some(path) => path
                .iter()
                .fold(e.force_lazily(&a[1]), |value, name| e.select(&value, name)),
            None => Value::Unknown,
        },
    },
    Function {
        name: "setAttrByPath",
        arity: 2,
        run: |e, a, p| match texts(e, &a[0]) {
            Some(path) => {
                let whole = path.into_iter().rfold(a[1].clone(), |value, name| {
                    let fields = BTreeMap::from([(Name::from(name), Field { key: None, value })]);
                    at(Value::set(fields, true), p)
                });
                e.force_lazily(&whole)
            }
            None => Value::Unknown,
        },
    },
    Function {
        name: "getAttrs",
        arity: 2,
        run: |e, a, _| {
            let (Some(names), Value::Set(set)) = (texts(e, &a[0]), e.force(&a[1])) else {
                return Value::Unknown;
            };
            let mut set = (*set).clone();
            set.fields
                .retain(|name, _| names.iter().any(|other| **other == **name));
            Value::Set(Rc::new(set))
        },
    },
    Function {
        name: "intersectAttrs",
        arity: 2,
        run: |e, a, _| {
            let (Some(names), Value::Set(set)) = (complete(e, &a[0]), e.force(&a[1])) else {
                return Value::Unknown;
            };
            let mut set = (*set).clone();
            set.fields.retain(|name, _| names.fields.contains_key(name));
            Value::Set(Rc::new(set))
        },
    },
];

fn complete(e: &Evaluator, thunk: &Thunk) -> Option<Rc<Set>> {
    match e.force(thunk) {
        Value::Set(set) if set.complete => Some(set),
        _ => None,
    }
}

fn name_thunk(name: &Name, field: &Field) -> Thunk {
    let place = field
        .key
        .clone()
        .unwrap_or_else(|| field.value.place().clone());
    Thunk::done(Value::text(&**name), place)
}

fn map(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let Value::Set(set) = e.force(&a[1]) else {
        return Value::Unknown;
    };
    let fields = set.fields.iter().map(|(name, field)| {
        let value = later(&a[0], vec![name_thunk(name, field), field.value.clone()], e);
        (
            Rc::clone(name),
            Field {
                key: field.key.clone(),
                value,
            },
        )
    });
    Value::set(fields.collect(), set.complete)
}

fn map_to_list(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let Some(set) = complete(e, &a[1]) else {
        return Value::Unknown;
    };
    let items = set
        .fields
        .iter()
        .map(|(name, field)| later(&a[0], vec![name_thunk(name, field), field.value.clone()], e));
    Value::list(items.collect())
}

fn map_with_names(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    let pairs = map_to_list(e, a, place);
    from_list(e, &at(pairs, place))
}

fn filter(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let Value::Set(set) = e.force(&a[1]) else {
        return Value::Unknown;
    };
    let mut kept = Set {
        fields: BTreeMap::new(),
        complete: set.complete,
    };
    for (name, field) in &set.fields {
        match truth(e, &a[0], &[name_thunk(name, field), field.value.clone()]) {
            Some(true) => {
                kept.fields.insert(Rc::clone(name), field.clone());
            }
            Some(false) => {}
            None => kept.complete = false,
        }
    }
    Value::Set(Rc::new(kept))
}

fn generate(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let Value::List(list) = e.force(&a[0]) else {
        return Value::Unknown;
    };
    let mut set = Set {
        fields: BTreeMap::new(),
        complete: list.complete,
    };
    for item in &list.items {
        match known_text(e, item) {
            Some(name) => {
                let value = later(&a[1], vec![item.clone()], e);
                let key = Some(item.place().clone());
                set.fields.insert(name.into(), Field { key, value });
            }
            None => set.complete = false,
        }
    }
    Value::Set(Rc::new(set))
}

fn from_list(e: &Evaluator, list: &Thunk) -> Value {
    let Value::List(list) = e.force(list) else {
        return Value::Unknown;
    };
    let mut set = Set {
        fields: BTreeMap::new(),
        complete: list.complete,
    };
    for item in &list.items {
        let Value::Set(pair) = e.force(item) else {
            set.complete = false;
            continue;
        };
        let name = pair
            .fields
            .get("name")
            .and_then(|field| known_text(e, &field.value));
        match (name, pair.fields.get("value")) {
            (Some(name), Some(field)) => {
                // The first of two wins.
                set.fields
                    .entry(name.into())
                    .or_insert_with(|| field.clone());
            }
            _ => set.complete = false,
        }
    }
    Value::Set(Rc::new(set))
}

fn update(e: &Evaluator, left: &Thunk, right: &Thunk) -> Value {
    let (one, other) = (e.force(left), e.force(right));
    let (Value::Set(one), Value::Set(other)) = (&one, &other) else {
        return match other {
            Value::Unknown | Value::Symbol(_) => Value::Unknown,
            other => other,
        };
    };
    let mut set = if other.complete {
        (**one).clone()
    } else {
        Set {
            fields: BTreeMap::new(),
            complete: false,
        }
    };
    set.complete = one.complete && other.complete;
    for (name, field) in &other.fields {
        let joined = match one.fields.get(name) {
            Some(there) => {
                let value = e.deeper(|| update(e, &there.value, &field.value));
                Field {
                    key: field.key.clone(),
                    value: at(value, field.value.place()),
                }
            }
            None => field.clone(),
        };
        set.fields.insert(Rc::clone(name), joined);
    }
    Value::Set(Rc::new(set))
}

fn merge_all(e: &Evaluator, items: &[Thunk]) -> Value {
    let mut whole = Set {
        fields: BTreeMap::new(),
        complete: true,
    };
    for item in items {
        let Value::Set(set) = e.force(item) else {
            return Value::Unknown;
        };
        if !set.complete {
            return Value::Unknown;
        }
        whole.fields.extend(
            set.fields
                .iter()
                .map(|(name, field)| (Rc::clone(name), field.clone())),
        );
    }
    Value::Set(Rc::new(whole))
}

fn by_path(e: &Evaluator, a: &[Thunk]) -> Value {
    let Some(path) = texts(e, &a[0]) else {
        return Value::Unknown;
    };
    let mut value = e.force_lazily(&a[2]);
    for name in path {
        match &value {
            Value::Set(set) if set.complete && !set.fields.contains_key(name.as_str()) => {
                return e.force_lazily(&a[1]);
            }
            Value::Set(_) => value = e.select(&value, &name),
            _ => return Value::Unknown,
        }
    }
    value
}
