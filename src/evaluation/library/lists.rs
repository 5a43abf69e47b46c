//! Lists.

use std::rc::Rc;

use super::super::Evaluator;
use super::super::operators::concatenate;
use super::super::value::{List, Thunk, Value};
use super::{Function, at, known_list, known_text, later, truth};
use crate::reading::Place;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "map",
        arity: 2,
        run: map,
    },
    Function {
        name: "forEach",
        arity: 2,
        run: |e, a, p| map(e, &[a[1].clone(), a[0].clone()], p),
    },
    Function {
        name: "imap0",
        arity: 2,
        run: |e, a, p| indexed(e, a, p, 0),
    },
    Function {
        name: "imap1",
        arity: 2,
        run: |e, a, p| indexed(e, a, p, 1),
    },
    Function {
        name: "filter",
        arity: 2,
        run: filter,
    },
    Function {
        name: "concatMap",
        arity: 2,
        run: |e, a, p| join_all(e, &map(e, a, p)),
    },
    Function {
        name: "concatLists",
        arity: 1,
        run: |e, a, _| join_all(e, &e.force(&a[0])),
    },
    Function {
        name: "flatten",
        arity: 1,
        run: |e, a, _| flatten(e, &a[0]),
    },
    Function {
        name: "optional",
        arity: 2,
        run: |e, a, _| when(e, a, Value::list(vec![a[1].clone()])),
    },
    Function {
        name: "optionals",
        arity: 2,
        run: |e, a, _| match e.force(&a[0]) {
            Value::Bool(true) => e.force(&a[1]),
            Value::Bool(false) => Value::list(Vec::new()),
            _ => open_list(),
        },
    },
    Function {
        name: "singleton",
        arity: 1,
        run: |_, a, _| Value::list(vec![a[0].clone()]),
    },
    Function {
        name: "toList",
        arity: 1,
        run: |e, a, _| match e.force(&a[0]) {
            list @ Value::List(_) => list,
            Value::Unknown | Value::Symbol(_) => Value::Unknown,
            _ => Value::list(vec![a[0].clone()]),
        },
    },
    Function {
        name: "head",
        arity: 1,
        run: |e, a, _| element(e, &a[0], |items| items.first().cloned()),
    },
    Function {
        name: "last",
        arity: 1,
        run: |e, a, _| element(e, &a[0], |items| items.last().cloned()),
    },
    Function {
        name: "tail",
        arity: 1,
        run: |e, a, _| match known_list(e, &a[0]) {
            Some(items) => Value::list(items.into_iter().skip(1).collect()),
            None => Value::Unknown,
        },
    },
    Function {
        name: "elemAt",
        arity: 2,
        run: |e, a, _| match e.force(&a[1]) {
            Value::Integer(at) => element(e, &a[0], |items| {
                usize::try_from(at)
                    .ok()
                    .and_then(|at| items.get(at).cloned())
            }),
            _ => Value::Unknown,
        },
    },
    Function {
        name: "length",
        arity: 1,
        run: |e, a, _| match known_list(e, &a[0]) {
            Some(items) => i64::try_from(items.len()).map_or(Value::Unknown, Value::Integer),
            None => Value::Unknown,
        },
    },
    Function {
        name: "elem",
        arity: 2,
        run: elem,
    },
    Function {
        name: "any",
        arity: 2,
        run: |e, a, _| quantify(e, a, true),
    },
    Function {
        name: "all",
        arity: 2,
        run: |e, a, _| quantify(e, a, false),
    },
    Function {
        name: "foldl'",
        arity: 3,
        run: fold,
    },
    Function {
        name: "foldl",
        arity: 3,
        run: fold,
    },
    Function {
        name: "foldr",
        arity: 3,
        run: fold_right,
    },
    Function {
        name: "fold",
        arity: 3,
        run: fold_right,
    },
    Function {
        name: "range",
        arity: 2,
        run: range,
    },
    Function {
        name: "genList",
        arity: 2,
        run: generate,
    },
    Function {
        name: "unique",
        arity: 1,
        run: |e, a, _| unique(e, &a[0]),
    },
    Function {
        name: "reverseList",
        arity: 1,
        run: |e, a, _| match known_list(e, &a[0]) {
            Some(items) => Value::list(items.into_iter().rev().collect()),
            None => Value::Unknown,
        },
    },
    Function {
        name: "subtractLists",
        arity: 2,
        run: subtract,
    },
];

fn open_list() -> Value {
    Value::List(Rc::new(List {
        items: Vec::new(),
        complete: false,
    }))
}

fn when(e: &Evaluator, a: &[Thunk], value: Value) -> Value {
    match e.force(&a[0]) {
        Value::Bool(true) => value,
        Value::Bool(false) => Value::list(Vec::new()),
        _ => open_list(),
    }
}

fn map(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    match e.force(&a[1]) {
        Value::List(list) => Value::List(Rc::new(List {
            items: list
                .items
                .iter()
                .map(|item| later(&a[0], vec![item.clone()], e))
                .collect(),
            complete: list.complete,
        })),
        _ => open_list(),
    }
}

fn indexed(e: &Evaluator, a: &[Thunk], place: &Place, first: i64) -> Value {
    let Some(items) = known_list(e, &a[1]) else {
        return open_list();
    };
    let call = |(index, item): (i64, &Thunk)| {
        later(
            &a[0],
            vec![at(Value::Integer(index), place), item.clone()],
            e,
        )
    };
    Value::list((first..).zip(&items).map(call).collect())
}

