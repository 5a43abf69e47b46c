//! Names that are used and never declared, and names that are declared twice.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ForIntro, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block};
use hcl_edit::template::ForTemplateExpr;
use hcl_edit::visit::{self, Visit};

use super::folders::{Folder, Source};
use super::scope::Scope;
use crate::reading::Place;

/// A name without a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// What it is the name of, such as `variable`.
    pub what: &'static str,
    /// As it is used, such as `var.size`.
    pub path: String,
    /// Where it is used.
    pub place: Place,
}

/// A second declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    /// What is declared, such as `variable "size"`.
    pub what: String,
    /// The first declaration.
    pub first: Place,
    /// The second one.
    pub second: Place,
}

/// What a word by itself is.
const VALUE: &str = "value";
/// Words that arguments of OpenTofu's own take where others take values.
const WORDS: [&str; 12] = [
    "all", "any", "bool", "continue", "create", "destroy", "fail", "list", "map", "number", "set",
    "string",
];

/// Roots of paths that name neither a resource nor anything else that is declared.
const BUILT_IN: [&str; 7] = [
    "count",
    "each",
    "ephemeral",
    "path",
    "self",
    "terraform",
    "tofu",
];

/// What `each` and `count` are where nothing gives them a meaning.
const FOR_EACH: &str = "`for_each` of its block";
const COUNT: &str = "`count` of its block";
/// What is missing where a name stands for several and none of them is meant.
pub(crate) const INSTANCE: &str = "instance";

/// Every use of a name that the folder does not declare.
pub(super) fn undeclared(folder: &Folder) -> Vec<Undeclared> {
    let nested: BTreeSet<Vec<String>> = folder.sources.iter().flat_map(nested_data).collect();
    let mut found = Vec::new();
    for source in &folder.sources {
        let mut bound = Bound::default();
        bound.visit_body(&source.body);
        let mut uses = Uses {
            folder,
            source,
            bound: &bound.0,
            nested: &nested,
            found: &mut found,
            block: None,
        };
        uses.visit_body(&source.body);
    }
    found
}

/// Data sources that are declared inside a `check` block.
fn nested_data(source: &Source) -> Vec<Vec<String>> {
    let checks = source
        .body
        .blocks()
        .filter(|it| it.ident.as_str() == "check");
    let data = checks.flat_map(|it| it.body.blocks());
    data.map(|it| {
        it.labels
            .iter()
            .map(|label| label.as_str().to_owned())
            .collect()
    })
    .collect()
}

/// Names that an expression binds by itself, anywhere in a file.
#[derive(Default)]
struct Bound(BTreeSet<String>);

impl Visit for Bound {
    fn visit_for_intro(&mut self, node: &ForIntro) {
        self.0.extend(node.key_var.iter().map(|it| it.to_string()));
        self.0.insert(node.value_var.to_string());
        visit::visit_for_intro(self, node);
    }

    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        self.0.extend(node.key_var.iter().map(|it| it.to_string()));
        self.0.insert(node.value_var.to_string());
        visit::visit_for_template_expr(self, node);
    }

    fn visit_block(&mut self, node: &Block) {
        if node.ident.as_str() == "dynamic" {
            self.0
                .extend(node.labels.iter().map(|it| it.as_str().to_owned()));
            let iterators = node.body.attributes();
            let iterators = iterators.filter(|it| it.key.as_str() == "iterator");
            self.0.extend(iterators.filter_map(|it| match &it.value {
                Expression::Variable(name) => Some(name.to_string()),
                _ => None,
            }));
        }
        visit::visit_block(self, node);
    }
}

struct Uses<'a> {
    folder: &'a Folder,
    source: &'a Source,
    bound: &'a BTreeSet<String>,
    nested: &'a BTreeSet<Vec<String>>,
    found: &'a mut Vec<Undeclared>,
    /// The kind and the labels of the top-level block at hand.
    block: Option<(String, Vec<String>)>,
}

