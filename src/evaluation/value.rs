//! What an expression comes to, as far as it can be told without running Nix.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::reading::Place;

use super::Evaluator;
use super::expression::{Name, Node};
use super::library::Native;

/// A value to its first layer; what lies below waits in [`Thunk`]s.
#[derive(Clone)]
pub enum Value {
    /// Only running Nix would tell.
    Unknown,
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A floating-point number.
    Float(f64),
    /// A string.
    Text(Rc<Text>),
    /// A path, relative to the project's folder; it begins with `..` when it leads out.
    Path(Rc<str>),
    /// A list.
    List(Rc<List>),
    /// An attribute set.
    Set(Rc<Set>),
    /// A function that a file defines.
    Function(Rc<Closure>),
    /// A function of Nix or of nixpkgs' library, with the arguments that it has so far.
    Native(Native, Rc<Vec<Thunk>>),
    /// Something known by its name alone, such as `pkgs.git`, perhaps applied to arguments.
    Symbol(Rc<Symbol>),
    /// What `mkIf` and its like wrap.
    Marked(Rc<Marked>),
    /// A set that its owner fills when asked.
    Virtual(Rc<dyn Virtual>),
}

/// A string, whose parts may be unknown.
#[derive(Clone, Default)]
pub struct Text {
    /// The parts in their order; no two literals follow each other.
    pub parts: Vec<Part>,
}

/// A part of a string.
#[derive(Clone)]
pub enum Part {
    /// Known text.
    Literal(String),
    /// The store path of something known by name, such as `pkgs.git`.
    Symbol(Rc<Symbol>),
    /// Anything.
    Unknown,
}

/// The items of a list.
#[derive(Clone)]
pub struct List {
    /// Those that are known, in their order.
    pub items: Vec<Thunk>,
    /// Whether there are no others.
    pub complete: bool,
}

/// The attributes of a set.
#[derive(Clone)]
pub struct Set {
    /// Those whose name is known.
    pub fields: BTreeMap<Name, Field>,
    /// Whether there are no others.
    pub complete: bool,
}

/// One attribute.
#[derive(Clone)]
pub struct Field {
    /// Where its name is written.
    pub key: Option<Place>,
    /// Its value.
    pub value: Thunk,
}

/// A function with the scope around it.
pub struct Closure {
    /// An expression of the kind `Function`.
    pub(super) function: Node,
    pub(super) scope: Scope,
    /// Where it is written.
    pub place: Place,
}

/// Something known by name, applied to arguments.
#[derive(Clone)]
pub struct Symbol {
    /// Such as `pkgs.git` or `inputs.disko.nixosModules.disko`.
    pub name: Name,
    /// What it was called with.
    pub arguments: Vec<Thunk>,
}

/// What the module system reads off a definition.
pub enum Marked {
    /// `mkIf condition content`
    If(Thunk, Thunk),
    /// `mkOverride priority content`; `mkForce` is 50, `mkDefault` 1000.
    Override(i64, Thunk),
    /// `mkOrder order content`; `mkBefore` is 500, `mkAfter` 1500.
    Order(i64, Thunk),
    /// `mkMerge [ … ]`
    Merge(Thunk),
    /// `mkOption { … }` and `mkEnableOption`.
    Option(Option<Thunk>),
}

/// A set whose attributes are found when they are asked for.
pub trait Virtual {
    /// The attribute of this name.
    fn select(&self, evaluator: &Evaluator, name: &str) -> Value;
    /// What it is as a whole.
    fn whole(&self, evaluator: &Evaluator) -> Value;
}

/// A value that is computed at most once, with the place it is written at.
#[derive(Clone)]
pub struct Thunk(Rc<Inner>);

struct Inner {
    place: Place,
    state: RefCell<State>,
}

pub(super) enum State {
    Delayed(Node, Scope),
    /// An attribute of another value.
    Selected(Thunk, Name),
    /// A call that nobody has needed yet.
    Called(Value, Vec<Thunk>),
    /// A value in the making: whoever needs it now runs in a circle.
    Forcing,
    Done(Value),
}

