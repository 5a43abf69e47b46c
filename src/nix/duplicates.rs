//! Attributes defined twice, judged as Nix judges them.
//!
//! Nix merges `a.b = 1; a.c = 2;` and also `a = { b = 1; }; a = { c = 2; };`, but refuses the same
//! path twice and a path through something that is not a literal set. Merging two literal sets
//! goes one level deep only.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rnix::ast::{AttrSet, AttrpathValue, Entry as SetEntry, Expr, LegacyLet, LetIn};
use rnix::{Root, SyntaxNode};
use rowan::ast::AstNode;

use super::names::{range_of, static_name};

/// One attribute defined twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The attribute's path inside its set, joined by dots.
    pub path: String,
    /// Where it was defined first.
    pub first: Range<usize>,
    /// Where it is defined again.
    pub second: Range<usize>,
}

/// Every attribute that Nix would call already defined, in the order of the second definition.
pub fn duplicates(root: &Root) -> Vec<Duplicate> {
    let mut tables = Tables::default();
    let mut sets: Vec<_> = root
        .syntax()
        .descendants()
        .filter(|node| {
            AttrSet::can_cast(node.kind())
                || LetIn::can_cast(node.kind())
                || LegacyLet::can_cast(node.kind())
        })
        .collect();
    // Nix reads inner sets before the set that holds them.
    sets.reverse();
    for node in sets {
        tables.read_set(&node);
    }
    tables
        .found
        .sort_by_key(|found| (found.second.start, found.first.start));
    tables.found
}

/// What is known of one attribute.
#[derive(Clone)]
struct Known {
    /// Where it was defined.
    range: Range<usize>,
    /// The table of its value, when that is a literal set.
    set: Option<usize>,
}

#[derive(Default)]
struct Tables {
    arena: Vec<BTreeMap<String, Known>>,
    by_node: HashMap<SyntaxNode, usize>,
    found: Vec<Duplicate>,
}

impl Tables {
    fn read_set(&mut self, node: &SyntaxNode) {
        let table = self.new_table();
        self.by_node.insert(node.clone(), table);
        for entry in node.children().filter_map(SetEntry::cast) {
            match entry {
                SetEntry::AttrpathValue(value) => self.define(table, &value),
                SetEntry::Inherit(inherit) => {
                    for attr in inherit.attrs() {
                        if let Some(name) = static_name(&attr) {
                            let range = range_of(attr.syntax());
                            self.insert(table, &name, &[], Known { range, set: None });
                        }
                    }
                }
            }
        }
    }

    fn new_table(&mut self) -> usize {
        self.arena.push(BTreeMap::new());
        self.arena.len() - 1
    }

    /// `a.b.c = value;`: walks to the set of `a.b` and adds `c`.
    fn define(&mut self, table: usize, entry: &AttrpathValue) {
        let Some(path) = entry.attrpath() else {
            return;
        };
        let mut names = Vec::new();
        for attr in path.attrs() {
            // What lies beyond a computed name cannot be compared.
            match static_name(&attr) {
                Some(name) => names.push(name),
                None => {
                    return self
                        .walk(table, &names, &range_of(path.syntax()))
                        .map_or((), drop);
                }
            }
        }
        let Some((last, parents)) = names.split_last() else {
            return;
        };
        let range = range_of(path.syntax());
        let Some(table) = self.walk(table, parents, &range) else {
            return;
        };
        let set = entry.value().and_then(|value| self.table_of(value));
        self.insert(table, last, parents, Known { range, set });
    }

    /// The table of a path, made where it is missing; `None` after a clash.
    fn walk(&mut self, mut table: usize, path: &[String], range: &Range<usize>) -> Option<usize> {
        for (index, name) in path.iter().enumerate() {
            table = match self.arena[table].get(name) {
                None => {
                    let inner = self.new_table();
                    let known = Known {
                        range: range.clone(),
                        set: Some(inner),
                    };
                    self.arena[table].insert(name.clone(), known);
                    inner
                }
                Some(Known {
                    set: Some(inner), ..
                }) => *inner,
                Some(Known {
                    range: first,
                    set: None,
                }) => {
                    let first = first.clone();
                    self.report(&path[..=index], first, range.clone());
                    return None;
                }
            };
        }
        Some(table)
    }

    fn insert(&mut self, table: usize, name: &str, parents: &[String], new: Known) {
        let Some(old) = self.arena[table].get(name).cloned() else {
            self.arena[table].insert(name.to_owned(), new);
            return;
        };
        let mut path = parents.to_vec();
        path.push(name.to_owned());
        let (Some(old_set), Some(new_set)) = (old.set, new.set) else {
            self.report(&path, old.range, new.range);
            return;
        };
        for (inner, known) in self.arena[new_set].clone() {
            match self.arena[old_set].get(&inner) {
                None => {
                    self.arena[old_set].insert(inner, known);
                }
                Some(first) => {
                    let first = first.range.clone();
                    let mut path = path.clone();
                    path.push(inner);
                    self.report(&path, first, known.range);
                }
            }
        }
    }

    /// The table of a literal set, seen through parentheses.
    fn table_of(&self, mut value: Expr) -> Option<usize> {
        while let Expr::Paren(paren) = value {
            value = paren.expr()?;
        }
        match value {
            Expr::AttrSet(set) => self.by_node.get(set.syntax()).copied(),
            _ => None,
        }
    }

    fn report(&mut self, path: &[String], first: Range<usize>, second: Range<usize>) {
        self.found.push(Duplicate {
            path: path.join("."),
            first,
            second,
        });
    }
}
