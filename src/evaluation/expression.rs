//! Nix expressions as the evaluator wants them: without the syntax tree's optional children, with
//! dotted paths already joined into nested sets.

use std::collections::BTreeMap;
use std::rc::Rc;

/// A name of a variable or an attribute.
pub type Name = Rc<str>;
/// A shared expression; closures hold on to theirs.
pub(super) type Node = Rc<Expression>;

/// One expression and the bytes it comes from.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// What cannot be said without running Nix.
    Unknown,
    Integer(i64),
    Float(f64),
    Text(Vec<Piece>),
    Path(Vec<Piece>),
    /// `<nixpkgs/nixos>`, without the angle brackets.
    SearchPath(Name),
    Variable(Name),
    Select {
        from: Node,
        path: Vec<Key>,
        fallback: Option<Node>,
    },
    Has {
        from: Node,
        path: Vec<Key>,
    },
    Call {
        function: Node,
        argument: Node,
    },
    Function {
        parameter: Parameter,
        body: Node,
    },
    Let {
        bindings: Rc<Bindings>,
        body: Node,
    },
    Set {
        recursive: bool,
        bindings: Rc<Bindings>,
    },
    List(Vec<Node>),
    With {
        scope: Node,
        body: Node,
    },
    If {
        condition: Node,
        yes: Node,
        no: Node,
    },
    Not(Node),
    Negate(Node),
    Operation {
        operator: Operator,
        left: Node,
        right: Node,
    },
}

/// A part of a string or path.
#[derive(Debug)]
pub(super) enum Piece {
    Literal(Name),
    Interpolation(Node),
}

/// One step of an attribute path.
#[derive(Debug)]
pub(super) enum Key {
    Static(Name),
    Dynamic(Node),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Concatenate,
    Update,
    Add,
    Subtract,
    Multiply,
    Divide,
    And,
    Or,
    Implies,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    /// `|>`
    PipeRight,
    /// `<|`
    PipeLeft,
}

#[derive(Debug)]
pub(super) enum Parameter {
    Name(Name),
    Pattern {
        fields: Vec<(Name, Option<Node>)>,
        whole: Option<Name>,
    },
}

/// The attributes of a set or the variables of a `let`.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    pub(super) fields: BTreeMap<Name, Binding>,
    /// Attributes whose name is computed.
    pub(super) dynamic: Vec<(Node, Node)>,
}

#[derive(Debug)]
pub(super) struct Binding {
    pub(super) key_start: u32,
    pub(super) key_end: u32,
    pub(super) value: Bound,
}

#[derive(Debug)]
pub(super) enum Bound {
    /// `name = expression`
    Expression(Node),
    /// `inherit name`: the surrounding scope's.
    Inherited,
    /// `inherit (expression) name`
    InheritedFrom(Node),
}
