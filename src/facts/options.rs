//! Where definitions and what is known about NixOS options disagree.

use std::collections::{BTreeMap, BTreeSet};

use super::Facts;
use crate::deployment::NixosRelease;
use crate::evaluation::{Evaluator, Name, Thunk, Value};
use crate::nixos::{System, Written};
use crate::options::{self, Answer, Finder, Kind, Literal};
use crate::reading::Place;

/// How deep a value is looked at.
const DEEPEST: usize = 8;

/// A name or a value that NixOS does not take.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The path of the option as it is written.
    pub path: Vec<Name>,
    /// Where each of its names is written; `None` for one that a function made.
    pub keys: Vec<Option<Place>>,
    /// Where the value is written.
    pub value: Place,
    /// What is wrong.
    pub with: Fault,
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// There is no such option.
    Unknown {
        /// The first name of the path that is not known.
        at: usize,
        /// A known name in its place.
        nearest: Option<&'static str>,
    },
    /// The value is not of the option's type.
    Type {
        /// What it takes.
        expected: Kind,
        /// What it is set to.
        found: Literal,
        /// Whether it is an item of a list that is wrong, and not the whole value.
        is_item: bool,
    },
    /// The option has another name now.
    Renamed {
        /// The whole path under it.
        to: String,
    },
    /// There is no such option any more.
    Removed,
    /// Another option takes its place in another form.
    Changed,
}

impl Disagreement {
    /// The name as NixOS shows it.
    pub fn name(&self) -> String {
        let names: Vec<&str> = self.path.iter().map(|name| &**name).collect();
        options::dotted(&names)
    }

    /// What is to be changed: the value of a wrong type, else the last name, else its value.
    pub fn place(&self) -> &Place {
        if matches!(self.with, Fault::Type { .. }) {
            return &self.value;
        }
        let key = self.keys.last().and_then(Option::as_ref);
        key.unwrap_or(&self.value)
    }
}

impl Facts<'_> {
    /// Every definition of a system's option that NixOS would refuse, each once.
    pub fn disagreements(&self) -> &[Disagreement] {
        self.disagreements.get_or_init(|| {
            let mut found = Vec::new();
            let mut seen = BTreeSet::new();
            for system in self.systems() {
                of_system(self.evaluator(), system, &mut |it| {
                    if seen.insert((it.path.clone(), it.place().clone())) {
                        found.push(it);
                    }
                });
            }
            found
        })
    }

    /// The release of nixpkgs that the flake's systems are built from, with the place of the
    /// input, where branch and lock file say so.
    pub fn nixpkgs_release(&self) -> Option<(NixosRelease, Place)> {
        let input = self.flake()?.inputs.get("nixpkgs")?;
        let (url, place) = input.url.as_ref()?;
        let reference = crate::flake::Reference::parse(url);
        let release = reference.release().filter(|_| reference.is_nixpkgs())?;
        Some((release, place.clone()))
    }

    /// Whether the facts about options are about the very release that the project uses.
    pub fn options_are_of_this_release(&self) -> bool {
        let release = self.nixpkgs_release();
        release.is_some_and(|(release, _)| release.as_str() == options::RELEASE)
    }
}

fn of_system(evaluator: &Evaluator, system: &System, report: &mut dyn FnMut(Disagreement)) {
    let mut finder = Finder::default();
    system.written(&mut |written| {
        let (goes_on, faults) = judged(evaluator, system, written, &mut finder);
        for (with, value) in faults {
            report(Disagreement {
                path: written.path.to_vec(),
                keys: written.keys.to_vec(),
                value,
                with,
            });
        }
        goes_on
    });
}

/// Faults, each with the place of the value.
type Faults = Vec<(Fault, Place)>;

/// Whether to look at the names below, and what is wrong with this one.
fn judged(
    evaluator: &Evaluator,
    system: &System,
    written: &Written<'_>,
    finder: &mut Finder,
) -> (bool, Faults) {
    let path: Vec<&str> = written.path.iter().map(|name| &**name).collect();
    let fault = match finder.find(&path) {
        Answer::Namespace => return (true, Faults::new()),
        Answer::Known(option) => {
            let kind = option.kind();
            return of_kind(evaluator, system, written, &kind, option.certain);
        }
        Answer::Inside { option, kind } => {
            return of_kind(evaluator, system, written, &kind, option.certain);
        }
        Answer::Unknown { certain: false, .. } => None,
        // A module that nobody here can see may declare it.
        Answer::Unknown { .. } if !system.unread.is_empty() => None,
        Answer::Unknown { at, nearest, .. } => Some(Fault::Unknown { at, nearest }),
        Answer::Renamed { to } => Some(Fault::Renamed { to }),
        Answer::Removed { .. } => Some(Fault::Removed),
        Answer::Changed { .. } => Some(Fault::Changed),
    };
    let fault = fault.filter(|_| !system.may_declare(written.path));
    let place = written.place.clone();
    (
        false,
        fault.map(|fault| (fault, place)).into_iter().collect(),
    )
}

fn of_kind(
    evaluator: &Evaluator,
    system: &System,
    written: &Written<'_>,
    kind: &Kind,
    certain: bool,
) -> (bool, Faults) {
    let is_set = matches!(written.value, Value::Set(_));
    if is_set && (kind.is_submodule() || kind.is_attrs_of()) {
        return (true, Faults::new());
    }
    if !certain {
        return (false, Faults::new());
    }
    let found = literal(evaluator, written.value, 0);
    let is_wrong = kind.accepts(&found) == Some(false)
        && written.holds() != Some(false)
        && !system.may_declare(written.path);
    if !is_wrong {
        return (false, Faults::new());
    }
    let fault = |expected: &Kind, found, is_item| Fault::Type {
        expected: expected.clone(),
        found,
        is_item,
    };
    let (Some(kind_of_items), Value::List(list)) = (kind.of_items(), written.value) else {
        return (
            false,
            vec![(fault(kind, found, false), written.place.clone())],
        );
    };
    let items = list.items.iter().filter_map(|item| {
        let found = literal(evaluator, &evaluator.force(item), 1);
        let is_wrong = kind_of_items.accepts(&found) == Some(false);
        is_wrong.then(|| (fault(kind_of_items, found, true), item.place().clone()))
    });
    (false, items.collect())
}

/// A value as far as it can be told from a file.
fn literal(evaluator: &Evaluator, value: &Value, depth: usize) -> Literal {
    if depth > DEEPEST {
        return Literal::Other;
    }
    let of = |thunk: &Thunk| literal(evaluator, &evaluator.force(thunk), depth + 1);
    match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Bool(*value),
        Value::Integer(value) => Literal::Int(*value),
        Value::Float(value) => Literal::Float(*value),
        // What is not known of a string does not make it something else.
        Value::Text(text) => text.known().map_or(Literal::Other, Literal::text),
        Value::Path(path) => Literal::Path(path.to_string()),
        Value::List(list) => {
            let rest = (!list.complete).then_some(Literal::Other);
            Literal::List(list.items.iter().map(of).chain(rest).collect())
        }
        Value::Set(set) if set.complete => {
            let fields = set.fields.iter();
            let read = fields.map(|(name, field)| (name.to_string(), of(&field.value)));
            Literal::Set(read.collect::<BTreeMap<_, _>>())
        }
        _ => Literal::Other,
    }
}
