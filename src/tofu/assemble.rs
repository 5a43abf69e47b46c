//! Modules with everything in them evaluated.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Block as Written, Body as WrittenBody, Structure};
use hcl_edit::visit::{self, Visit};

use super::block::{Attribute, Block, Body};
use super::evaluate::{Binding, Context, elements};
use super::folders::{Settings, Source};
use super::module::{Assignment, Module, ModuleCall, Resource, Variable};
use super::names;
use super::scope::{Instances, Reader, Scope};
use super::types;
use super::value::{Key, Value};
use crate::reading::Place;

/// What a block costs beside its values.
const BLOCK: usize = 4;

/// Every module: the roots in the order of their folders, each followed by those it calls.
pub(super) fn modules(reader: &Reader) -> Vec<Module> {
    let scopes: Vec<Scope<'_>> = reader
        .folders
        .values()
        .map(|folder| Scope::root(reader, folder))
        .collect();
    let called: BTreeSet<String> = scopes
        .iter()
        .flat_map(|scope| {
            let calls = scope.blocks("module");
            let folders =
                calls.filter_map(|(_, block)| scope.called_folder(block.labels.first()?.as_str()));
            folders.filter(|folder| *folder != scope.folder.path)
        })
        .collect();
    let mut modules = Vec::new();
    for scope in scopes {
        if !called.contains(&scope.folder.path) {
            add(&scope, &mut modules);
        }
    }
    modules
}

fn add(scope: &Scope<'_>, modules: &mut Vec<Module>) {
    if scope.reader.is_exhausted() {
        return;
    }
    modules.push(module(scope));
    let names = scope
        .top_level()
        .filter(|(_, it)| it.ident.as_str() == "module");
    let names: BTreeSet<&str> = names
        .filter_map(|(_, block)| Some(block.labels.first()?.as_str()))
        .collect();
    for name in names {
        for child in scope.children(name).iter().flat_map(|it| it.iter()) {
            add(&child.scope, modules);
        }
    }
}

fn module(scope: &Scope<'_>) -> Module {
    let mut module = Module {
        folder: scope.folder.path.clone(),
        address: Rc::clone(&scope.address),
        files: scope
            .folder
            .sources
            .iter()
            .map(|it| it.file.to_string())
            .collect(),
        blocks: Vec::new(),
        resources: Vec::new(),
        calls: Vec::new(),
        variables: variables(scope),
        locals: BTreeMap::new(),
        assignments: assignments(scope),
        undeclared: names::undeclared(scope.folder),
        twice: names::twice(scope.folder),
    };
    for name in scope.folder.local_names() {
        let value = scope.local(name, &Place::new(&"".into(), 0..0));
        module.locals.insert(name.to_owned(), value);
    }
    for (source, written) in scope.top_level() {
        if !source.overrides && !scope.reader.is_exhausted() {
            top_level(scope, source, written, &mut module);
        }
    }
    module
}

fn top_level(scope: &Scope<'_>, source: &Source, written: &Written, module: &mut Module) {
    let labels: Vec<&str> = written.labels.iter().map(|it| it.as_str()).collect();
    match (written.ident.as_str(), labels.as_slice()) {
        (word @ ("resource" | "data"), [kind, name]) => {
            let data = word == "data";
            let instances = scope.resource_instances(data, kind, name);
            let blocks = expand(scope, source, written, &instances);
            let resources = blocks.into_iter().map(|(key, certain, block)| Resource {
                kind: (*kind).to_owned(),
                name: (*name).to_owned(),
                data,
                key,
                certain,
                module: Rc::clone(&scope.address),
                block,
            });
            module.resources.extend(resources);
        }
        ("module", [name]) => {
            let blocks = expand(scope, source, written, &scope.call_instances(name));
            let calls = blocks.into_iter().map(|(key, certain, block)| ModuleCall {
                name: (*name).to_owned(),
                key,
                certain,
                block,
                folder: scope.called_folder(name),
            });
            module.calls.extend(calls);
        }
        _ => {
            let binding = Binding::of_instance(None, None);
            let block = overridden(scope, source, written, &binding);
            module.blocks.push(block);
        }
    }
}

/// A block for each of its instances.
fn expand(
    scope: &Scope<'_>,
    source: &Source,
    written: &Written,
    instances: &Instances,
) -> Vec<(Option<Key>, bool, Block)> {
    let one = |key: Option<Key>, certain, value: Option<&Value>| {
        let binding = Binding::of_instance(key.as_ref(), value);
        let block = overridden(scope, source, written, &binding);
        (key, certain, block)
    };
    match instances {
        Instances::One => vec![one(None, true, None)],
        Instances::Unknown => vec![one(None, false, None)],
        Instances::Numbered(count) => (0..*count)
            .take_while(|_| !scope.reader.is_exhausted())
            .map(|index| one(Some(Key::Number(index)), true, None))
            .collect(),
        Instances::Keyed(keys) => keys
            .iter()
            .take_while(|_| !scope.reader.is_exhausted())
            .map(|(key, value)| one(Some(Key::Text(key.clone())), true, Some(value)))
            .collect(),
    }
}

/// A top-level block with what the override files make of it.
fn overridden(
    scope: &Scope<'_>,
    source: &Source,
    written: &Written,
    binding: &Binding<'_>,
) -> Block {
    let mut evaluated = block(&Context::new(scope, source).with(binding), written);
    let labels: Vec<&str> = written.labels.iter().map(|it| it.as_str()).collect();
    let declared = scope.folder.declared(written.ident.as_str(), &labels).rev();
    let mut overrides: Vec<_> = declared
        .take_while(|(source, _)| source.overrides)
        .collect();
    overrides.reverse();
    if !scope.reader.spend(overrides.len()) {
        return evaluated;
    }
    for (source, other) in overrides {
        let context = Context::new(scope, source);
        evaluated
            .body
            .overridden_by(body(&context.with(binding), &other.body));
    }
    evaluated
}