impl Thunk {
    pub(super) fn new(place: Place, state: State) -> Self {
        Self(Rc::new(Inner {
            place,
            state: RefCell::new(state),
        }))
    }

    /// A finished value.
    pub fn done(value: Value, place: Place) -> Self {
        Self::new(place, State::Done(value))
    }

    /// A call that is made when somebody needs it, written where `at` is.
    pub fn called(function: Value, arguments: Vec<Thunk>, at: &Self) -> Self {
        Self::new(at.place().clone(), State::Called(function, arguments))
    }

    pub(super) fn delayed(node: &Node, scope: &Scope) -> Self {
        let place = scope.place(node);
        Self::new(place, State::Delayed(Rc::clone(node), scope.clone()))
    }

    /// Whether its value is in the making.
    pub(super) fn is_being_forced(&self) -> bool {
        matches!(*self.0.state.borrow(), State::Forcing)
    }

    /// Where the expression is written.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    pub(super) fn state(&self) -> &RefCell<State> {
        &self.0.state
    }
}

/// The variables that an expression sees.
#[derive(Clone)]
pub(super) struct Scope(pub(super) Rc<Frame>);

pub(super) struct Frame {
    pub(super) file: Name,
    pub(super) names: Names,
    pub(super) parent: Option<Scope>,
}

pub(super) enum Names {
    None,
    Known(RefCell<BTreeMap<Name, Thunk>>),
    With(Thunk),
}

impl Scope {
    pub(super) fn file(file: &Name) -> Self {
        Self(Rc::new(Frame {
            file: Rc::clone(file),
            names: Names::None,
            parent: None,
        }))
    }

    pub(super) fn child(&self, names: Names) -> Self {
        Self(Rc::new(Frame {
            file: Rc::clone(&self.0.file),
            names,
            parent: Some(self.clone()),
        }))
    }

    /// The variable of the nearest `let`, `rec` or parameter.
    pub(super) fn lookup(&self, name: &str) -> Option<Thunk> {
        let mut frame = Some(self);
        while let Some(Scope(current)) = frame {
            if let Names::Known(names) = &current.names
                && let Some(thunk) = names.borrow().get(name)
            {
                return Some(thunk.clone());
            }
            frame = current.parent.as_ref();
        }
        None
    }

    pub(super) fn place(&self, node: &Node) -> Place {
        Place {
            file: Rc::clone(&self.0.file),
            start: node.start,
            end: node.end,
        }
    }
}

impl Drop for Frame {
    /// Scopes form long chains; a chain is taken apart without recursion.
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(scope) = next {
            next = match Rc::try_unwrap(scope.0) {
                Ok(mut frame) => frame.parent.take(),
                Err(_) => None,
            };
        }
    }
}

impl Text {
    /// A string that is known whole.
    pub fn literal(text: impl Into<String>) -> Self {
        let mut whole = Self::default();
        whole.push(Part::Literal(text.into()));
        whole
    }

    pub(super) fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (_, Part::Literal(more)) if more.is_empty() => {}
            (Some(Part::Literal(text)), Part::Literal(more)) => text.push_str(&more),
            (_, part) => self.parts.push(part),
        }
    }

    /// The string, when all of it is known.
    pub fn known(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The string with `${name}` for every store path; `None` with an unknown part.
    pub fn with_symbols(&self) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Symbol(symbol) => {
                    text.push_str("${");
                    text.push_str(&symbol.name);
                    text.push('}');
                }
                Part::Unknown => return None,
            }
        }
        Some(text)
    }
}

impl Value {
    /// A string that is known whole.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Rc::new(Text::literal(text)))
    }

    /// Something known by its name alone.
    pub fn symbol(name: impl Into<Name>) -> Self {
        Self::Symbol(Rc::new(Symbol {
            name: name.into(),
            arguments: Vec::new(),
        }))
    }

    /// A list whose items are all known.
    pub fn list(items: Vec<Thunk>) -> Self {
        Self::List(Rc::new(List {
            items,
            complete: true,
        }))
    }

    /// A set of these attributes, and of others unless it is complete.
    pub fn set(fields: BTreeMap<Name, Field>, complete: bool) -> Self {
        Self::Set(Rc::new(Set { fields, complete }))
    }
}
