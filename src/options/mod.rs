//! What is known about NixOS options: their names, their types, what was renamed and removed.
//!
//! The facts are embedded as text that is searched where it lies, so that a run which asks
//! nothing pays nothing. `tests/data/nixos-options.json` is where they come from, and a test
//! writes `facts.txt` from it.

mod kind;
mod literal;
mod table;
#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use literal::Literal;

pub use crate::nix::string::is_identifier;

use table::{Entry, Mark, Table};

use crate::deployment::nearest;
use crate::nix::string::attribute_name;

/// The NixOS release that the facts describe.
///
/// An unknown, renamed or removed name is an error only for a nixpkgs of this release; for any
/// other it is advice.
pub const RELEASE: &str = "26.11";

/// One option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionFact {
    /// Its name as the manual writes it, with `<name>` for an attribute that a person chooses and
    /// `*` for an element of a list.
    pub name: &'static str,
    /// Whether name and type were read from the module that declares it. Of any other option
    /// nothing may be reported.
    pub certain: bool,
    /// Whether only NixOS itself may set it.
    pub read_only: bool,
    kind: &'static str,
}

impl OptionFact {
    /// What values it takes.
    pub fn kind(&self) -> Kind {
        Kind::parse(self.kind)
    }
}

/// What is known of one attribute path.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// An option.
    Known(OptionFact),
    /// A value inside an option, such as a key of freeform settings or one user of
    /// `users.users`; nothing more is known of its name.
    Inside {
        /// The option around it.
        option: OptionFact,
        /// What values it takes, as far as the option's own type says.
        kind: Kind,
    },
    /// No option itself, but a prefix of some.
    Namespace,
    /// An option had this name, or a prefix of it.
    Renamed {
        /// The whole path under its present name.
        to: String,
    },
    /// An option had this name, or a prefix of it, and no other took its place.
    Removed {
        /// The name that was removed.
        option: &'static str,
    },
    /// An option had this name, or a prefix of it; another takes its place in another form.
    Changed {
        /// The name that is no longer used.
        option: &'static str,
    },
    /// No such option is known.
    Unknown {
        /// The first element of the path that is not known.
        at: usize,
        /// A known name in its place, when one is near enough to be meant.
        nearest: Option<&'static str>,
        /// Whether every name in this place is known, so that this one is certainly wrong
        /// (unless a module of the project or of a flake input declares it).
        certain: bool,
    },
}

/// What is known of an attribute path. An element `<name>` or `*` stands for any name.
pub fn find(path: &[&str]) -> Answer {
    Finder::default().find(path)
}

/// Answers as [`find`] does, and quicker where paths follow each other that begin alike.
#[derive(Default)]
pub struct Finder {
    /// The lines below each element of the last path.
    steps: Vec<(String, Vec<table::Span>)>,
}

impl Finder {
    /// What is known of an attribute path.
    pub fn find(&mut self, path: &[&str]) -> Answer {
        search(Table::embedded(), path, self)
    }

    /// The lines one element further than `spans`, which is what the elements before lead to.
    fn below(
        &mut self,
        table: &Table,
        spans: &[table::Span],
        at: usize,
        element: &str,
    ) -> Vec<table::Span> {
        if let Some((last, below)) = self.steps.get(at)
            && last == element
        {
            return below.clone();
        }
        let below = spans.iter().flat_map(|span| table.below(span, element));
        let below: Vec<_> = below.collect();
        self.steps.truncate(at);
        self.steps.push((element.to_owned(), below.clone()));
        below
    }
}

/// Whether an option has this name or begins with it. Unlike [`find`] it looks for no other name
/// that may be meant, which takes long.
pub fn is_known(path: &[&str]) -> bool {
    let table = Table::embedded();
    let mut spans = vec![table.all()];
    for element in path {
        let below = spans.iter().flat_map(|span| table.below(span, element));
        spans = below.collect();
    }
    !spans.is_empty()
}

