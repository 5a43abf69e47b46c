//! What an expression evaluates to, as far as that is certain.

use std::collections::BTreeMap;

use hcl_edit::Span;
use hcl_edit::expr::{Conditional, Expression, ForExpr, FuncCall, Object, ObjectKey};
use hcl_edit::template::{Element, Strip};

use super::folders::Source;
use super::scope::Scope;
use super::value::{Content, Key, LONGEST, Value};
use super::{functions, operators, traverse};
use crate::reading::Place;

/// Where an expression stands.
pub(super) struct Context<'c, 'a> {
    pub(super) scope: &'c Scope<'a>,
    pub(super) source: &'c Source,
    bindings: Option<&'c Binding<'c>>,
}

/// A name that holds for a part of the configuration, such as `each`.
pub(super) struct Binding<'c> {
    name: &'c str,
    value: Content,
    outer: Option<&'c Binding<'c>>,
}

impl<'c> Binding<'c> {
    pub(super) fn new(name: &'c str, value: Content) -> Self {
        Self {
            name,
            value,
            outer: None,
        }
    }

    /// `count` or `each` of an instance.
    pub(super) fn of_instance(key: Option<&Key>, value: Option<&Value>) -> Self {
        match key {
            None => Self::new("", Content::Unknown),
            Some(Key::Number(index)) => {
                let index = u32::try_from(*index)
                    .map_or(Content::Unknown, |it| Content::Number(f64::from(it)));
                Self::new("count", pair(&[("index", index)], value))
            }
            Some(Key::Text(key)) => {
                let key = Content::Text(key.as_str().into());
                Self::new("each", pair(&[("key", key)], value))
            }
        }
    }

    /// The iterator of a `dynamic` block.
    pub(super) fn of_element(name: &'c str, key: Content, value: &Value) -> Self {
        Self::new(name, pair(&[("key", key)], Some(value)))
    }
}

fn pair(named: &[(&str, Content)], value: Option<&Value>) -> Content {
    let place = value.map_or_else(nowhere, |value| value.place.clone());
    let mut entries: BTreeMap<String, Value> = named
        .iter()
        .map(|(name, it)| ((*name).to_owned(), Value::new(it.clone(), place.clone())))
        .collect();
    entries.extend(value.map(|value| ("value".to_owned(), value.clone())));
    Content::object(entries, true)
}

fn nowhere() -> Place {
    Place::new(&"".into(), 0..0)
}

impl<'c, 'a> Context<'c, 'a> {
    pub(super) fn new(scope: &'c Scope<'a>, source: &'c Source) -> Self {
        Self {
            scope,
            source,
            bindings: None,
        }
    }