fn block(context: &Context<'_, '_>, written: &Written) -> Block {
    context.scope.reader.spend(BLOCK);
    let place = context.place(written);
    let start = written.ident.span().unwrap_or(0..0);
    let end = written.labels.last().and_then(Span::span);
    let end = end.map_or(start.end, |last| last.end);
    Block {
        kind: written.ident.to_string(),
        labels: written
            .labels
            .iter()
            .map(|it| it.as_str().to_owned())
            .collect(),
        header: Place::new(&place.file, start.start..end),
        place,
        body: body(context, &written.body),
    }
}

fn body(context: &Context<'_, '_>, written: &WrittenBody) -> Body {
    let mut body = Body::default();
    if context.scope.reader.is_exhausted() {
        return body;
    }
    for structure in written {
        match structure {
            Structure::Attribute(it) => {
                let attribute = Attribute {
                    name: context.place(&it.key),
                    place: context.place(&it.value),
                    value: context.value(&it.value),
                    mentions: mentions(&it.value),
                };
                body.attributes.insert(it.key.to_string(), attribute);
            }
            Structure::Block(it) if it.ident.as_str() == "dynamic" => {
                dynamic(context, it, &mut body);
            }
            Structure::Block(it) => body.blocks.push(block(context, it)),
        }
    }
    body
}

/// A block for each element of `for_each`.
fn dynamic(context: &Context<'_, '_>, written: &Written, body: &mut Body) {
    let Some(kind) = written.labels.first().map(|label| label.as_str()) else {
        return;
    };
    let attribute = |name: &str| {
        let mut attributes = written.body.attributes();
        attributes
            .find(|it| it.key.as_str() == name)
            .map(|it| &it.value)
    };
    let each = attribute("for_each").map(|each| context.value(each));
    let inside = written
        .body
        .blocks()
        .find(|it| it.ident.as_str() == "content");
    let known = each.as_ref().and_then(elements);
    let (Some((elements, complete)), Some(inside)) = (known, inside) else {
        body.incomplete.insert(kind.to_owned());
        return;
    };
    if !complete {
        body.incomplete.insert(kind.to_owned());
    }
    let iterator = match attribute("iterator") {
        Some(Expression::Variable(name)) => name.as_str(),
        _ => kind,
    };
    for (key, value) in elements {
        if context.scope.reader.is_exhausted() {
            return;
        }
        let binding = context.bind(Binding::of_element(iterator, key, &value));
        let evaluated = block(&context.with(&binding), inside);
        body.blocks.push(Block {
            kind: kind.to_owned(),
            labels: Vec::new(),
            ..evaluated
        });
    }
}

fn variables(scope: &Scope<'_>) -> BTreeMap<String, Variable> {
    let given = assignments(scope);
    let declared = scope
        .blocks("variable")
        .filter(|(source, _)| !source.overrides);
    let variables = declared.filter_map(|(source, written)| {
        let name = written.labels.first()?.as_str();
        let binding = Binding::of_instance(None, None);
        let block = overridden(scope, source, written, &binding);
        let value = scope.variable(name, &block.header);
        let sensitive = block.body.boolean("sensitive").is(&true);
        let mut written = written.body.attributes();
        let kind = written.find(|it| it.key.as_str() == "type");
        // Once it is converted to its type, the value has lost what the type leaves out.
        let mut given = given.iter().filter(|it| it.name == name);
        let dropped =
            kind.and_then(|kind| given.find_map(|it| types::dropped(&it.value, &kind.value)));
        let lacking = kind.and_then(|it| types::lacking(&value, &it.value));
        let variable = Variable {
            block,
            value,
            sensitive,
            lacking,
            dropped,
        };
        Some((name.to_owned(), variable))
    });
    variables.collect()
}

fn assignments(scope: &Scope<'_>) -> Vec<Assignment> {
    let folder = scope.folder;
    let settings = folder.settings.iter().chain(&folder.optional);
    settings
        .flat_map(|settings| match settings {
            Settings::Native(source, _) => {
                let context = Context::new(scope, source);
                let attributes = source.body.attributes();
                attributes
                    .map(|it| Assignment {
                        name: it.key.to_string(),
                        place: context.place(&it.key),
                        value: context.value(&it.value),
                    })
                    .collect::<Vec<_>>()
            }
            Settings::Json(file, length, object) => {
                let place = Place::new(file, 0..*length);
                let entries = object.iter();
                entries
                    .map(|(name, value)| Assignment {
                        name: name.clone(),
                        place: place.clone(),
                        value: types::from_json(value, &place),
                    })
                    .collect()
            }
        })
        .collect()
}

/// Every path that an expression mentions.
fn mentions(expression: &Expression) -> BTreeSet<String> {
    let mut mentions = Mentions::default();
    mentions.visit_expr(expression);
    mentions.0
}

#[derive(Default)]
struct Mentions(BTreeSet<String>);

impl Visit for Mentions {
    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(name) = &node.expr {
            let mut path = name.to_string();
            for step in &node.operators {
                let TraversalOperator::GetAttr(name) = step.value() else {
                    break;
                };
                path.push('.');
                path.push_str(name.as_str());
            }
            self.0.insert(path);
            for step in &node.operators {
                self.visit_traversal_operator(step);
            }
        } else {
            visit::visit_traversal(self, node);
        }
    }
}