impl Uses<'_> {
    /// Whether the block at hand has the argument that makes several of it; other blocks than
    /// resources and modules have no instances to speak of.
    fn repeats(&self, argument: &str) -> bool {
        let Some((kind, labels)) = &self.block else {
            return true;
        };
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let mut declared = self.folder.declared(kind, &labels);
        let has = |block: &Block| {
            let mut attributes = block.body.attributes();
            attributes.any(|it| it.key.as_str() == argument)
        };
        !matches!(kind.as_str(), "resource" | "data" | "module") || declared.any(|(_, it)| has(it))
    }

    fn is_of_encryption(&self) -> bool {
        let block = self.block.as_ref();
        block.is_some_and(|(kind, _)| kind == "terraform")
    }

    /// Whether the file's settings of encryption hold a block with these labels.
    fn encrypts_with(&self, labels: &[&str]) -> bool {
        let settings = self.source.body.blocks();
        let settings = settings.filter(|it| it.ident.as_str() == "terraform");
        let encryption = settings.flat_map(|it| it.body.blocks());
        let mut parts = encryption.flat_map(|it| it.body.blocks());
        parts.any(|it| {
            it.labels
                .iter()
                .map(|it| it.as_str())
                .eq(labels.iter().copied())
        })
    }

    /// What a path names that is not declared.
    fn missing(&self, path: &[&str]) -> Option<(&'static str, usize)> {
        let declares =
            |kind: &str, labels: &[&str]| self.folder.declared(kind, labels).next().is_some();
        match path {
            ["key_provider", kind, name, ..] => {
                let labels = [*kind, *name];
                (!self.encrypts_with(&labels)).then_some(("key provider", 3))
            }
            ["method", kind, name, ..] => {
                let labels = [*kind, *name];
                let is_other = self.bound.contains("method") || !self.is_of_encryption();
                (!is_other && !self.encrypts_with(&labels)).then_some(("method", 3))
            }
            ["each", _, ..] => (!self.repeats("for_each")).then_some((FOR_EACH, 2)),
            ["count", "index", ..] => (!self.repeats("count")).then_some((COUNT, 2)),
            ["var", name, ..] => (!declares("variable", &[name])).then_some(("variable", 2)),
            ["local", name, ..] => {
                (self.folder.local(name).is_none()).then_some(("local value", 2))
            }
            ["module", name, ..] => (!declares("module", &[name])).then_some(("module", 2)),
            ["data", kind, name, ..] => {
                let is_nested = self
                    .nested
                    .contains(&vec![(*kind).to_owned(), (*name).to_owned()]);
                (!is_nested && !declares("data", &[kind, name])).then_some(("data source", 3))
            }
            // A type of resources has its provider's name in front.
            [kind, name, ..] if kind.contains('_') => {
                let is_other = self.bound.contains(*kind) || BUILT_IN.contains(kind);
                (!is_other && !declares("resource", &[kind, name])).then_some(("resource", 2))
            }
            _ => None,
        }
    }
}

impl<'a> Uses<'a> {
    /// What is wrong with the number of what a path names: an index where there is one, or none
    /// where there are several.
    fn unfit(
        &self,
        path: &[&str],
        mut steps: impl Iterator<Item = &'a TraversalOperator>,
    ) -> Option<(&'static str, usize)> {
        let (kind, labels) = match path {
            ["data", labels @ ..] => ("data", labels.get(..2)?),
            [kind, _, ..] if kind.contains('_') && !self.bound.contains(*kind) => {
                ("resource", path.get(..2)?)
            }
            _ => return None,
        };
        let length = labels.len() + usize::from(kind == "data");
        let mut declared = self.folder.declared(kind, labels).peekable();
        declared.peek()?;
        let is_several = declared.any(|(_, block)| {
            let mut attributes = block.body.attributes();
            attributes.any(|it| ["count", "for_each"].contains(&it.key.as_str()))
        });
        match steps.nth(length - 1)? {
            TraversalOperator::Index(_) if !is_several => Some((COUNT, length)),
            TraversalOperator::GetAttr(_) if is_several => Some((INSTANCE, length)),
            _ => None,
        }
    }
}

