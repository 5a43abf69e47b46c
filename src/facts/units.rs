//! The systemd units of the project's systems, and what their commands run.

use std::rc::Rc;

use super::Facts;
use super::command::{Command, of_shell, of_unit};
use crate::evaluation::{Evaluator, Name, Part, Symbol, Text, Value};
use crate::nixos::{System, View};
use crate::options;
use crate::reading::{Place, Read};

/// Scripts within scripts deeper than this are not followed.
const DEEPEST: usize = 8;

/// A service that the project's own modules define.
pub struct Unit {
    /// Its system among those of the project.
    pub system: usize,
    /// Its name without `.service`.
    pub name: Name,
    /// `systemd.services.<name>`.
    pub view: View,
    /// What it runs, scripts followed, as far as that can be told.
    pub steps: Vec<Step>,
    /// The texts that a shell reads for it, scripts followed.
    pub scripts: Vec<Script>,
    /// Whether nothing that it runs is hidden.
    pub complete: bool,
    /// Whether a script of it brings programs along, beside those in the PATH of the unit.
    pub brings_programs: bool,
    /// Whether it is a person's own from beginning to end: it says what it runs, and no service
    /// of nixpkgs bears its name.
    pub is_own: bool,
}

/// One command of a unit.
pub struct Step {
    /// When it runs.
    pub phase: Phase,
    /// The command.
    pub command: Command,
    /// Where the line of the unit is written that leads to it.
    pub place: Option<Place>,
}

/// A text that a shell reads.
pub struct Script {
    /// The text, with the names of what is interpolated.
    pub text: String,
    /// Where it is written.
    pub place: Option<Place>,
    /// Whether every interpolation is known, by its name at least.
    pub complete: bool,
}

/// When a command of a unit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// `ExecStartPre`, `ExecCondition`, `preStart`.
    Before,
    /// `ExecStart`, `script`.
    Start,
    /// `ExecStartPost`, `postStart`.
    After,
}

/// The options of a unit that hold commands, and whether a shell reads them.
const COMMANDS: [(&[&str], Phase, bool); 7] = [
    (&["serviceConfig", "ExecCondition"], Phase::Before, false),
    (&["serviceConfig", "ExecStartPre"], Phase::Before, false),
    (&["preStart"], Phase::Before, true),
    (&["serviceConfig", "ExecStart"], Phase::Start, false),
    (&["script"], Phase::Start, true),
    (&["serviceConfig", "ExecStartPost"], Phase::After, false),
    (&["postStart"], Phase::After, true),
];

/// Functions of nixpkgs that make a script of a text, and the position of the text.
const SCRIPTS: [&str; 7] = [
    "writeShellScript",
    "writeShellScriptBin",
    "writeScript",
    "writeScriptBin",
    "writeBash",
    "writeBashBin",
    "writeDash",
];

impl Unit {
    /// An option of the unit's `serviceConfig`.
    pub fn service(&self, name: &str) -> View {
        self.view.at(&["serviceConfig", name])
    }

    /// A variable of its environment, whether in `environment` or in `serviceConfig`.
    pub fn variable(&self, name: &str) -> Read<String> {
        let plain = self.view.at(&["environment", name]).string();
        if !plain.is_absent() {
            return plain;
        }
        if self.service("EnvironmentFile").is_defined() != Some(false)
            || self.service("PassEnvironment").is_defined() != Some(false)
        {
            return Read::Unknown;
        }
        let lines = match self.service("Environment").value() {
            Read::Absent => return Read::Absent,
            Read::Known(value @ Value::Text(_), place) => vec![(value, place)],
            Read::Known(Value::List(_), _) => {
                let items = self.service("Environment").list();
                if !items.complete {
                    return Read::Unknown;
                }
                let items = items.items.into_iter();
                items.map(|item| (item.value, item.place)).collect()
            }
            _ => return Read::Unknown,
        };
        for (line, place) in lines {
            let Value::Text(text) = line else {
                return Read::Unknown;
            };
            let Some(text) = text.with_symbols() else {
                return Read::Unknown;
            };
            let words = text.split_whitespace().map(|word| word.trim_matches('"'));
            let value = words
                .filter_map(|word| word.split_once('='))
                .find(|(key, _)| *key == name);
            if let Some((_, value)) = value {
                return Read::Known(value.to_owned(), place);
            }
        }
        Read::Absent
    }

    /// The name as people write it.
    pub fn title(&self) -> String {
        format!("{}.service", self.name)
    }

    /// The `devenv up` that it runs.
    pub fn devenv_up(&self) -> Option<&Step> {
        self.steps.iter().find(|step| {
            let command = &step.command;
            step.phase == Phase::Start
                && command.program() == Some("devenv")
                && command.argument("up").is_some()
        })
    }

