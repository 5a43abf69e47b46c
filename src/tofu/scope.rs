//! The names that expressions of one module can use, each evaluated when it is asked for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body, Structure};

use super::evaluate::{Binding, Context};
use super::folders::{Folder, Settings, Source, join};
use super::types;
use super::value::{Content, Key, Reference, Segment, Value};
use crate::reading::Place;

/// How many steps evaluating a project may take.
const FUEL: u32 = 500_000;
/// How deep expressions may lead to each other.
const DEEPEST: u16 = 80;
/// How deep modules may call each other.
const DEEPEST_MODULE: usize = 8;
/// More instances than anybody runs.
const MOST_INSTANCES: u32 = 2_000;

/// What all modules share.
pub(super) struct Reader {
    pub(super) folders: BTreeMap<String, Folder>,
    fuel: Cell<u32>,
    depth: Cell<u16>,
}

/// A module with its arguments.
pub(super) struct Scope<'a> {
    pub(super) reader: &'a Reader,
    pub(super) folder: &'a Folder,
    pub(super) address: Rc<str>,
    /// What the call passes; `None` for a root module.
    arguments: Option<BTreeMap<String, Value>>,
    /// The folders whose calls lead here.
    callers: Vec<&'a str>,
    memory: RefCell<BTreeMap<Name, Option<Value>>>,
    instances: RefCell<BTreeMap<Name, Option<Instances>>>,
    children: RefCell<BTreeMap<String, Option<Children<'a>>>>,
}

/// The instances of a call.
pub(super) type Children<'a> = Rc<Vec<Child<'a>>>;

/// An instance of a call of a module of this project.
pub(super) struct Child<'a> {
    pub(super) key: Option<Key>,
    pub(super) scope: Scope<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Variable(String),
    Local(String),
    Module(String),
    Resource(bool, String, String),
}

/// How many of a resource or of a call there are.
#[derive(Clone)]
pub(super) enum Instances {
    One,
    Numbered(usize),
    Keyed(Rc<BTreeMap<String, Value>>),
    Unknown,
}

impl Reader {
    pub(super) fn new(folders: BTreeMap<String, Folder>) -> Self {
        Self {
            folders,
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
        }
    }

    /// Takes steps; false when there are none left.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.fuel.set(self.fuel.get().saturating_sub(steps));
        !self.is_exhausted()
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.fuel.get() == 0
    }

    /// One level deeper, unless that is too deep.
    pub(super) fn deeper(&self, evaluate: impl FnOnce() -> Content) -> Content {
        if self.depth.get() >= DEEPEST {
            return Content::Unknown;
        }
        self.depth.set(self.depth.get() + 1);
        let content = evaluate();
        self.depth.set(self.depth.get() - 1);
        content
    }
}

impl<'a> Scope<'a> {
    pub(super) fn root(reader: &'a Reader, folder: &'a Folder) -> Self {
        Self {
            reader,
            folder,
            address: Rc::from(""),
            arguments: None,
            callers: Vec::new(),
            memory: RefCell::default(),
            instances: RefCell::default(),
            children: RefCell::default(),
        }
    }

