//! From rnix's syntax tree to [`Expression`]s.

use std::cell::Cell;
use std::rc::Rc;

use rnix::ast::{self, Attr, BinOpKind, Expr, HasEntry, InterpolPart, LiteralKind, UnaryOpKind};
use rowan::ast::AstNode;

use super::bindings::Draft;
use super::expression::{Expression, Key, Kind, Name, Node, Operator, Parameter, Piece};

/// Deeper nesting than people write is passed over; the parser has a bound of its own.
const DEEPEST: u32 = 400;

/// How much deeper the way down may go.
#[derive(Clone, Copy)]
pub(super) struct Depth<'a> {
    left: u32,
    was_cut: &'a Cell<bool>,
}

impl Depth<'_> {
    pub(super) fn deeper(self) -> Self {
        Self {
            left: self.left.saturating_sub(1),
            ..self
        }
    }
}

/// The expression of a whole file, and whether something lies too deep and was left unknown.
pub(super) fn file(root: &rnix::Root, deepest: u32) -> Option<(Node, bool)> {
    let was_cut = Cell::new(false);
    let depth = Depth {
        left: deepest.min(DEEPEST),
        was_cut: &was_cut,
    };
    let node = lower(&root.expr()?, depth);
    Some((node, was_cut.get()))
}

pub(super) fn optional(expr: Option<Expr>, depth: Depth<'_>, around: &rnix::SyntaxNode) -> Node {
    match expr {
        Some(expr) => lower(&expr, depth),
        None => node(Kind::Unknown, around),
    }
}

pub(super) fn lower(expr: &Expr, depth: Depth<'_>) -> Node {
    let syntax = expr.syntax();
    if depth.left == 0 {
        depth.was_cut.set(true);
        return node(Kind::Unknown, syntax);
    }
    let depth = depth.deeper();
    let child = |expr| optional(expr, depth, syntax);
    let kind = match expr {
        Expr::Paren(paren) => return child(paren.expr()),
        Expr::Root(root) => return child(root.expr()),
        Expr::Literal(literal) => literal_kind(literal),
        Expr::Str(text) => Kind::Text(pieces(text.normalized_parts(), depth)),
        Expr::PathRel(path) => Kind::Path(path_pieces(path.parts(), depth)),
        Expr::PathSearch(path) => search_path(path),
        Expr::Ident(ident) => Kind::Variable(ident.syntax().text().to_string().into()),
        Expr::List(list) => Kind::List(list.items().map(|item| lower(&item, depth)).collect()),
        Expr::Select(select) => Kind::Select {
            from: child(select.expr()),
            path: keys(select.attrpath(), depth),
            fallback: select.default_expr().map(|expr| lower(&expr, depth)),
        },
        Expr::HasAttr(has) => Kind::Has {
            from: child(has.expr()),
            path: keys(has.attrpath(), depth),
        },
        Expr::Apply(call) => Kind::Call {
            function: child(call.lambda()),
            argument: child(call.argument()),
        },
        Expr::Lambda(lambda) => Kind::Function {
            parameter: parameter(lambda.param(), depth),
            body: child(lambda.body()),
        },
        Expr::LetIn(block) => Kind::Let {
            bindings: Rc::new(Draft::of(block.entries(), depth).finish()),
            body: child(block.body()),
        },
        Expr::AttrSet(set) => Kind::Set {
            recursive: set.rec_token().is_some(),
            bindings: Rc::new(Draft::of(set.entries(), depth).finish()),
        },
        Expr::With(with) => Kind::With {
            scope: child(with.namespace()),
            body: child(with.body()),
        },
        Expr::IfElse(choice) => Kind::If {
            condition: child(choice.condition()),
            yes: child(choice.body()),
            no: child(choice.else_body()),
        },
        // A system that is built has no assertion that fails.
        Expr::Assert(assert) => return child(assert.body()),
        Expr::UnaryOp(operation) => match operation.operator() {
            Some(UnaryOpKind::Invert) => Kind::Not(child(operation.expr())),
            Some(UnaryOpKind::Negate) => Kind::Negate(child(operation.expr())),
            None => Kind::Unknown,
        },
        Expr::BinOp(operation) => match operation.operator() {
            Some(operator) => Kind::Operation {
                operator: self::operator(operator),
                left: child(operation.lhs()),
                right: child(operation.rhs()),
            },
            None => Kind::Unknown,
        },
        Expr::PathAbs(_)
        | Expr::PathHome(_)
        | Expr::LegacyLet(_)
        | Expr::CurPos(_)
        | Expr::Error(_) => Kind::Unknown,
    };
    node(kind, syntax)
}

/// An expression with the bytes of a syntax node.
pub(super) fn node(kind: Kind, syntax: &rnix::SyntaxNode) -> Node {
    let range = syntax.text_range();
    Rc::new(Expression {
        kind,
        start: range.start().into(),
        end: range.end().into(),
    })
}