    /// The commands of one phase with this program.
    pub fn runs<'u>(&'u self, phase: Phase, program: &'u str) -> impl Iterator<Item = &'u Step> {
        self.steps
            .iter()
            .filter(move |step| step.phase == phase && step.command.program() == Some(program))
    }
}

impl Facts<'_> {
    /// Every service that the project's systems define.
    pub fn units(&self) -> &[Unit] {
        self.units.get_or_init(|| {
            let systems = self.systems().iter().enumerate();
            let units = systems.flat_map(|(index, system)| of_system(self, index, system));
            units.collect()
        })
    }

    /// The services that run `devenv up`, with that command.
    pub fn devenv_units(&self) -> impl Iterator<Item = (&Unit, &Step)> {
        let units = self.units().iter();
        units.filter_map(|unit| Some((unit, unit.devenv_up()?)))
    }

    /// The system that a service belongs to.
    pub fn system_of(&self, unit: &Unit) -> &System {
        &self.systems()[unit.system]
    }

    /// What devenv comes to under the profile that a command names, when that can be told.
    pub fn shell_of(&self, command: &Command) -> Option<&System> {
        let shell = self.shell()?;
        match command.value(&["--profile", "-P"]) {
            None => Some(&shell.base),
            Some(profile) if profile.decided => shell.under(&profile.text),
            Some(_) => None,
        }
    }

    /// The commands of a text that a shell reads, scripts followed, and whether nothing is hidden.
    pub fn commands(&self, value: &Value) -> (Vec<Command>, bool) {
        let mut spoken = Spoken::new(self.evaluator());
        spoken.value(value, true, 0);
        (spoken.commands, spoken.complete)
    }

    /// The texts that a shell reads for a text at a place, scripts followed.
    pub fn scripts(&self, value: &Value, place: Option<&Place>) -> Vec<Script> {
        let mut spoken = Spoken::new(self.evaluator());
        spoken.place = place.cloned();
        spoken.value(value, true, 0);
        spoken.scripts
    }

    /// Whether a script in a text that a shell reads brings programs along.
    pub fn brings_programs(&self, value: &Value) -> bool {
        let mut spoken = Spoken::new(self.evaluator());
        spoken.value(value, true, 0);
        spoken.brings_programs
    }
}

fn of_system(facts: &Facts<'_>, index: usize, system: &System) -> Vec<Unit> {
    let services = system.at("systemd.services").children();
    let unit = |(name, view): (Name, View)| {
        let mut unit = Unit {
            system: index,
            name,
            view,
            steps: Vec::new(),
            scripts: Vec::new(),
            complete: true,
            brings_programs: false,
            is_own: false,
        };
        for (path, phase, is_shell) in COMMANDS {
            let option = path
                .iter()
                .fold(unit.view.clone(), |view, name| view.at(&[*name]));
            match option.value() {
                Read::Known(value, place) => {
                    let mut spoken = Spoken::new(facts.evaluator());
                    spoken.place.clone_from(&place);
                    spoken.value(&value, is_shell, 0);
                    unit.scripts.append(&mut spoken.scripts);
                    unit.complete &= spoken.complete;
                    unit.brings_programs |= spoken.brings_programs;
                    unit.steps
                        .extend(spoken.commands.into_iter().map(|command| Step {
                            phase,
                            command,
                            place: place.clone(),
                        }));
                }
                Read::Absent => {}
                Read::Unknown => unit.complete = false,
            }
        }
        unit.is_own = is_own(system, &unit);
        unit
    };
    services.into_iter().map(unit).collect()
}

fn is_own(system: &System, unit: &Unit) -> bool {
    unit.steps.iter().any(|step| step.phase == Phase::Start)
        && !unit.name.contains('@')
        && system.at(&["services", &unit.name]).is_defined() == Some(false)
        && !is_of_nixpkgs(&unit.name)
}

/// Whether nixpkgs may define units and accounts of this name.
pub fn is_of_nixpkgs(name: &str) -> bool {
    const OTHERS: [&str; 5] = ["container", "docker", "network", "nix-", "systemd-"];
    let first = name.split('-').next().unwrap_or(name);
    let is_known = |name: &str| {
        let mut sets = ["services", "programs"].into_iter();
        sets.any(|set| options::is_known(&[set, name]))
    };
    is_known(name) || is_known(first) || OTHERS.iter().any(|other| name.starts_with(other))
}

