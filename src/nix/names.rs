//! Small helpers over rnix nodes.

use std::ops::Range;

use rnix::SyntaxNode;
use rnix::ast::Attr;
use rowan::ast::AstNode;

use super::string;

/// The name of an attribute that is known without evaluation.
pub(super) fn static_name(attr: &Attr) -> Option<String> {
    match attr {
        Attr::Ident(ident) => Some(ident.syntax().text().to_string()),
        Attr::Str(literal) => string::decode(literal),
        Attr::Dynamic(_) => None,
    }
}

/// The bytes of a node.
pub(super) fn range_of(node: &SyntaxNode) -> Range<usize> {
    let range = node.text_range();
    range.start().into()..range.end().into()
}
