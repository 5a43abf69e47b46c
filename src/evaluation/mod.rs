//! A static reading of Nix: what can be said of an expression without running Nix.
//!
//! Lazy like Nix itself, and bounded in steps and depth. Whatever it does not know (a fetch, an
//! unknown function, a value of a machine) is [`Value::Unknown`], which spreads to what depends on
//! it and to nothing else.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use rnix::Root;

use crate::handwritten::Files;
use crate::reading::Place;

mod bindings;
mod call;
mod evaluate;
mod expression;
mod library;
mod lower;
mod operators;
mod text;
mod value;
mod written;

#[cfg(test)]
mod tests;

pub use expression::Name;
pub use value::{Closure, Field, List, Marked, Part, Set, Symbol, Text, Thunk, Value, Virtual};
pub use written::{ClosedArguments, selections};

/// More steps than this and the rest is unknown.
const MOST_STEPS: u32 = 4_000_000;
/// Deeper than this and the value is unknown. Each level takes a few frames of the stack, which
/// [`on_a_large_stack`] provides.
const DEEPEST: u32 = 2_000;
/// What any stack has room for, and what almost every project gets by with.
const SHALLOW: u32 = 120;
/// Texts up to this size nest at most as deep as a large stack has room for; others are looked
/// at before they are parsed.
const SMALL_TEXT: usize = 16 * 1024;
/// Room for [`DEEPEST`] levels, several times over.
const STACK: usize = 256 * 1024 * 1024;

/// Evaluates the files of one project.
pub struct Evaluator {
    files: Files,
    read: RefCell<BTreeMap<Name, Option<Thunk>>>,
    trees: RefCell<BTreeMap<Name, Option<Root>>>,
    steps: Cell<u32>,
    depth: Cell<u32>,
    exhausted: RefCell<Option<Place>>,
    circles: RefCell<BTreeSet<Place>>,
    missing: RefCell<BTreeMap<String, Place>>,
    out_of_reach: BTreeSet<String>,
    proven: BTreeSet<String>,
    deepest: u32,
    needs_room: Cell<bool>,
    asked_for: RefCell<BTreeSet<String>>,
}

impl Evaluator {
    /// An evaluator of these files that has read nothing yet.
    pub fn new(files: &Files) -> Self {
        Self {
            files: files.clone(),
            read: RefCell::default(),
            trees: RefCell::default(),
            steps: Cell::new(0),
            depth: Cell::new(0),
            exhausted: RefCell::default(),
            circles: RefCell::default(),
            missing: RefCell::default(),
            out_of_reach: BTreeSet::new(),
            proven: BTreeSet::new(),
            deepest: DEEPEST,
            needs_room: Cell::new(false),
            asked_for: RefCell::default(),
        }
    }

    /// As it is, and these files are known to nest as little as people write.
    #[must_use]
    pub fn trusting(mut self, proven: &BTreeSet<String>) -> Self {
        self.proven.clone_from(proven);
        self
    }

    /// As it is, for the stack that there is: what needs a larger one is unknown, and
    /// [`Evaluator::needs_room`] says so.
    #[must_use]
    pub fn on_any_stack(mut self) -> Self {
        self.deepest = SHALLOW;
        self
    }

    /// Whether anything was left unknown for want of a larger stack.
    pub fn needs_room(&self) -> bool {
        self.needs_room.get()
    }

    /// As it is, and these paths lead to something that is not among the files.
    #[must_use]
    pub fn beside(mut self, out_of_reach: &BTreeSet<String>) -> Self {
        self.out_of_reach.clone_from(out_of_reach);
        self
    }