    /// The same place with one more name.
    pub(super) fn with<'n>(&'n self, binding: &'n Binding<'n>) -> Context<'n, 'a> {
        Context {
            scope: self.scope,
            source: self.source,
            bindings: Some(binding),
        }
    }

    /// A name for the inside of this place.
    pub(super) fn bind<'n>(&'n self, binding: Binding<'n>) -> Binding<'n> {
        Binding {
            outer: self.bindings,
            ..binding
        }
    }

    /// What a name is bound to.
    pub(super) fn bound(&self, name: &str) -> Option<&Content> {
        let mut binding = self.bindings;
        while let Some(here) = binding {
            if here.name == name {
                return Some(&here.value);
            }
            binding = here.outer;
        }
        None
    }

    pub(super) fn place(&self, thing: &impl Span) -> Place {
        Scope::place(self.source, thing)
    }

    /// Evaluates an expression.
    pub(super) fn value(&self, expression: &Expression) -> Value {
        if !self.scope.reader.spend(1) {
            return Value::new(Content::Unknown, self.place(expression));
        }
        // A name leads to where its value is written; everything else is written here.
        let mut place = self.place(expression);
        let content = self.scope.reader.deeper(|| {
            let value = self.computed(expression, &place);
            place = value.place;
            value.content
        });
        Value::new(content, place)
    }

    fn computed(&self, expression: &Expression, place: &Place) -> Value {
        let here = |content| Value::new(content, place.clone());
        match expression {
            Expression::Null(_) => here(Content::Null),
            Expression::Bool(yes) => here(Content::Bool(*yes.value())),
            Expression::Number(number) => here(
                number
                    .value()
                    .as_f64()
                    .map_or(Content::Unknown, Content::Number),
            ),
            Expression::String(text) => Value::text_of(text.value(), place.clone()),
            Expression::StringTemplate(it) => self.template(it.iter(), place, true),
            Expression::HeredocTemplate(it) => self.template(it.template.iter(), place, false),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                here(Content::list(items, true))
            }
            Expression::Object(object) => here(self.object(object)),
            Expression::Parenthesis(inner) => self.value(inner.inner()),
            Expression::Conditional(conditional) => self.conditional(conditional, place),
            Expression::UnaryOp(it) => here(operators::unary(
                *it.operator.value(),
                &self.value(&it.expr),
            )),
            Expression::BinaryOp(it) => {
                let (left, right) = (self.value(&it.lhs_expr), self.value(&it.rhs_expr));
                let reader = self.scope.reader;
                here(operators::binary(
                    *it.operator.value(),
                    &left,
                    &right,
                    reader,
                ))
            }
            Expression::FuncCall(call) => self.call(call, place),
            Expression::ForExpr(it) => here(self.comprehension(it)),
            Expression::Variable(_) | Expression::Traversal(_) => {
                traverse::value(self, expression, place)
            }
        }
    }

    /// A quoted text that is one interpolation stands for the value itself.
    fn template<'e>(
        &self,
        elements: impl Iterator<Item = &'e Element>,
        place: &Place,
        quoted: bool,
    ) -> Value {
        let elements: Vec<&Element> = elements.collect();
        if let ([Element::Interpolation(only)], true) = (elements.as_slice(), quoted) {
            return self.value(&only.expr);
        }
        let mut text = String::new();
        for element in elements {
            let piece = match element {
                Element::Literal(piece) => Some(piece.value().clone()),
                Element::Interpolation(it) if it.strip == Strip::None => {
                    self.value(&it.expr).text()
                }
                // Directives and stripped white space are too rare to be worth being right about.
                Element::Interpolation(_) | Element::Directive(_) => None,
            };
            match piece {
                Some(piece) if text.len() + piece.len() <= LONGEST => text.push_str(&piece),
                _ => return Value::new(Content::Unknown, place.clone()),
            }
        }
        Value::text_of(&text, place.clone())
    }

    fn object(&self, object: &Object) -> Content {
        let mut entries = BTreeMap::new();
        let mut complete = true;
        for (key, value) in object {
            if let Some(key) = self.key(key) {
                entries.insert(key, self.value(value.expr()));
            } else {
                // Any of the entries above may be the one that it replaces.
                entries.clear();
                complete = false;
            }
        }
        Content::object(entries, complete)
    }

    fn key(&self, key: &ObjectKey) -> Option<String> {
        match key {
            // A bare word is a name here, and a reference only within parentheses.
            ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => {
                Some(name.as_str().to_owned())
            }
            ObjectKey::Expression(expression) => self.value(expression).text(),
        }
    }

    fn conditional(&self, it: &Conditional, place: &Place) -> Value {
        let condition = self.value(&it.cond_expr);
        match condition.boolean() {
            Some(true) => self.value(&it.true_expr),
            Some(false) => self.value(&it.false_expr),
            None => Value::new(Content::Unknown, place.clone()),
        }
    }

    fn call(&self, call: &FuncCall, place: &Place) -> Value {
        let mut arguments: Vec<Value> = call.args.iter().map(|it| self.value(it)).collect();
        if call.args.expand_final() {
            let last = arguments.pop();
            match last.as_ref().and_then(Value::list).filter(|it| it.complete) {
                Some(spread) => arguments.extend(spread.items.iter().cloned()),
                None => return Value::new(Content::Unknown, place.clone()),
            }
        }
        if call.name.is_namespaced() {
            return Value::new(Content::Unknown, place.clone());
        }
        functions::call(
            call.name.name.as_str(),
            &arguments,
            place,
            self.scope.reader,
        )
    }

    fn comprehension(&self, it: &ForExpr) -> Content {
        let collection = self.value(&it.intro.collection_expr);
        let Some((elements, mut complete)) = elements(&collection) else {
            return match collection.content {
                Content::Null | Content::Invalid => Content::Invalid,
                _ => Content::Unknown,
            };
        };
        let mut results = Results::default();
        for (key, value) in elements {
            if !self.scope.reader.spend(1) {
                return Content::Unknown;
            }
            let by_value = self.bind(Binding::new(it.intro.value_var.as_str(), value.content));
            let inside = self.with(&by_value);
            let key_name = it.intro.key_var.as_ref().map_or("", |name| name.as_str());
            let by_key = inside.bind(Binding::new(key_name, key));
            let inside = inside.with(&by_key);
            let wanted = it
                .cond
                .as_ref()
                .map_or(Some(true), |cond| inside.value(&cond.expr).boolean());
            match wanted {
                Some(true) => complete &= results.add(&inside, it),
                Some(false) => {}
                None => complete = false,
            }
        }
        match (&it.key_expr, it.grouping) {
            (None, _) => Content::list(results.items, complete),
            (Some(_), false) => Content::object(results.entries, complete),
            (Some(_), true) => Content::Unknown,
        }
    }
}

#[derive(Default)]
struct Results {
    items: Vec<Value>,
    entries: BTreeMap<String, Value>,
}

impl Results {
    /// Adds a result; false when its key is not known.
    fn add(&mut self, context: &Context<'_, '_>, it: &ForExpr) -> bool {
        let value = context.value(&it.value_expr);
        let Some(key) = &it.key_expr else {
            self.items.push(value);
            return true;
        };
        let key = context.value(key).text();
        let known = key.is_some();
        self.entries.extend(key.map(|key| (key, value)));
        known
    }
}

/// The keys and values of a collection, and whether they are all.
pub(super) fn elements(collection: &Value) -> Option<(Vec<(Content, Value)>, bool)> {
    match &collection.content {
        Content::List(list) => {
            let numbers = (0_u32..).map(|index| Content::Number(f64::from(index)));
            let unknown = std::iter::repeat_with(|| Content::Unknown);
            let items = list.items.iter().cloned();
            // What is missing may stand anywhere, so the numbers of an incomplete list mean nothing.
            let elements = if list.set {
                let key = |value: Value| (value.content.clone(), value);
                items.map(key).collect()
            } else if list.complete {
                numbers.zip(items).collect()
            } else {
                unknown.zip(items).collect()
            };
            Some((elements, list.complete))
        }
        Content::Object(object) => {
            let entries = object.entries.iter();
            let entries =
                entries.map(|(key, value)| (Content::Text(key.as_str().into()), value.clone()));
            Some((entries.collect(), object.complete))
        }
        _ => None,
    }
}