fn literal_kind(literal: &ast::Literal) -> Kind {
    match literal.kind() {
        LiteralKind::Integer(token) => token.value().map_or(Kind::Unknown, Kind::Integer),
        LiteralKind::Float(token) => token.value().map_or(Kind::Unknown, Kind::Float),
        LiteralKind::Uri(_) => Kind::Text(vec![Piece::Literal(
            literal.syntax().text().to_string().into(),
        )]),
    }
}

fn search_path(path: &ast::PathSearch) -> Kind {
    let text = path.syntax().text().to_string();
    let name = text.trim_start_matches('<').trim_end_matches('>');
    Kind::SearchPath(name.into())
}

fn pieces(parts: Vec<InterpolPart<String>>, depth: Depth<'_>) -> Vec<Piece> {
    parts
        .into_iter()
        .map(|part| match part {
            InterpolPart::Literal(text) => Piece::Literal(text.into()),
            InterpolPart::Interpolation(inner) => interpolation(&inner, depth),
        })
        .collect()
}

fn path_pieces(parts: Vec<InterpolPart<ast::PathContent>>, depth: Depth<'_>) -> Vec<Piece> {
    parts
        .into_iter()
        .map(|part| match part {
            InterpolPart::Literal(text) => Piece::Literal(text.text().into()),
            InterpolPart::Interpolation(inner) => interpolation(&inner, depth),
        })
        .collect()
}

fn interpolation(inner: &ast::Interpol, depth: Depth<'_>) -> Piece {
    Piece::Interpolation(optional(inner.expr(), depth, inner.syntax()))
}

fn keys(path: Option<ast::Attrpath>, depth: Depth<'_>) -> Vec<Key> {
    let attrs = path.into_iter().flat_map(|path| path.attrs());
    attrs.map(|attr| key(&attr, depth)).collect()
}

/// One step of an attribute path.
pub(super) fn key(attr: &Attr, depth: Depth<'_>) -> Key {
    match static_name(attr) {
        Some(name) => Key::Static(name),
        None => Key::Dynamic(match attr {
            Attr::Dynamic(dynamic) => optional(dynamic.expr(), depth, dynamic.syntax()),
            Attr::Str(text) => lower(&Expr::Str(text.clone()), depth),
            Attr::Ident(ident) => lower(&Expr::Ident(ident.clone()), depth),
        }),
    }
}

fn static_name(attr: &Attr) -> Option<Name> {
    match attr {
        Attr::Ident(ident) => Some(ident.syntax().text().to_string().into()),
        Attr::Str(text) => crate::nix::string::decode(text).map(Name::from),
        // `${"name"}` is a plain name to Nix.
        Attr::Dynamic(dynamic) => match dynamic.expr() {
            Some(Expr::Str(text)) => crate::nix::string::decode(&text).map(Name::from),
            _ => None,
        },
    }
}

fn parameter(parameter: Option<ast::Param>, depth: Depth<'_>) -> Parameter {
    let name = |ident: Option<ast::Ident>| -> Name {
        ident
            .map_or_else(String::new, |ident| ident.syntax().text().to_string())
            .into()
    };
    match parameter {
        Some(ast::Param::Pattern(pattern)) => Parameter::Pattern {
            fields: pattern
                .pat_entries()
                .map(|entry| {
                    let default = entry.default().map(|expr| lower(&expr, depth));
                    (name(entry.ident()), default)
                })
                .collect(),
            whole: pattern.pat_bind().map(|bind| name(bind.ident())),
        },
        Some(ast::Param::IdentParam(ident)) => Parameter::Name(name(ident.ident())),
        None => Parameter::Name(Name::from("")),
    }
}

fn operator(kind: BinOpKind) -> Operator {
    match kind {
        BinOpKind::Concat => Operator::Concatenate,
        BinOpKind::Update => Operator::Update,
        BinOpKind::Add => Operator::Add,
        BinOpKind::Sub => Operator::Subtract,
        BinOpKind::Mul => Operator::Multiply,
        BinOpKind::Div => Operator::Divide,
        BinOpKind::And => Operator::And,
        BinOpKind::Or => Operator::Or,
        BinOpKind::Implication => Operator::Implies,
        BinOpKind::Equal => Operator::Equal,
        BinOpKind::NotEqual => Operator::NotEqual,
        BinOpKind::Less => Operator::Less,
        BinOpKind::LessOrEq => Operator::LessOrEqual,
        BinOpKind::More => Operator::More,
        BinOpKind::MoreOrEq => Operator::MoreOrEqual,
        BinOpKind::PipeRight => Operator::PipeRight,
        BinOpKind::PipeLeft => Operator::PipeLeft,
    }
}