/// Whether what follows is part of a longer text that a test compares or `echo` writes, so that
/// nothing runs it. The text ends with `${`.
fn is_only_named(before: &str) -> bool {
    let before = before.strip_suffix("${").unwrap_or(before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let words = ["echo ", "if [ ", "[ ", "printf ", "test "];
    let runs_nothing = words.iter().any(|it| line.trim_start().starts_with(it));
    let mut parts = line.split('"');
    let quoted = parts.next_back().unwrap_or_default();
    let is_open = parts.count() % 2 == 1;
    runs_nothing && is_open && !quoted.is_empty() && !quoted.contains(['(', '`', ';', '|', '&'])
}

/// Collects the commands that a value leads to.
struct Spoken<'e> {
    evaluator: &'e Evaluator,
    commands: Vec<Command>,
    scripts: Vec<Script>,
    /// Where the text at hand is written.
    place: Option<Place>,
    complete: bool,
    brings_programs: bool,
}

impl<'e> Spoken<'e> {
    fn new(evaluator: &'e Evaluator) -> Self {
        Self {
            evaluator,
            commands: Vec::new(),
            scripts: Vec::new(),
            place: None,
            complete: true,
            brings_programs: false,
        }
    }

    fn value(&mut self, value: &Value, is_shell: bool, depth: usize) {
        match value {
            Value::Text(text) => self.text(text, is_shell, depth),
            Value::Symbol(_) | Value::Path(_) => {
                let text = self.evaluator.interpolated(value);
                self.text(&text, is_shell, depth);
            }
            Value::List(list) => {
                self.complete &= list.complete;
                for item in &list.items {
                    let item = self.evaluator.force(item);
                    self.value(&item, is_shell, depth);
                }
            }
            Value::Null => {}
            _ => self.complete = false,
        }
    }

    fn text(&mut self, text: &Text, is_shell: bool, depth: usize) {
        if depth > DEEPEST {
            self.complete = false;
            return;
        }
        let mut written = String::new();
        let place = self.place.clone();
        let mut complete = true;
        for part in &text.parts {
            match part {
                Part::Literal(literal) => written.push_str(literal),
                Part::Symbol(symbol) => {
                    written.push_str("${");
                    let is_named = is_shell && is_only_named(&written);
                    written.push_str(&symbol.name);
                    written.push('}');
                    if !is_named {
                        self.script(symbol, depth);
                    }
                }
                Part::Unknown => {
                    self.complete = false;
                    complete = false;
                    written.push_str("${?}");
                }
            }
        }
        let commands = if is_shell {
            of_shell(&written)
        } else {
            of_unit(&written).into_iter().collect()
        };
        if is_shell {
            self.scripts.push(Script {
                text: written,
                place,
                complete,
            });
        }
        for command in commands {
            self.command(command, depth);
        }
    }

    /// What a script of the project's own runs.
    fn script(&mut self, symbol: &Rc<Symbol>, depth: usize) {
        let function = symbol.name.rsplit('.').next().unwrap_or_default();
        let text = match symbol.arguments.as_slice() {
            [_, text] if SCRIPTS.contains(&function) => text.clone(),
            [given] if function == "writeShellApplication" => {
                let Value::Set(set) = self.evaluator.force(given) else {
                    return;
                };
                let brings = ["runtimeInputs", "runtimeEnv"];
                self.brings_programs |=
                    !set.complete || brings.iter().any(|it| set.fields.contains_key(*it));
                let Some(field) = set.fields.get("text") else {
                    return;
                };
                field.value.clone()
            }
            _ => return,
        };
        let outer = self.place.replace(text.place().clone());
        let text = self.evaluator.force(&text);
        self.value(&text, true, depth + 1);
        self.place = outer;
    }

    fn command(&mut self, command: Command, depth: usize) {
        let arguments = command.arguments();
        let inner = match command.program() {
            Some("bash" | "sh" | "dash") if depth < DEEPEST => {
                let text = command
                    .flag(&["-c"])
                    .and_then(|flag| arguments.iter().find(|it| it.range.start > flag.range.end));
                for command in text.map(|it| of_shell(&it.text)).unwrap_or_default() {
                    self.command(command, depth + 1);
                }
                None
            }
            // `devenv shell -- npm start` and its like.
            Some("devenv" | "nix" | "direnv") => {
                let end = arguments.iter().position(|word| word.is("--"));
                end.and_then(|end| command.tail(end + 1))
            }
            Some(_) => None,
            // A script that may run what it is given.
            None => {
                let program = arguments
                    .iter()
                    .position(|word| word.text.contains("/bin/"));
                program.and_then(|program| command.tail(program))
            }
        };
        self.commands.push(command);
        if let Some(inner) = inner.filter(|_| depth < DEEPEST) {
            self.command(inner, depth + 1);
        }
    }
}
