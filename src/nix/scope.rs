//! Names that nothing binds: the `True` and the forgotten `lib` that a parser lets through.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use rnix::ast::{Attr, HasEntry, InheritFrom, Lambda, LegacyLet, LetIn, Param};
use rnix::ast::{AttrSet, Inherit, With};
use rnix::{Root, SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use super::names::{range_of, static_name};

/// Every name of Nix's global scope but those that start with two underscores.
const GLOBALS: [&str; 25] = [
    "abort",
    "baseNameOf",
    "break",
    "builtins",
    "derivation",
    "derivationStrict",
    "dirOf",
    "false",
    "fetchGit",
    "fetchMercurial",
    "fetchTarball",
    "fetchTree",
    "fromTOML",
    "import",
    "isNull",
    "map",
    "null",
    "or",
    "placeholder",
    "removeAttrs",
    "scopedImport",
    "storePath",
    "throw",
    "toString",
    "true",
];

/// A use of a name that nothing binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeName {
    /// The name.
    pub name: String,
    /// Where it is used.
    pub range: Range<usize>,
}

/// Every use of an unbound name, in the order of the text.
///
/// Inside `with` any name may come from its set, so nothing is said there.
pub fn free_names(root: &Root) -> Vec<FreeName> {
    let mut bound = HashMap::new();
    let mut free: Vec<_> = root
        .syntax()
        .descendants()
        .filter(|node| node.kind() == SyntaxKind::NODE_IDENT && is_use(node))
        .filter_map(|node| {
            let name = node.text().to_string();
            let is_free = !is_global(&name) && !is_bound(&node, &name, &mut bound);
            is_free.then(|| FreeName {
                range: range_of(&node),
                name,
            })
        })
        .collect();
    free.sort_by_key(|use_of| use_of.range.start);
    free
}

fn is_global(name: &str) -> bool {
    name.starts_with("__") || GLOBALS.contains(&name)
}

/// Whether an identifier is an expression, and not the name of a binding or an attribute.
fn is_use(node: &SyntaxNode) -> bool {
    let Some(parent) = node.parent() else {
        return false;
    };
    match parent.kind() {
        SyntaxKind::NODE_ATTRPATH | SyntaxKind::NODE_IDENT_PARAM | SyntaxKind::NODE_PAT_BIND => {
            false
        }
        // `a ? b`: the first child is the argument's name, the second its default.
        SyntaxKind::NODE_PAT_ENTRY => node.prev_sibling().is_some(),
        SyntaxKind::NODE_INHERIT => !parent
            .children()
            .any(|child| InheritFrom::can_cast(child.kind())),
        _ => true,
    }
}

/// Climbs from a use to the root, looking at what each construct on the way binds.
fn is_bound(
    node: &SyntaxNode,
    name: &str,
    cache: &mut HashMap<SyntaxNode, BTreeSet<String>>,
) -> bool {
    // `let inherit a; in` and `rec { inherit a; }` take `a` from outside of the set.
    let mut skip = node
        .parent()
        .filter(|parent| parent.kind() == SyntaxKind::NODE_INHERIT)
        .and_then(|inherit| inherit.parent());
    let mut below = node.clone();
    while let Some(here) = below.parent() {
        if skip.as_ref() == Some(&here) {
            skip = None;
        } else if opens_unknown_scope(&here, &below)
            || cache
                .entry(here.clone())
                .or_insert_with(|| names_bound_by(&here))
                .contains(name)
        {
            return true;
        }
        below = here;
    }
    false
}

fn opens_unknown_scope(here: &SyntaxNode, below: &SyntaxNode) -> bool {
    With::cast(here.clone())
        .and_then(|with| with.body())
        .is_some_and(|body| body.syntax() == below)
}

fn names_bound_by(node: &SyntaxNode) -> BTreeSet<String> {
    if let Some(lambda) = Lambda::cast(node.clone()) {
        lambda
            .param()
            .map(|param| arguments(&param))
            .unwrap_or_default()
    } else if let Some(let_in) = LetIn::cast(node.clone()) {
        entries(&let_in)
    } else if let Some(legacy) = LegacyLet::cast(node.clone()) {
        entries(&legacy)
    } else if let Some(set) = AttrSet::cast(node.clone()).filter(|set| set.rec_token().is_some()) {
        entries(&set)
    } else {
        BTreeSet::new()
    }
}

fn arguments(param: &Param) -> BTreeSet<String> {
    let idents: Vec<_> = match param {
        Param::IdentParam(single) => single.ident().into_iter().collect(),
        Param::Pattern(pattern) => pattern
            .pat_entries()
            .filter_map(|entry| entry.ident())
            .chain(pattern.pat_bind().and_then(|bind| bind.ident()))
            .collect(),
    };
    idents
        .into_iter()
        .map(|ident| ident.syntax().text().to_string())
        .collect()
}

fn entries(set: &impl HasEntry) -> BTreeSet<String> {
    let assigned = set
        .attrpath_values()
        .filter_map(|entry| entry.attrpath()?.attrs().next());
    let inherited = set.inherits().flat_map(|inherit: Inherit| inherit.attrs());
    assigned
        .chain(inherited)
        .filter_map(|attr: Attr| static_name(&attr))
        .collect()
}
