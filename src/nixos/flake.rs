//! `flake.nix`: its inputs and its outputs.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::evaluation::{Evaluator, Field, Name, Set, Thunk, Value, Virtual};
use crate::reading::Place;

use super::parts::Parts;

/// A flake, as far as it can be read.
pub struct Flake {
    /// The inputs by name.
    pub inputs: BTreeMap<Name, Input>,
    /// What `outputs` gives; unknown where it cannot be told.
    pub outputs: Thunk,
    /// Where the file's expression is.
    pub place: Place,
    /// The modules that make the outputs, where flake-parts does.
    pub(super) parts: Option<Rc<Parts>>,
}

/// One input of a flake.
pub struct Input {
    /// Where its name is written.
    pub key: Option<Place>,
    /// Its URL with the URL's place.
    pub url: Option<(String, Place)>,
    /// Whether something says where it comes from: a URL, or the parts of one.
    pub is_placed: bool,
    /// For each of its own inputs that follows another, the path of that other.
    pub follows: BTreeMap<Name, String>,
}

impl Flake {
    /// Reads the flake of the project, when there is one.
    pub fn read(evaluator: &Rc<Evaluator>) -> Option<Self> {
        let file = evaluator.file("flake.nix")?;
        let place = file.place().clone();
        let Value::Set(flake) = evaluator.force(&file) else {
            return None;
        };
        let inputs = flake
            .fields
            .get("inputs")
            .map(|field| evaluator.force(&field.value));
        let inputs = match inputs {
            Some(Value::Set(inputs)) => read_inputs(evaluator, &inputs),
            _ => BTreeMap::new(),
        };
        let function = flake.fields.get("outputs")?.value.clone();
        let itself = Rc::new(Made::default());
        let arguments = Value::Virtual(Rc::new(Inputs {
            made: Rc::clone(&itself),
            names: inputs.keys().cloned().collect(),
            place: place.clone(),
        }));
        let argument = Thunk::done(arguments, place.clone());
        let outputs = Thunk::called(evaluator.force_lazily(&function), vec![argument], &function);
        // Nobody else can have filled it: it was made above.
        let _ = itself.outputs.set(outputs.clone());
        let parts = Parts::of(evaluator, &evaluator.force(&outputs));
        let parts = parts.map(|(parts, call)| {
            let parts = itself.parts.get_or_init(|| parts);
            parts.collect(&call);
            Rc::clone(parts)
        });
        Some(Self {
            inputs,
            outputs,
            place,
            parts,
        })
    }

    /// An attribute of the outputs.
    pub fn output(&self, evaluator: &Evaluator, name: &str) -> Option<Thunk> {
        match evaluator.force(&self.outputs) {
            Value::Set(set) => set.fields.get(name).map(|field| field.value.clone()),
            _ => None,
        }
    }
}

fn read_inputs(evaluator: &Evaluator, inputs: &Set) -> BTreeMap<Name, Input> {
    let mut read = BTreeMap::new();
    for (name, field) in &inputs.fields {
        let mut input = Input {
            key: field.key.clone(),
            url: None,
            is_placed: true,
            follows: BTreeMap::new(),
        };
        if let Value::Set(set) = evaluator.force(&field.value) {
            input.url = set
                .fields
                .get("url")
                .and_then(|url| text(evaluator, &url.value));
            let says_nothing = |name: &Name| ["flake", "inputs"].contains(&&**name);
            input.is_placed = !set.complete || !set.fields.keys().all(says_nothing);
            if let Some(nested) = set.fields.get("inputs")
                && let Value::Set(nested) = evaluator.force(&nested.value)
            {
                input.follows = follows(evaluator, &nested);
            }
        }
        read.insert(Rc::clone(name), input);
    }
    read
}

fn follows(evaluator: &Evaluator, nested: &Set) -> BTreeMap<Name, String> {
    let mut all = BTreeMap::new();
    for (name, field) in &nested.fields {
        if let Value::Set(set) = evaluator.force(&field.value)
            && let Some(target) = set.fields.get("follows")
            && let Some((target, _)) = text(evaluator, &target.value)
        {
            all.insert(Rc::clone(name), target);
        }
    }
    all
}

fn text(evaluator: &Evaluator, thunk: &Thunk) -> Option<(String, Place)> {
    match evaluator.force(thunk) {
        Value::Text(text) => Some((text.known()?.to_owned(), thunk.place().clone())),
        _ => None,
    }
}

/// What a flake gives, filled once that is known.
#[derive(Default)]
struct Made {
    outputs: OnceCell<Thunk>,
    parts: OnceCell<Rc<Parts>>,
}

/// What `outputs` is called with.
struct Inputs {
    made: Rc<Made>,
    names: Vec<Name>,
    place: Place,
}

impl Virtual for Inputs {
    fn select(&self, _: &Evaluator, name: &str) -> Value {
        if name == "self" {
            return Value::Virtual(Rc::new(Itself {
                made: Rc::clone(&self.made),
                inputs: self.names.clone(),
                place: self.place.clone(),
            }));
        }
        Value::symbol(format!("inputs.{name}"))
    }

    fn whole(&self, evaluator: &Evaluator) -> Value {
        let names = self.names.iter().cloned().chain([Name::from("self")]);
        let fields = names.map(|name| {
            let value = Thunk::done(self.select(evaluator, &name), self.place.clone());
            (name, Field { key: None, value })
        });
        Value::set(fields.collect(), false)
    }
}

/// `self`: the outputs, and the project's folder.
struct Itself {
    made: Rc<Made>,
    inputs: Vec<Name>,
    place: Place,
}

impl Virtual for Itself {
    fn select(&self, evaluator: &Evaluator, name: &str) -> Value {
        match name {
            "outPath" => Value::Path("".into()),
            "inputs" => Value::Virtual(Rc::new(Inputs {
                made: Rc::clone(&self.made),
                names: self.inputs.clone(),
                place: self.place.clone(),
            })),
            name => match (self.made.parts.get(), self.made.outputs.get()) {
                (Some(parts), _) => parts.select(name),
                (None, Some(outputs)) => evaluator.select(&evaluator.force(outputs), name),
                (None, None) => Value::Unknown,
            },
        }
    }

    fn whole(&self, _: &Evaluator) -> Value {
        let folder = Field {
            key: None,
            value: Thunk::done(Value::Path("".into()), self.place.clone()),
        };
        Value::set(BTreeMap::from([("outPath".into(), folder)]), false)
    }
}
