//! Names and the steps that follow them: `var.a.b[0]`, `x[*].id`.

use std::rc::Rc;

use hcl_edit::Decorated;
use hcl_edit::expr::{Expression, TraversalOperator};

use super::evaluate::Context;
use super::scope::Instances;
use super::value::{Content, Key, Reference, Segment, Value};
use crate::reading::Place;

type Steps<'e> = &'e [Decorated<TraversalOperator>];

/// The value of a name or of a path that begins with one.
pub(super) fn value(context: &Context<'_, '_>, expression: &Expression, place: &Place) -> Value {
    match expression {
        Expression::Variable(name) => head(context, name.as_str(), &[], place).0,
        Expression::Traversal(it) => {
            let (start, steps) = match &it.expr {
                Expression::Variable(name) => head(context, name.as_str(), &it.operators, place),
                other => (context.value(other), it.operators.as_slice()),
            };
            follow(context, start, steps, place)
        }
        _ => Value::new(Content::Unknown, place.clone()),
    }
}

/// The value that a path begins with, and the steps that are left.
fn head<'e>(
    context: &Context<'_, '_>,
    name: &str,
    steps: Steps<'e>,
    place: &Place,
) -> (Value, Steps<'e>) {
    let scope = context.scope;
    let here = |content| Value::new(content, place.clone());
    if let Some(content) = context.bound(name) {
        return (here(content.clone()), steps);
    }
    match (name, names(steps).as_slice()) {
        ("var", [variable, ..]) => (scope.variable(variable, place), &steps[1..]),
        ("local", [local, ..]) => (scope.local(local, place), &steps[1..]),
        ("module", [call, ..]) => (scope.module(call, place), &steps[1..]),
        ("data", [kind, name, ..]) => (scope.resource(true, kind, name, place), &steps[2..]),
        ("path", ["module", ..]) => {
            let folder = if scope.address.is_empty() {
                "."
            } else {
                scope.folder.path.as_str()
            };
            (Value::text_of(folder, place.clone()), &steps[1..])
        }
        ("path", ["root", ..]) => (Value::text_of(".", place.clone()), &steps[1..]),
        ("path" | "terraform" | "tofu" | "each" | "count" | "self" | "var" | "local", _) => {
            (here(Content::Unknown), &[])
        }
        (kind, [resource, ..]) => (scope.resource(false, kind, resource, place), &steps[1..]),
        (word, []) => {
            let reference = Reference::to(&scope.address, &[word]);
            (here(Content::Reference(Rc::new(reference))), steps)
        }
    }
}

/// The names that a path begins with.
fn names<'e>(steps: Steps<'e>) -> Vec<&'e str> {
    let name = |step: &'e Decorated<TraversalOperator>| match step.value() {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        _ => None,
    };
    steps.iter().map_while(name).collect()
}

fn follow(context: &Context<'_, '_>, start: Value, steps: Steps<'_>, place: &Place) -> Value {
    let mut value = start;
    for (index, step) in steps.iter().enumerate() {
        let (inside, after) = match step.value() {
            TraversalOperator::GetAttr(name) => {
                value = attribute(&value, name.as_str(), place);
                continue;
            }
            TraversalOperator::Index(key) => {
                value = element(&value, &context.value(key), place);
                continue;
            }
            TraversalOperator::LegacyIndex(index) => {
                let key = index.value().to_string();
                value = element(&value, &Value::text_of(&key, place.clone()), place);
                continue;
            }
            TraversalOperator::AttrSplat(_) => {
                let rest = &steps[index + 1..];
                rest.split_at(names(rest).len())
            }
            TraversalOperator::FullSplat(_) => (&steps[index + 1..], &steps[..0]),
        };
        let list = splat(context, &value, inside, place);
        return follow(context, Value::new(list, place.clone()), after, place);
    }
    value
}

/// `value.name`
fn attribute(value: &Value, name: &str, place: &Place) -> Value {
    let here = |content| Value::new(content, place.clone());
    match &value.content {
        Content::Object(object) => match object.entries.get(name) {
            Some(entry) => entry.clone(),
            None if object.complete => here(Content::Invalid),
            None => here(Content::Unknown),
        },
        Content::Reference(reference) => {
            let longer = reference.step(Segment::Name(name.to_owned()));
            here(Content::Reference(Rc::new(longer)))
        }
        Content::Unknown => here(Content::Unknown),
        _ => here(Content::Invalid),
    }
}

/// `value[key]`
pub(super) fn element(value: &Value, key: &Value, place: &Place) -> Value {
    let here = |content| Value::new(content, place.clone());
    let Some(name) = key.text() else {
        return here(Content::Unknown);
    };
    let number: Option<usize> = name.parse().ok();
    match (&value.content, number) {
        (Content::Object(_), _) => attribute(value, &name, place),
        (Content::List(list), Some(index)) if list.complete && !list.set => {
            match list.items.get(index) {
                Some(item) => item.clone(),
                None => here(Content::Invalid),
            }
        }
        (Content::Reference(reference), _) => {
            let key = number.map_or(Key::Text(name), Key::Number);
            let longer = reference.step(Segment::Key(key));
            here(Content::Reference(Rc::new(longer)))
        }
        (Content::List(list), Some(_)) if !list.set => here(Content::Unknown),
        (Content::Unknown, _) => here(Content::Unknown),
        _ => here(Content::Invalid),
    }
}

/// `value[*]` and the steps that are taken in every element.
fn splat(context: &Context<'_, '_>, value: &Value, steps: Steps<'_>, place: &Place) -> Content {
    let (items, complete) = match &value.content {
        Content::Null => (Vec::new(), true),
        Content::List(list) => (list.items.to_vec(), list.complete),
        Content::Reference(reference) if is_single(context, reference) => {
            (vec![value.clone()], true)
        }
        Content::Reference(_) => (Vec::new(), false),
        Content::Unknown => return Content::Unknown,
        Content::Invalid => return Content::Invalid,
        _ => (vec![value.clone()], true),
    };
    if !context.scope.reader.spend(items.len()) {
        return Content::Unknown;
    }
    let items = items
        .into_iter()
        .map(|item| follow(context, item, steps, place));
    Content::list(items.collect(), complete)
}

/// Whether a reference leads to a resource of which there is certainly one.
fn is_single(context: &Context<'_, '_>, reference: &Reference) -> bool {
    if reference.module != context.scope.address {
        return false;
    }
    let instances = match reference.path.as_slice() {
        [
            Segment::Name(data),
            Segment::Name(kind),
            Segment::Name(name),
        ] if data == "data" => context.scope.resource_instances(true, kind, name),
        [Segment::Name(kind), Segment::Name(name)] => {
            context.scope.resource_instances(false, kind, name)
        }
        // An instance that was chosen already.
        [.., Segment::Key(_)] => Instances::One,
        _ => Instances::Unknown,
    };
    matches!(instances, Instances::One)
}