    /// The top-level blocks of a kind, the ones that override last.
    pub(super) fn blocks(
        &self,
        kind: &'static str,
    ) -> impl Iterator<Item = (&'a Source, &'a Block)> + use<'a> {
        self.top_level()
            .filter(move |(_, block)| block.ident.as_str() == kind)
    }

    /// Every top-level block, the ones that override last.
    pub(super) fn top_level(&self) -> impl Iterator<Item = (&'a Source, &'a Block)> + use<'a> {
        let folder = self.folder;
        folder
            .sources
            .iter()
            .flat_map(|source| source.body.blocks().map(move |block| (source, block)))
    }

    /// The attribute of the last block that has it.
    fn attribute(
        &self,
        kind: &str,
        labels: &[&str],
        name: &str,
    ) -> Option<(&'a Source, &'a Expression)> {
        let mut blocks = self.folder.declared(kind, labels).rev();
        blocks.find_map(|(source, block)| {
            let attribute = block.body.attributes().find(|it| it.key.as_str() == name)?;
            Some((source, &attribute.value))
        })
    }

    fn remember(&self, name: Name, place: &Place, compute: impl FnOnce() -> Value) -> Value {
        if let Some(known) = self.memory.borrow().get(&name) {
            return match known {
                Some(value) => value.clone(),
                None => Value::new(Content::Unknown, place.clone()),
            };
        }
        self.memory.borrow_mut().insert(name.clone(), None);
        let value = compute();
        self.memory.borrow_mut().insert(name, Some(value.clone()));
        value
    }

    /// What a variable holds.
    pub(super) fn variable(&self, name: &str, place: &Place) -> Value {
        let unknown = || Value::new(Content::Unknown, place.clone());
        if self.folder.declared("variable", &[name]).next().is_none() {
            return unknown();
        }
        self.remember(Name::Variable(name.to_owned()), place, || {
            let nullable =
                self.attribute("variable", &[name], "nullable")
                    .is_none_or(|(source, it)| {
                        Context::new(self, source).value(it).boolean() != Some(false)
                    });
            let default = || {
                let (source, default) = self.attribute("variable", &[name], "default")?;
                Some(Context::new(self, source).value(default))
            };
            let set = match &self.arguments {
                Some(arguments) => arguments.get(name).cloned(),
                None => self.setting(name),
            };
            let value = set
                .filter(|value| nullable || !value.is_null())
                .or_else(default)
                .unwrap_or_else(unknown);
            match self.attribute("variable", &[name], "type") {
                Some((source, kind)) => types::convert(&Context::new(self, source), value, kind),
                None => value,
            }
        })
    }

    /// What the tfvars files set a variable to. One that has to be named on the command line
    /// casts doubt on it.
    fn setting(&self, name: &str) -> Option<Value> {
        let read = |settings: &'a Settings| self.set_by(settings, name);
        let set = self.folder.settings.iter().filter_map(read).last();
        match self.folder.optional.iter().find_map(read) {
            Some(doubt) => Some(Value::new(Content::Unknown, doubt.place)),
            None => set,
        }
    }

    fn set_by(&self, settings: &'a Settings, name: &str) -> Option<Value> {
        match settings {
            Settings::Native(source, names) => {
                let attribute = source.body.get(*names.get(name)?)?.as_attribute()?;
                Some(Context::new(self, source).value(&attribute.value))
            }
            Settings::Json(file, length, object) => {
                let place = Place::new(file, 0..*length);
                Some(types::from_json(object.get(name)?, &place))
            }
        }
    }

    /// What a local value is.
    pub(super) fn local(&self, name: &str, place: &Place) -> Value {
        let Some((source, expression)) = self.folder.local(name) else {
            return Value::new(Content::Invalid, place.clone());
        };
        self.remember(Name::Local(name.to_owned()), place, || {
            Context::new(self, source).value(expression)
        })
    }

    /// A resource or data source as a value: references to its instances.
    pub(super) fn resource(&self, data: bool, kind: &str, name: &str, place: &Place) -> Value {
        let path: &[&str] = if data {
            &["data", kind, name]
        } else {
            &[kind, name]
        };
        let whole = Reference::to(&self.address, path);
        let value = |reference| Value::new(Content::Reference(Rc::new(reference)), place.clone());
        let instance = |key: Key| value(whole.step(Segment::Key(key)));
        match self.resource_instances(data, kind, name) {
            Instances::One | Instances::Unknown => value(whole),
            Instances::Numbered(count) => {
                let items = (0..count).map(|index| instance(Key::Number(index)));
                Value::new(Content::list(items.collect(), true), place.clone())
            }
            Instances::Keyed(keys) => {
                let entries = keys
                    .keys()
                    .map(|key| (key.clone(), instance(Key::Text(key.clone()))));
                Value::new(Content::object(entries.collect(), true), place.clone())
            }
        }
    }

    /// How many instances a resource or data source has.
    pub(super) fn resource_instances(&self, data: bool, kind: &str, name: &str) -> Instances {
        let block = if data { "data" } else { "resource" };
        let id = Name::Resource(data, kind.to_owned(), name.to_owned());
        self.instances(id, block, &[kind, name])
    }

    fn instances(&self, id: Name, kind: &str, labels: &[&str]) -> Instances {
        if let Some(known) = self.instances.borrow().get(&id) {
            return known.clone().unwrap_or(Instances::Unknown);
        }
        self.instances.borrow_mut().insert(id.clone(), None);
        let of = |name| self.attribute(kind, labels, name);
        let instances = if let Some((source, count)) = of("count") {
            numbered(&Context::new(self, source).value(count))
        } else if let Some((source, each)) = of("for_each") {
            keyed(&Context::new(self, source).value(each))
        } else {
            Instances::One
        };
        let mut known = self.instances.borrow_mut();
        known.insert(id, Some(instances.clone()));
        instances
    }

    /// How many instances a call of a module has.
    pub(super) fn call_instances(&self, name: &str) -> Instances {
        self.instances(Name::Module(name.to_owned()), "module", &[name])
    }

    /// The outputs of a called module, or a reference when it is none of this project's.
    pub(super) fn module(&self, name: &str, place: &Place) -> Value {
        let outside = || {
            let reference = Reference::to(&self.address, &["module", name]);
            Value::new(Content::Reference(Rc::new(reference)), place.clone())
        };
        self.remember(Name::Module(name.to_owned()), place, || {
            let Some(children) = self.children(name) else {
                return outside();
            };
            let outputs = |child: &Child<'_>| Value::new(child.scope.outputs(), place.clone());
            let content = match self.call_instances(name) {
                Instances::Unknown => Content::Unknown,
                Instances::One => return children.first().map_or_else(outside, outputs),
                Instances::Numbered(_) => {
                    Content::list(children.iter().map(outputs).collect(), true)
                }
                Instances::Keyed(_) => {
                    let entries = children.iter().filter_map(|child| match &child.key {
                        Some(Key::Text(key)) => Some((key.clone(), outputs(child))),
                        _ => None,
                    });
                    Content::object(entries.collect(), true)
                }
            };
            Value::new(content, place.clone())
        })
    }

    fn outputs(&self) -> Content {
        let names = self.blocks("output").filter_map(|(source, block)| {
            let name = block.labels.first()?.as_str();
            let value = block
                .body
                .attributes()
                .find(|it| it.key.as_str() == "value")?;
            Some((
                name.to_owned(),
                Context::new(self, source).value(&value.value),
            ))
        });
        Content::object(names.collect(), true)
    }

    /// The module that a call leads to, once for each instance; `None` when it is none of this
    /// project's.
    pub(super) fn children(&self, name: &str) -> Option<Children<'a>> {
        if let Some(known) = self.children.borrow().get(name) {
            return known.clone();
        }
        self.children.borrow_mut().insert(name.to_owned(), None);
        let children = self.call(name).map(Rc::new);
        let mut known = self.children.borrow_mut();
        known.insert(name.to_owned(), children.clone());
        children
    }

    fn call(&self, name: &str) -> Option<Vec<Child<'a>>> {
        let path = self.called_folder(name)?;
        let folder = self.reader.folders.get(&path)?;
        if self.callers.contains(&folder.path.as_str())
            || folder.path == self.folder.path
            || self.callers.len() >= DEEPEST_MODULE
        {
            return None;
        }
        let child = |key, value: Option<&Value>| self.child(name, folder, key, value);
        match self.call_instances(name) {
            Instances::One | Instances::Unknown => child(None, None).map(|it| vec![it]),
            Instances::Numbered(count) => (0..count)
                .map(|index| child(Some(Key::Number(index)), None))
                .collect(),
            Instances::Keyed(keys) => keys
                .iter()
                .map(|(key, value)| child(Some(Key::Text(key.clone())), Some(value)))
                .collect(),
        }
    }

    fn child(
        &self,
        name: &str,
        folder: &'a Folder,
        key: Option<Key>,
        value: Option<&Value>,
    ) -> Option<Child<'a>> {
        let size = folder.sources.iter().map(|it| it.body.len()).sum::<usize>();
        if !self.reader.spend(size + 1) {
            return None;
        }
        let binding = Binding::of_instance(key.as_ref(), value);
        let mut arguments = BTreeMap::new();
        for (source, block) in self.folder.declared("module", &[name]) {
            let context = Context::new(self, source);
            arguments.extend(values(&context.with(&binding), &block.body));
        }
        let mut callers = self.callers.clone();
        callers.push(&self.folder.path);
        let instance = key.as_ref().map(ToString::to_string).unwrap_or_default();
        let dot = if self.address.is_empty() { "" } else { "." };
        let address = format!("{}{dot}module.{name}{instance}", self.address);
        let scope = Scope {
            address: Rc::from(address),
            arguments: Some(arguments),
            callers,
            ..Scope::root(self.reader, folder)
        };
        Some(Child { key, scope })
    }

    /// The folder of this project that a call leads to.
    pub(super) fn called_folder(&self, name: &str) -> Option<String> {
        let (source, expression) = self.attribute("module", &[name], "source")?;
        let path = Context::new(self, source).value(expression).text()?;
        let path = Some(path).filter(|it| it.starts_with("./") || it.starts_with("../"))?;
        join(&self.folder.path, &path)
    }

    /// The place of something in a file.
    pub(super) fn place(source: &Source, thing: &impl Span) -> Place {
        Place::new(&source.file, thing.span().unwrap_or(0..0))
    }
}

fn values(context: &Context<'_, '_>, body: &Body) -> BTreeMap<String, Value> {
    body.iter()
        .filter_map(Structure::as_attribute)
        .map(|it| (it.key.to_string(), context.value(&it.value)))
        .collect()
}

fn numbered(count: &Value) -> Instances {
    match count.number().filter(|it| it.fract() == 0.0 && *it >= 0.0) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number by the filter and the comparison"
        )]
        Some(number) if number <= f64::from(MOST_INSTANCES) => Instances::Numbered(number as usize),
        _ => Instances::Unknown,
    }
}

fn keyed(each: &Value) -> Instances {
    let keys = match &each.content {
        Content::Object(object) if object.complete => Some((*object.entries).clone()),
        Content::List(list) if list.complete => {
            let keys = list.items.iter().map(|it| Some((it.text()?, it.clone())));
            keys.collect()
        }
        _ => None,
    };
    match keys {
        Some(keys) if keys.len() <= MOST_INSTANCES as usize => Instances::Keyed(Rc::new(keys)),
        _ => Instances::Unknown,
    }
}