impl Visit for Uses<'_> {
    fn visit_block(&mut self, node: &Block) {
        if self.block.is_none() && node.ident.as_str() == "terraform" {
            let parts = node.body.blocks();
            for encryption in parts.filter(|it| it.ident.as_str() == "encryption") {
                self.block = Some(("terraform".to_owned(), Vec::new()));
                self.visit_body(&encryption.body);
                self.block = None;
            }
            return;
        }
        // They speak of what was there before, and of providers by their own names.
        let speaks_of_others = ["import", "moved", "removed", "terraform"];
        if speaks_of_others.contains(&node.ident.as_str()) {
            return;
        }
        let is_outermost = self.block.is_none();
        if is_outermost {
            let labels = node.labels.iter().map(|it| it.as_str().to_owned());
            self.block = Some((node.ident.to_string(), labels.collect()));
        }
        visit::visit_block(self, node);
        if is_outermost {
            self.block = None;
        }
    }

    fn visit_attr(&mut self, node: &Attribute) {
        let names_no_values = ["ignore_changes", "provider", "providers", "type"];
        if !names_no_values.contains(&node.key.as_str()) {
            visit::visit_attr(self, node);
        }
    }

    fn visit_expr(&mut self, node: &Expression) {
        if let Expression::Variable(name) = node
            && !self.bound.contains(name.as_str())
            && !WORDS.contains(&name.as_str())
        {
            self.found.push(Undeclared {
                what: VALUE,
                path: name.to_string(),
                place: Scope::place(self.source, node),
            });
        }
        visit::visit_expr(self, node);
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(root) = &node.expr {
            let steps = node.operators.iter().map_while(|step| match step.value() {
                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                _ => None,
            });
            let path: Vec<&str> = [root.as_str()].into_iter().chain(steps).collect();
            let unfit = || self.unfit(&path, node.operators.iter().map(|it| it.value()));
            if let Some((what, length)) = self.missing(&path).or_else(unfit) {
                self.found.push(Undeclared {
                    what,
                    path: path[..length].join("."),
                    place: Scope::place(self.source, node),
                });
            }
        }
        // The name at its beginning is no value by itself.
        if !matches!(node.expr, Expression::Variable(_)) {
            self.visit_expr(&node.expr);
        }
        for step in &node.operators {
            self.visit_traversal_operator(step.value());
        }
    }
}

/// Every declaration of a name that another file or block declares as well.
pub(super) fn twice(folder: &Folder) -> Vec<Twice> {
    let mut first: BTreeMap<String, Place> = BTreeMap::new();
    let mut twice = Vec::new();
    let mut declare = |what: String, place: Place| match first.get(&what) {
        Some(before) => twice.push(Twice {
            what,
            first: before.clone(),
            second: place,
        }),
        None => {
            first.insert(what, place);
        }
    };
    for source in folder.sources.iter().filter(|it| !it.overrides) {
        for block in source.body.blocks() {
            let labels: Vec<String> = block
                .labels
                .iter()
                .map(|it| format!("{:?}", it.as_str()))
                .collect();
            match (block.ident.as_str(), labels.len()) {
                ("resource" | "data", 2) | ("variable" | "output" | "module", 1) => {
                    let header = block.ident.span().unwrap_or(0..0).start
                        ..block
                            .labels
                            .last()
                            .and_then(|it| it.span())
                            .unwrap_or(0..0)
                            .end;
                    declare(
                        format!("{} {}", block.ident.as_str(), labels.join(" ")),
                        Place::new(&source.file, header),
                    );
                }
                ("locals", 0) => {
                    for attribute in block.body.attributes() {
                        let name = attribute.key.as_str();
                        declare(
                            format!("local value {name:?}"),
                            Scope::place(source, &attribute.key),
                        );
                    }
                }
                _ => {}
            }
        }
    }
    twice
}