    /// The expression of a file; `None` when there is no such file or it does not parse.
    pub fn file(&self, path: &str) -> Option<Thunk> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let tree = self.tree(path);
        let thunk = tree.and_then(|tree| self.expression(path, &tree));
        self.read.borrow_mut().insert(path.into(), thunk.clone());
        thunk
    }

    /// The syntax of a file, parsed once; `None` when there is no such file or it does not parse.
    pub fn tree(&self, path: &str) -> Option<Root> {
        if let Some(known) = self.trees.borrow().get(path) {
            return known.clone();
        }
        let text = self.files.get(path)?;
        let fits = self.deepest == DEEPEST && text.len() <= SMALL_TEXT;
        let tree = if fits || self.proven.contains(path) {
            crate::nix::parse_shallow(text)
        } else {
            crate::nix::parse(text)
        };
        let tree = tree.ok();
        self.trees.borrow_mut().insert(path.into(), tree.clone());
        tree
    }

    /// The expression of a text that stands in for a file from outside the project. Its name
    /// begins with `<`, which no path of a project does, and it nests little.
    pub fn outside(&self, name: &str, text: &'static str) -> Option<Thunk> {
        if let Some(known) = self.read.borrow().get(name) {
            return known.clone();
        }
        let tree = crate::nix::parse_shallow(text).ok();
        let thunk = tree.and_then(|tree| self.expression(name, &tree));
        self.read.borrow_mut().insert(name.into(), thunk.clone());
        thunk
    }

    fn expression(&self, name: &str, tree: &Root) -> Option<Thunk> {
        let (node, is_cut) = lower::file(tree, self.deepest)?;
        if is_cut && self.deepest < DEEPEST {
            self.needs_room.set(true);
        }
        Some(Thunk::delayed(&node, &value::Scope::file(&name.into())))
    }

    /// The file that a path means: itself, or the `default.nix` of a folder.
    pub fn resolve_import(&self, path: &str, from: &Place) -> Option<String> {
        if self.files.contains_key(path) {
            return Some(path.to_owned());
        }
        let inside = join(path, "default.nix");
        if self.files.contains_key(&inside) {
            return Some(inside);
        }
        if !self.out_of_reach.contains(path) {
            let mut missing = self.missing.borrow_mut();
            missing
                .entry(path.to_owned())
                .or_insert_with(|| from.clone());
        }
        None
    }

    /// The text of a file of the project.
    pub fn text_of(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether any file of the project lies at this path or below it.
    pub fn has_path(&self, path: &str) -> bool {
        let below = format!("{path}/");
        self.files.contains_key(path)
            || path.is_empty()
            || self
                .files
                .range(below.clone()..)
                .next()
                .is_some_and(|(file, _)| file.starts_with(&below))
    }

    /// Whether a Nix file is not there: a flake sees the project's files and no others. Like an
    /// import it is asked for, in case it was not read yet.
    pub fn is_certainly_missing(&self, path: &str) -> bool {
        let is_inside = path.strip_suffix(".nix").is_some() && !path.starts_with("..");
        let missing = is_inside
            && self.files.contains_key("flake.nix")
            && !self.out_of_reach.contains(path)
            && !self.has_path(path);
        if missing {
            self.asked_for.borrow_mut().insert(path.to_owned());
        }
        missing
    }

    /// Whether all folders of the project were read: beside a manifest, only some are.
    pub fn reads_everything(&self) -> bool {
        !self.files.contains_key("seance.toml")
    }

    /// The Nix files of a folder and of those below it.
    pub fn files_below(&self, folder: &str) -> Vec<String> {
        let below = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let files = self.files.range(below.clone()..).map(|(path, _)| path);
        files
            .take_while(|path| path.starts_with(&below))
            .filter(|path| path.strip_suffix(".nix").is_some())
            .cloned()
            .collect()
    }

    /// Where the reading ran out of steps or of depth, if it did.
    pub fn exhausted(&self) -> Option<Place> {
        self.exhausted.borrow().clone()
    }

    /// Where a file is imported whose own value is still being computed: Nix never ends there.
    pub fn circles(&self) -> BTreeSet<Place> {
        self.circles.borrow().clone()
    }

    /// Paths that were imported and are not among the files, with the place of an import.
    pub fn missing(&self) -> BTreeMap<String, Place> {
        self.missing.borrow().clone()
    }

    /// Paths that are not among the files and that reading them may tell more about: imported
    /// ones, and those whose presence is asked about.
    pub fn wanted(&self) -> BTreeSet<String> {
        let asked_for = self.asked_for.borrow();
        let missing = self.missing.borrow();
        missing.keys().chain(asked_for.iter()).cloned().collect()
    }

    /// The value of a file that is imported at a place.
    fn imported(&self, file: &Thunk, from: &Place) -> Value {
        if file.is_being_forced() {
            self.circles.borrow_mut().insert(from.clone());
        }
        self.force_lazily(file)
    }

    /// Takes one step, or says that there are none left.
    fn step(&self, place: impl FnOnce() -> Place) -> bool {
        let steps = self.steps.get() + 1;
        if steps > MOST_STEPS || self.depth.get() > self.deepest {
            self.needs_room
                .set(steps <= MOST_STEPS && self.deepest < DEEPEST);
            let mut exhausted = self.exhausted.borrow_mut();
            if exhausted.is_none() {
                *exhausted = Some(place());
            }
            return false;
        }
        self.steps.set(steps);
        true
    }

    fn deeper<T>(&self, work: impl FnOnce() -> T) -> T {
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        result
    }
}

/// Runs work that evaluates: the evaluator follows what it reads as deep as it goes.
///
/// Without a thread to be had, the work runs on the stack that there is.
pub fn on_a_large_stack<T: Send>(work: impl Fn() -> T + Sync) -> T {
    let there = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, &work)
            .ok()
            .and_then(|thread| thread.join().ok())
    });
    there.unwrap_or_else(work)
}

/// A path below a folder, with `.` and `..` resolved; the root of the project is the empty path.
pub fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