fn filter(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let Value::List(list) = e.force(&a[1]) else {
        return open_list();
    };
    let mut complete = list.complete;
    let mut items = Vec::new();
    for item in &list.items {
        match truth(e, &a[0], std::slice::from_ref(item)) {
            Some(true) => items.push(item.clone()),
            Some(false) => {}
            None => complete = false,
        }
    }
    Value::List(Rc::new(List { items, complete }))
}

fn join_all(e: &Evaluator, lists: &Value) -> Value {
    let Value::List(lists) = lists else {
        return open_list();
    };
    let empty = Value::List(Rc::new(List {
        items: Vec::new(),
        complete: lists.complete,
    }));
    lists
        .items
        .iter()
        .fold(empty, |all, item| concatenate(&all, &e.force(item)))
}

fn flatten(e: &Evaluator, thunk: &Thunk) -> Value {
    match e.force(thunk) {
        Value::List(list) => {
            let empty = Value::List(Rc::new(List {
                items: Vec::new(),
                complete: list.complete,
            }));
            list.items
                .iter()
                .fold(empty, |all, item| concatenate(&all, &flatten(e, item)))
        }
        Value::Unknown | Value::Virtual(_) => open_list(),
        Value::Symbol(symbol) if !symbol.arguments.is_empty() => open_list(),
        _ => Value::list(vec![thunk.clone()]),
    }
}

fn element(e: &Evaluator, list: &Thunk, pick: impl FnOnce(&[Thunk]) -> Option<Thunk>) -> Value {
    let items = known_list(e, list).unwrap_or_default();
    pick(&items).map_or(Value::Unknown, |item| e.force(&item))
}

fn elem(e: &Evaluator, a: &[Thunk], _: &Place) -> Value {
    let Value::List(list) = e.force(&a[1]) else {
        return Value::Unknown;
    };
    let wanted = e.force(&a[0]);
    let mut certain = list.complete;
    for item in &list.items {
        match e.equal(&wanted, &e.force(item)) {
            Some(true) => return Value::Bool(true),
            Some(false) => {}
            None => certain = false,
        }
    }
    if certain {
        Value::Bool(false)
    } else {
        Value::Unknown
    }
}

/// `any` is decided by a true, `all` by a false.
fn quantify(e: &Evaluator, a: &[Thunk], decisive: bool) -> Value {
    let Value::List(list) = e.force(&a[1]) else {
        return Value::Unknown;
    };
    let mut certain = list.complete;
    for item in &list.items {
        match truth(e, &a[0], std::slice::from_ref(item)) {
            Some(answer) if answer == decisive => return Value::Bool(decisive),
            Some(_) => {}
            None => certain = false,
        }
    }
    if certain {
        Value::Bool(!decisive)
    } else {
        Value::Unknown
    }
}

fn fold(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    let Some(items) = known_list(e, &a[2]) else {
        return Value::Unknown;
    };
    let function = e.force_lazily(&a[0]);
    let result = items.into_iter().fold(a[1].clone(), |sum, item| {
        at(e.call_all(&function, &[sum, item], place), place)
    });
    e.force_lazily(&result)
}

fn fold_right(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    let Some(items) = known_list(e, &a[2]) else {
        return Value::Unknown;
    };
    let function = e.force_lazily(&a[0]);
    let result = items.into_iter().rfold(a[1].clone(), |sum, item| {
        at(e.call_all(&function, &[item, sum], place), place)
    });
    e.force_lazily(&result)
}

/// More numbers than this nobody lists.
const LONGEST_RANGE: i64 = 70_000;

fn range(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    match (e.force(&a[0]), e.force(&a[1])) {
        (Value::Integer(first), Value::Integer(last))
            if last
                .checked_sub(first)
                .is_some_and(|length| length < LONGEST_RANGE) =>
        {
            Value::list(
                (first..=last)
                    .map(|number| at(Value::Integer(number), place))
                    .collect(),
            )
        }
        _ => open_list(),
    }
}

fn generate(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    match e.force(&a[1]) {
        Value::Integer(count) if (0..LONGEST_RANGE).contains(&count) => {
            let item = |number| later(&a[0], vec![at(Value::Integer(number), place)], e);
            Value::list((0..count).map(item).collect())
        }
        _ => open_list(),
    }
}

fn unique(e: &Evaluator, list: &Thunk) -> Value {
    let Value::List(list) = e.force(list) else {
        return open_list();
    };
    let mut kept: Vec<Thunk> = Vec::new();
    for item in &list.items {
        let value = e.force(item);
        if !kept
            .iter()
            .any(|other| e.equal(&value, &e.force(other)) == Some(true))
        {
            kept.push(item.clone());
        }
    }
    Value::List(Rc::new(List {
        items: kept,
        complete: list.complete,
    }))
}

fn subtract(e: &Evaluator, a: &[Thunk], place: &Place) -> Value {
    let (Some(without), Some(items)) = (known_list(e, &a[0]), known_list(e, &a[1])) else {
        return open_list();
    };
    let taken = at(Value::list(without), place);
    let kept = items.into_iter().filter(|item| {
        matches!(
            elem(e, &[item.clone(), taken.clone()], place),
            Value::Bool(false)
        )
    });
    Value::list(kept.collect())
}

/// `lib.concatStringsSep` and its like live with the strings; this one only needs lists.
pub(super) fn texts(e: &Evaluator, list: &Thunk) -> Option<Vec<String>> {
    known_list(e, list)?
        .iter()
        .map(|item| known_text(e, item))
        .collect()
}
