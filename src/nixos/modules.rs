//! Which modules make up a system: imports followed, functions called with what a module gets.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Marked, Name, Part, Symbol, Thunk, Value, join};
use crate::reading::Place;

use super::definitions::Definition;
use super::known::{self, Known};

/// What collecting a system's modules gives.
#[derive(Default)]
pub(super) struct Modules {
    pub(super) definitions: Vec<Definition>,
    /// Imports that could not be read; they may define anything.
    pub(super) unread: Vec<Place>,
    /// Modules from outside the project by the name they are known by, with the import's place.
    pub(super) outside: Vec<(String, Place)>,
    /// The project's files among the modules.
    pub(super) files: BTreeSet<Name>,
    seen: BTreeSet<Name>,
}

/// More modules than this are a loop of inline modules.
const MOST_MODULES: usize = 20_000;

pub(super) struct Collector<'c> {
    pub(super) evaluator: &'c Evaluator,
    /// `config`, `lib`, `pkgs` and what `specialArgs` adds.
    pub(super) arguments: BTreeMap<Name, Field>,
    pub(super) modules: Modules,
    /// Where the project imports the known module that is being read.
    pub(super) within: Option<Place>,
}

impl Collector<'_> {
    /// Takes in one module and everything that it imports.
    pub(super) fn add(&mut self, module: &Thunk) {
        if self.modules.definitions.len() > MOST_MODULES {
            self.modules.unread.push(module.place().clone());
            return;
        }
        let place = module.place().clone();
        match self.evaluator.force(module) {
            Value::Path(path) => self.add_file(&path, &place),
            Value::Text(text) => match text.parts.as_slice() {
                [Part::Literal(path)] if path.starts_with("./") => {
                    self.add_file(&join("", path), &place);
                }
                parts => {
                    let name = parts.iter().map(|part| part_text(self.evaluator, part));
                    self.add_outside(&name.collect::<String>(), &place);
                }
            },
            Value::Symbol(symbol) if symbol.name.ends_with("import-tree") => {
                self.add_tree(&symbol, &place);
            }
            Value::Symbol(symbol) => {
                let name = description(self.evaluator, &symbol);
                self.add_outside(&name, &place);
            }
            value => self.add_value(&value, &place),
        }
    }

    /// `import-tree ./modules`: every Nix file below, but those that an underscore hides.
    fn add_tree(&mut self, call: &Symbol, place: &Place) {
        let [argument] = call.arguments.as_slice() else {
            self.modules.unread.push(place.clone());
            return;
        };
        let Value::Path(folder) = self.evaluator.force(argument) else {
            self.modules.unread.push(place.clone());
            return;
        };
        let files = self.evaluator.files_below(&folder);
        if files.is_empty() || !self.evaluator.reads_everything() {
            self.modules.unread.push(place.clone());
        }
        let hidden = |path: &str| {
            path.strip_prefix(&*folder)
                .is_some_and(|p| p.contains("/_"))
        };
        for path in files.iter().filter(|path| !hidden(path)) {
            self.add_file(path, place);
        }
    }

    fn add_file(&mut self, path: &str, place: &Place) {
        let Some(path) = self.evaluator.resolve_import(path, place) else {
            self.modules.unread.push(place.clone());
            return;
        };
        let name = Name::from(path.as_str());
        if !self.modules.seen.insert(Rc::clone(&name)) {
            return;
        }
        match self.evaluator.file(&path) {
            Some(file) => {
                self.modules.files.insert(name);
                let value = self.evaluator.force(&file);
                self.add_value(&value, file.place());
            }
            None => self.modules.unread.push(place.clone()),
        }
    }

    /// A module from outside the project: either one whose effects are known, or anything.
    fn add_outside(&mut self, name: &str, place: &Place) {
        let place = &self.within.clone().unwrap_or_else(|| place.clone());
        self.modules.outside.push((name.to_owned(), place.clone()));
        match known::module(name) {
            Known::Text(file, text) => {
                if self.modules.seen.insert(file.into())
                    && let Some(module) = self.evaluator.outside(file, text)
                {
                    let value = self.evaluator.force(&module);
                    let outer = self.within.replace(place.clone());
                    self.add_value(&value, module.place());
                    self.within = outer;
                }
            }
            Known::Harmless => {}
            Known::Unknown => self.modules.unread.push(place.clone()),
        }
    }

    fn add_value(&mut self, value: &Value, place: &Place) {
        match value {
            Value::Function(_) => {
                let arguments = Value::set(self.arguments.clone(), false);
                let argument = Thunk::done(arguments, place.clone());
                let called = self.evaluator.call(value, &argument, place);
                match called {
                    Value::Function(_) => self.modules.unread.push(place.clone()),
                    Value::Marked(_) => self.add_marked(&called, place),
                    called => self.add_value(&called, place),
                }
            }
            Value::Set(set) => {
                if !set.complete {
                    self.modules.unread.push(place.clone());
                }
                self.add_set(&set.fields, place);
            }
            Value::Marked(mark) if matches!(**mark, Marked::If(..) | Marked::Override(..)) => {
                self.add_marked(value, place);
            }
            _ => self.modules.unread.push(place.clone()),
        }
    }

    /// `{ lib, ... }: lib.mkIf … { … }`
    fn add_marked(&mut self, value: &Value, place: &Place) {
        let whole = Thunk::done(value.clone(), place.clone());
        self.modules.definitions.push(Definition::plain(whole));
    }

    fn add_set(&mut self, fields: &BTreeMap<Name, Field>, place: &Place) {
        for name in ["imports", "require"] {
            if let Some(field) = fields.get(name) {
                self.add_list(&field.value);
            }
        }
        let is_long = fields.contains_key("config") || fields.contains_key("options");
        if let Some(field) = fields.get("options").filter(|_| is_long) {
            let declared = Definition::declaration(field.value.clone());
            self.modules.definitions.push(declared);
        }
        if is_long {
            if let Some(field) = fields.get("config") {
                let definition = Definition::plain(field.value.clone());
                self.modules.definitions.push(definition);
            }
            return;
        }
        let mut own = fields.clone();
        for name in [
            "imports",
            "require",
            "disabledModules",
            "_file",
            "key",
            "_class",
            "meta",
        ] {
            own.remove(name);
        }
        let whole = Thunk::done(Value::set(own, true), place.clone());
        self.modules.definitions.push(Definition::plain(whole));
    }

    /// A list of modules.
    pub(super) fn add_list(&mut self, list: &Thunk) {
        match self.evaluator.force(list) {
            Value::List(items) => {
                for item in &items.items {
                    self.add(item);
                }
                if !items.complete {
                    self.modules.unread.push(list.place().clone());
                }
            }
            _ => self.modules.unread.push(list.place().clone()),
        }
    }
}

/// A symbol with the text of its arguments, by which a fetched module is recognised.
fn description(evaluator: &Evaluator, symbol: &Symbol) -> String {
    let mut text = symbol.name.to_string();
    for argument in &symbol.arguments {
        text.push(' ');
        text.push_str(&argument_text(evaluator, argument));
    }
    text
}

fn argument_text(evaluator: &Evaluator, argument: &Thunk) -> String {
    match evaluator.force(argument) {
        Value::Text(text) => text.with_symbols().unwrap_or_default(),
        Value::Set(set) => ["url", "repo", "name"]
            .iter()
            .filter_map(|name| set.fields.get(*name))
            .map(|field| match evaluator.force(&field.value) {
                Value::Text(text) => text.with_symbols().unwrap_or_default(),
                _ => String::new(),
            })
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}

/// The same for a part of a path, such as `${fetchTarball "…"}/module.nix`.
fn part_text(evaluator: &Evaluator, part: &Part) -> String {
    match part {
        Part::Literal(text) => text.clone(),
        Part::Symbol(symbol) => description(evaluator, symbol),
        Part::Unknown => "?".to_owned(),
    }
}
