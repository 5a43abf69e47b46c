//! Which files make up a module.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body, Structure};

use crate::handwritten::Files;
use crate::hcl;

/// The files of one folder.
pub(super) struct Folder {
    pub(super) path: String,
    /// The configuration in the order in which it is read: override files last.
    pub(super) sources: Vec<Source>,
    /// The tfvars files that are read by themselves, the one that wins last.
    pub(super) settings: Vec<Settings>,
    /// The tfvars files that have to be named on the command line.
    pub(super) optional: Vec<Settings>,
    /// Where each block is, by its kind and labels.
    declared: BTreeMap<Id, Vec<(usize, usize)>>,
    /// Where each local value is: the file, the block, the attribute.
    locals: BTreeMap<String, (usize, usize, usize)>,
}

/// The kind and the labels of a block.
type Id = (String, Vec<String>);

/// A file that was parsed.
pub(super) struct Source {
    pub(super) file: Rc<str>,
    pub(super) body: Body,
    /// Whether its blocks change others instead of adding to them.
    pub(super) overrides: bool,
}

/// A file that sets variables.
pub(super) enum Settings {
    Native(Source, BTreeMap<String, usize>),
    Json(Rc<str>, usize, serde_json::Map<String, serde_json::Value>),
}

/// The folders that hold a configuration, by path. One with a file that does not parse is left
/// out.
pub(super) fn folders(files: &Files) -> BTreeMap<String, Folder> {
    let paths: BTreeSet<&str> = files
        .keys()
        .filter(|path| is_configuration(path) && !is_cache(path))
        .map(|path| split(path).0)
        .collect();
    let folders = paths.into_iter().filter_map(|path| {
        let folder = read(path, files)?;
        Some((path.to_owned(), folder))
    });
    folders.collect()
}

fn read(folder: &str, files: &Files) -> Option<Folder> {
    let below = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let inside = || {
        files
            .range(below.clone()..)
            .take_while(|(path, _)| path.starts_with(&below))
            .filter(|(path, _)| !is_cache(path))
    };
    let mut sources = Vec::new();
    for (path, text) in inside().filter(|(path, _)| split(path).0 == folder) {
        if is_configuration(path) && !is_replaced(path, files) {
            sources.push(source(path, text)?);
        }
    }
    sources.sort_by(|a, b| (a.overrides, &a.file).cmp(&(b.overrides, &b.file)));
    let mut settings = BTreeMap::new();
    let mut optional = Vec::new();
    for (path, text) in inside().filter(|(path, _)| is_settings(path)) {
        let found = setting(path, text)?;
        let (parent, name) = split(path);
        match precedence(name).filter(|_| parent == folder) {
            Some(precedence) => {
                settings.insert((precedence, name), found);
            }
            None => optional.push(found),
        }
    }
    let mut folder = Folder {
        path: folder.to_owned(),
        sources,
        settings: settings.into_values().collect(),
        optional,
        declared: BTreeMap::new(),
        locals: BTreeMap::new(),
    };
    folder.note_names();
    Some(folder)
}

impl Folder {
    fn note_names(&mut self) {
        for (file, source) in self.sources.iter().enumerate() {
            for (at, block) in source.body.iter().enumerate() {
                let Structure::Block(block) = block else {
                    continue;
                };
                let labels = block.labels.iter().map(|it| it.as_str().to_owned());
                let id = (block.ident.to_string(), labels.collect());
                self.declared.entry(id).or_default().push((file, at));
                if block.ident.as_str() == "locals" {
                    let names = attribute_names(&block.body);
                    let found = names.map(|(name, index)| (name, (file, at, index)));
                    self.locals.extend(found);
                }
            }
        }
    }

    /// The blocks of a kind with exactly these labels, the ones that override last.
    pub(super) fn declared<'f>(
        &'f self,
        kind: &str,
        labels: &[&str],
    ) -> impl DoubleEndedIterator<Item = (&'f Source, &'f Block)> + use<'f> {
        let labels = labels.iter().map(|&it| it.to_owned());
        let places = self.declared.get(&(kind.to_owned(), labels.collect()));
        places.into_iter().flatten().filter_map(|(file, at)| {
            let source = self.sources.get(*file)?;
            Some((source, source.body.get(*at)?.as_block()?))
        })
    }

    /// The expression of a local value.
    pub(super) fn local(&self, name: &str) -> Option<(&Source, &Expression)> {
        let (file, at, index) = *self.locals.get(name)?;
        let source = self.sources.get(file)?;
        let block = source.body.get(at)?.as_block()?;
        Some((source, &block.body.get(index)?.as_attribute()?.value))
    }

    /// The names of all local values.
    pub(super) fn local_names(&self) -> impl Iterator<Item = &str> {
        self.locals.keys().map(String::as_str)
    }
}

/// The arguments of a body with their position.
fn attribute_names(body: &Body) -> impl Iterator<Item = (String, usize)> {
    body.iter().enumerate().filter_map(|(index, structure)| {
        let attribute = structure.as_attribute()?;
        Some((attribute.key.to_string(), index))
    })
}

fn source(path: &str, text: &str) -> Option<Source> {
    let (_, name) = split(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Some(Source {
        file: Rc::from(path),
        body: hcl::parse(text).ok()?,
        overrides: stem == "override" || stem.ends_with("_override"),
    })
}

fn setting(path: &str, text: &str) -> Option<Settings> {
    if path.strip_suffix(".json").is_some() {
        let object = serde_json::from_str(text).ok()?;
        Some(Settings::Json(Rc::from(path), text.len(), object))
    } else {
        let source = source(path, text)?;
        let names = attribute_names(&source.body).collect();
        Some(Settings::Native(source, names))
    }
}

/// A `.tofu` file stands in for the `.tf` file of the same name.
fn is_replaced(path: &str, files: &Files) -> bool {
    path.strip_suffix(".tf")
        .is_some_and(|stem| files.contains_key(&format!("{stem}.tofu")))
}

/// Where a tfvars file stands among those that are read by themselves.
fn precedence(name: &str) -> Option<u8> {
    match name {
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        _ if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => Some(2),
        _ => None,
    }
}

fn is_configuration(path: &str) -> bool {
    [".tf", ".tofu"].iter().any(|it| path.ends_with(it))
}

fn is_settings(path: &str) -> bool {
    [".tfvars", ".tfvars.json"]
        .iter()
        .any(|it| path.ends_with(it))
}

/// What `tofu init` downloads is no part of the project.
fn is_cache(path: &str) -> bool {
    path.split('/').any(|part| part == ".terraform")
}

/// The folder of a path, and the name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A relative path seen from a folder; `None` when it leads out of the project.
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
