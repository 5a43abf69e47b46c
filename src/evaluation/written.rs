//! What a file says by its form alone, whatever it comes to.

use std::ops::Range;

use rnix::ast::{Attr, Expr, Inherit, Param, Select};
use rnix::{Root, SyntaxNode};
use rowan::ast::AstNode;

/// The arguments of a function that takes no others.
pub struct ClosedArguments {
    /// Where they are written.
    pub all: Range<usize>,
    /// Where the last of them ends.
    pub end: usize,
}

impl ClosedArguments {
    /// Those of the function that a file is; `None` where it is none, or takes others as well.
    pub fn read(root: &Root) -> Option<Self> {
        let Expr::Lambda(lambda) = root.expr()? else {
            return None;
        };
        let Param::Pattern(pattern) = lambda.param()? else {
            return None;
        };
        let end = pattern.pat_entries().last()?.syntax().text_range().end();
        let is_closed = pattern.ellipsis_token().is_none();
        is_closed.then(|| Self {
            all: range(pattern.syntax()),
            end: end.into(),
        })
    }
}

/// Every name that is selected from a path, as in `config.env.NAME` and `inherit (config.env)
/// NAME`, with its place; those aside for which a default or a test stands in.
pub fn selections(root: &Root, path: &str) -> Vec<(String, Range<usize>)> {
    let nodes = root.syntax().descendants();
    nodes
        .flat_map(|node| match Inherit::cast(node.clone()) {
            Some(inherit) => inherited(&inherit, path),
            None => selected(node, path).into_iter().collect(),
        })
        .collect()
}

fn selected(node: SyntaxNode, path: &str) -> Option<(String, Range<usize>)> {
    let select = Select::cast(node)?;
    let text = select.syntax().text().to_string();
    let name = text.strip_prefix(path)?.strip_prefix('.')?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_certain = select.default_expr().is_none() && !is_tested(select.syntax());
    (is_plain && is_certain).then(|| (name.to_owned(), range(select.syntax())))
}

fn inherited(inherit: &Inherit, path: &str) -> Vec<(String, Range<usize>)> {
    let from = inherit.from().and_then(|it| it.expr());
    if from.is_none_or(|it| it.syntax().text() != path) {
        return Vec::new();
    }
    let names = inherit.attrs().filter_map(|attr| match attr {
        Attr::Ident(name) => Some((name.to_string(), range(name.syntax()))),
        _ => None,
    });
    names.collect()
}

/// Whether the expression stands in one that may not come to it: before `?`, or below a condition
/// that has one.
fn is_tested(node: &SyntaxNode) -> bool {
    node.ancestors().any(|it| {
        let kind = it.kind();
        kind == rnix::SyntaxKind::NODE_HAS_ATTR
            || kind == rnix::SyntaxKind::NODE_IF_ELSE && it.text().to_string().contains('?')
    })
}

fn range(node: &SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    range.start().into()..range.end().into()
}
