//! `OpenTofu` configurations, read and evaluated as far as that is possible without running them.
//!
//! What depends on the outside world ends as [`Content::Unknown`], and so do cycles and values
//! that are absurdly large or deep. Attributes of resources stay references, so that a rule can
//! say which firewall protects which droplet.

mod assemble;
mod block;
mod evaluate;
mod folders;
mod functions;
mod module;
mod names;
mod operators;
mod scope;
#[cfg(test)]
mod tests;
mod traverse;
mod types;
mod value;

pub use block::{Attribute, Block, Blocks, Body};
pub use folders::join;
pub use module::{Assignment, Module, ModuleCall, Resource, Variable};
pub(crate) use names::INSTANCE;
pub use names::{Twice, Undeclared};
pub use value::{Content, Key, List, Object, Reference, Segment, Value};

use crate::handwritten::Files;

/// Every `OpenTofu` module of a project.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    /// The root modules, each followed by the modules of the project that it calls.
    pub modules: Vec<Module>,
}

impl Configuration {
    /// Reads the folders that hold `OpenTofu` files. A folder with a file that does not parse is
    /// left out, because nothing certain can be said of it; so is everything when evaluating the
    /// files would take absurdly long.
    pub fn new(files: &Files) -> Self {
        let reader = scope::Reader::new(folders::folders(files));
        let modules = assemble::modules(&reader);
        if reader.is_exhausted() {
            return Self::default();
        }
        Self { modules }
    }

    /// The resources of a type, in every module.
    pub fn resources<'a>(
        &'a self,
        kind: &'a str,
    ) -> impl Iterator<Item = (&'a Module, &'a Resource)> {
        self.modules
            .iter()
            .flat_map(move |module| module.resources(kind).map(move |it| (module, it)))
    }
}