/// What values the attribute path takes, when it is an option or lies inside one.
pub fn kind(path: &[&str]) -> Option<Kind> {
    match find(path) {
        Answer::Known(option) => Some(option.kind()),
        Answer::Inside { kind, .. } => Some(kind),
        _ => None,
    }
}

fn search(table: &Table, path: &[&str], finder: &mut Finder) -> Answer {
    let mut spans = vec![table.all()];
    // The innermost option around the path so far, with the number of its elements.
    let mut around: Option<(OptionFact, usize)> = None;
    for (at, element) in path.iter().enumerate() {
        let below = finder.below(table, &spans, at, element);
        if below.is_empty() {
            return off_the_table(table, path, at, around, &spans);
        }
        for own in below.iter().filter_map(|span| table.own(span)) {
            match fact(own) {
                Some(option) => around = Some((option, at + 1)),
                None => return without_an_option(table, own, path, at + 1),
            }
        }
        spans = below;
    }
    let Some((option, length)) = around else {
        return Answer::Namespace;
    };
    match option.kind().within(path.len() - length) {
        _ if length == path.len() => Answer::Known(option),
        Some(kind) => Answer::Inside { option, kind },
        None => Answer::Namespace,
    }
}

fn fact(entry: Entry) -> Option<OptionFact> {
    let Mark::Option { certain, read_only } = entry.mark else {
        return None;
    };
    Some(OptionFact {
        name: entry.name,
        certain,
        read_only,
        kind: entry.rest,
    })
}

/// The answer for a name that is in the table and is no option.
fn without_an_option(table: &Table, entry: Entry, path: &[&str], length: usize) -> Answer {
    let option = entry.name;
    match entry.mark {
        Mark::Removed => Answer::Removed { option },
        Mark::Changed => Answer::Changed { option },
        Mark::Renamed => Answer::Renamed {
            to: dotted(&replaced(entry.rest, path, length)),
        },
        // An alias leads to an option, never to another alias: a test says so.
        Mark::Alias => search(
            table,
            &replaced(entry.rest, path, length),
            &mut Finder::default(),
        ),
        Mark::Exists | Mark::Option { .. } => Answer::Unknown {
            at: length - 1,
            nearest: None,
            certain: false,
        },
    }
}

/// A path under another name: what a person chose stays.
fn replaced<'a>(to: &'a str, path: &[&'a str], length: usize) -> Vec<&'a str> {
    let names = to.split('.').enumerate();
    let chosen = names.map(|(at, name)| match path.get(at) {
        Some(element) if table::is_wildcard(name) => *element,
        _ => name,
    });
    chosen.chain(path[length..].iter().copied()).collect()
}

/// The answer for a path that leaves the table at one of its elements.
fn off_the_table(
    table: &Table,
    path: &[&str],
    at: usize,
    around: Option<(OptionFact, usize)>,
    spans: &[table::Span],
) -> Answer {
    let has_names = spans.iter().any(|span| table.has_names(span));
    if let Some((option, length)) = around {
        // A value with names of its own, or a submodule of which no option is known.
        if !has_names || option.kind().is_open() {
            let kind = option
                .kind()
                .within(path.len() - length)
                .unwrap_or(Kind::Any);
            return Answer::Inside { option, kind };
        }
    }
    let names: Vec<&'static str> = spans.iter().flat_map(|span| table.names(span)).collect();
    let trusted = around.is_none_or(|(option, _)| option.certain);
    Answer::Unknown {
        at,
        nearest: nearest(path[at], names),
        certain: trusted && table.is_complete(&path[..at]),
    }
}

/// A path as Nix writes it.
pub fn dotted(path: &[&str]) -> String {
    let names: Vec<String> = path.iter().map(|name| written(name)).collect();
    names.join(".")
}

fn written(name: &str) -> String {
    match attribute_name(name) {
        Some(written) if !table::is_wildcard(name) => written,
        _ => name.to_owned(),
    }
}
