//! What a folder of `OpenTofu` files declares.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::block::{Block, Body};
use super::names::{Twice, Undeclared};
use super::value::{Key, Reference, Value};
use crate::reading::{Place, Read};

/// A folder of `OpenTofu` files, with the arguments of the call that leads to it.
#[derive(Debug, Clone)]
pub struct Module {
    /// Path of the folder; the root of the project is the empty path.
    pub folder: String,
    /// Empty for a root module, else such as `module.web`.
    pub address: Rc<str>,
    /// The files that were read.
    pub files: BTreeSet<String>,
    pub(super) blocks: Vec<Block>,
    pub(super) resources: Vec<Resource>,
    pub(super) calls: Vec<ModuleCall>,
    pub(super) variables: BTreeMap<String, Variable>,
    pub(super) locals: BTreeMap<String, Value>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) undeclared: Vec<Undeclared>,
    pub(super) twice: Vec<Twice>,
}

/// A resource or a data source, each instance of `count` and `for_each` by itself.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Type, such as `digitalocean_droplet`.
    pub kind: String,
    /// Name within the module.
    pub name: String,
    /// Whether it is a data source.
    pub data: bool,
    /// Which of several instances.
    pub key: Option<Key>,
    /// Whether it certainly exists: its `count` or `for_each` is known.
    pub certain: bool,
    /// Address of its module.
    pub module: Rc<str>,
    /// The block, with its arguments evaluated for this instance.
    pub block: Block,
}

/// A call of a module.
#[derive(Debug, Clone)]
pub struct ModuleCall {
    /// Name of the call.
    pub name: String,
    /// Which of several instances.
    pub key: Option<Key>,
    /// Whether it certainly exists.
    pub certain: bool,
    /// The block, with its arguments evaluated for this instance.
    pub block: Block,
    /// Folder of the module, when it is one of this project.
    pub folder: Option<String>,
}

/// A variable of a module.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its declaration.
    pub block: Block,
    /// What it is known to hold: set by a tfvars file or by a call, else the default.
    pub value: Value,
    /// Whether it is marked as sensitive.
    pub sensitive: bool,
    /// A field that its type asks for and its value does not have, with the object's place.
    pub lacking: Option<(String, Place)>,
    /// A field of its value that its type leaves out, with the field's place.
    pub dropped: Option<(String, Place)>,
}

/// A line of a tfvars file.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// Name of the variable.
    pub name: String,
    /// Where the name is written.
    pub place: Place,
    /// What it is set to.
    pub value: Value,
}

impl Module {
    /// The top-level blocks of a kind, such as `output`, except for resources, data sources and
    /// calls of modules.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// The resources of a type, none of which certainly does not exist.
    pub fn resources<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.managed().filter(move |resource| resource.kind == kind)
    }

    /// Every resource that is no data source.
    pub fn managed(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(|resource| !resource.data)
    }

    /// The resources and the data sources.
    pub fn all_resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The data sources of a type.
    pub fn data<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        let data = self.resources.iter().filter(|resource| resource.data);
        data.filter(move |resource| resource.kind == kind)
    }

    /// The calls of other modules.
    pub fn module_calls(&self) -> &[ModuleCall] {
        &self.calls
    }

    /// The settings of a provider, one block for each alias.
    pub fn provider<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Block> {
        let named = move |block: &&Block| block.labels.first().is_some_and(|label| label == name);
        self.blocks("provider").filter(named)
    }

    /// Which providers the module asks for: an object or a version for each name.
    pub fn required_providers(&self) -> impl Iterator<Item = &Body> {
        self.blocks("terraform")
            .flat_map(|block| block.body.blocks("required_providers").known)
            .map(|block| &block.body)
    }

    /// Where the state is kept.
    pub fn backend(&self) -> Option<&Block> {
        self.blocks("terraform")
            .find_map(|block| block.body.block("backend"))
    }

    /// The variables, by name.
    pub fn variables(&self) -> &BTreeMap<String, Variable> {
        &self.variables
    }

    /// The local values, by name.
    pub fn locals(&self) -> &BTreeMap<String, Value> {
        &self.locals
    }

    /// The lines of every tfvars file of the folder, those that need `-var-file` among them.
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Names that its files use and none of them declares.
    pub fn undeclared(&self) -> &[Undeclared] {
        &self.undeclared
    }

    /// Names that its files declare more than once.
    pub fn declared_twice(&self) -> &[Twice] {
        &self.twice
    }
}

impl Resource {
    /// Its arguments and blocks.
    pub fn body(&self) -> &Body {
        &self.block.body
    }

    /// As people name it, such as `digitalocean_droplet.server`.
    pub fn address(&self) -> String {
        let data = if self.data { "data." } else { "" };
        format!("{data}{}.{}", self.kind, self.name)
    }

    /// Whether a reference leads to this resource, or to one of its attributes.
    pub fn is_meant_by(&self, reference: &Reference) -> bool {
        !self.data
            && reference.module == self.module
            && reference.resource() == Some((&self.kind, &self.name))
            && (reference.key().is_none()
                || self.key.is_none()
                || reference.key() == self.key.as_ref())
    }

    /// Whether `lifecycle` says that a change of an attribute is ignored.
    pub fn ignores(&self, attribute: &str) -> Read<bool> {
        let Some(lifecycle) = self.body().block("lifecycle") else {
            return Read::Known(false, None);
        };
        let Some(ignored) = lifecycle.body.attribute("ignore_changes") else {
            return Read::Known(false, Some(lifecycle.place.clone()));
        };
        let place = Some(ignored.place.clone());
        let names = |value: &Value| match value.reference() {
            Some(reference) => Some(reference.to_string()),
            None => value.text(),
        };
        match ignored.value.list() {
            Some(list) => {
                let found = list
                    .items
                    .iter()
                    .filter_map(names)
                    .any(|it| it == attribute);
                Read::Known(found, place)
            }
            None => match names(&ignored.value) {
                Some(name) => Read::Known(name == "all", place),
                None => Read::Unknown,
            },
        }
    }
}
