//! Everything that can be read from a project's files without running anything.

pub mod blocks;
pub mod command;
mod options;
mod ports;
mod units;

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::caddy::{self, Environment};
use crate::deployment::Deployment;
use crate::devenv::Yaml;
use crate::devenv::shell::Shell;
use crate::evaluation::Evaluator;
use crate::finding::{Finding, Location, Origin};
use crate::flake::Lock;
use crate::handwritten::Files;
use crate::manifest::Document;
use crate::nixos::{self, Flake, System};
use crate::reading::Place;
use crate::rules::Rule;
use crate::tofu::{Configuration, Resource};

mod droplets;

pub use droplets::{Droplet, Installer, Part};
pub use options::{Disagreement, Fault};
pub use ports::{LetIn, OpenPorts};
pub use units::{Phase, Script, Step, Unit, is_of_nixpkgs};

/// The facts that rules judge.
pub struct Facts<'a> {
    /// The text of every file that was read, by path relative to the project's folder.
    pub files: &'a Files,
    /// What `seance.toml` describes, where there is one without errors.
    pub manifest: Option<Manifest<'a>>,
    evaluator: Rc<Evaluator>,
    flake: OnceCell<Option<Flake>>,
    systems: OnceCell<Vec<System>>,
    shell: OnceCell<Option<Shell>>,
    tofu: OnceCell<Configuration>,
    installs_nixos: OnceCell<bool>,
    caddy: OnceCell<Vec<caddy::File>>,
    devenv_yaml: OnceCell<Option<Yaml>>,
    flake_lock: OnceCell<Option<Lock>>,
    devenv_lock: OnceCell<Option<Lock>>,
    disagreements: OnceCell<Vec<Disagreement>>,
    units: OnceCell<Vec<Unit>>,
}

/// A manifest that was read.
#[derive(Clone, Copy)]
pub struct Manifest<'a> {
    /// What it describes.
    pub deployment: &'a Deployment,
    /// Its text with the places of its keys.
    pub document: &'a Document,
    /// The paths that `seance gen` owns.
    pub owned: &'a BTreeSet<&'a str>,
}

impl<'a> Facts<'a> {
    /// Reads a project's files, generated ones among them.
    pub fn new(files: &'a Files, manifest: Option<Manifest<'a>>) -> Self {
        Self::read_with(Evaluator::new(files), files, manifest)
    }

    /// As [`Facts::new`], with an evaluator of these files.
    pub fn read_with(
        evaluator: Evaluator,
        files: &'a Files,
        manifest: Option<Manifest<'a>>,
    ) -> Self {
        Self {
            files,
            manifest,
            evaluator: Rc::new(evaluator),
            flake: OnceCell::new(),
            systems: OnceCell::new(),
            shell: OnceCell::new(),
            tofu: OnceCell::new(),
            installs_nixos: OnceCell::new(),
            caddy: OnceCell::new(),
            devenv_yaml: OnceCell::new(),
            flake_lock: OnceCell::new(),
            devenv_lock: OnceCell::new(),
            disagreements: OnceCell::new(),
            units: OnceCell::new(),
        }
    }

    /// What reads Nix: for values that an option's view hands out unevaluated.
    pub fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// `flake.nix`, when there is one that can be read.
    pub fn flake(&self) -> Option<&Flake> {
        let read = || Flake::read(&self.evaluator);
        self.flake.get_or_init(read).as_ref()
    }

    /// Every NixOS system of the project.
    pub fn systems(&self) -> &[System] {
        self.systems
            .get_or_init(|| nixos::discover(&self.evaluator, self.files, self.flake()))
    }

    /// The systems that are certain to be meant for a droplet: those that say so themselves, and
    /// the only one of a project that makes droplets.
    pub fn droplet_systems(&self) -> Vec<&System> {
        let systems = self.systems();
        let makes_droplets = self
            .tofu()
            .resources("digitalocean_droplet")
            .next()
            .is_some();
        let only = |system: &System| {
            systems.len() == 1
                && (self.manifest.is_some()
                    || makes_droplets && !self.is_for_another_machine(system))
        };
        let is_meant = |system: &&System| {
            let own = self.manifest.is_some_and(|manifest| {
                system.name.as_deref() == Some(manifest.deployment.server().name.as_str())
            });
            only(system)
                || own
                || system.imports("digital-ocean-config").is_some()
                || self.is_installed_on_droplets(system)
                || self.goes_by_the_name_of_a_droplet(system)
        };
        systems.iter().filter(is_meant).collect()
    }

    /// Whether a droplet is called as one system of several is.
    fn goes_by_the_name_of_a_droplet(&self, system: &System) -> bool {
        let host_name = system.at("networking.hostName").string();
        let is_called = |name: &str| {
            system.name.as_deref() == Some(name) && host_name.value().is_none_or(|it| it == name)
        };
        let mut droplets = self.tofu().resources("digitalocean_droplet");
        droplets.any(|(_, it)| {
            it.body()
                .text("name")
                .value()
                .is_some_and(|it| is_called(it))
        }) && !is_a_desk(system)
    }

    /// Whether the only system of a project with droplets is somebody's desk: it has a screen, or
    /// it goes by another name and the droplets say nothing of NixOS.
    fn is_for_another_machine(&self, system: &System) -> bool {
        if is_a_desk(system) {
            return true;
        }
        let host_name = system.at("networking.hostName").string();
        let (Some(host_name), Some(_)) = (host_name.value(), host_name.place()) else {
            return false;
        };
        let is_other = |(_, droplet): (_, &Resource)| {
            let name = droplet.body().text("name");
            name.value().is_some_and(|name| name != host_name)
        };
        let mut files = self.tofu().modules.iter().flat_map(|module| &module.files);
        let says_nixos = |text: &String| text.contains("nixos") || text.contains("NixOS");
        self.tofu().resources("digitalocean_droplet").all(is_other)
            && !files.any(|file| self.files.get(file).is_some_and(says_nixos))
    }

    /// Whether the project deploys anything that rules know of: it has a manifest, a NixOS system
    /// or a droplet.
    pub fn deploys(&self) -> bool {
        let makes_droplets = || {
            let mut droplets = self.tofu().resources("digitalocean_droplet");
            droplets.next().is_some()
        };
        self.manifest.is_some() || makes_droplets() || !self.systems().is_empty()
    }

    /// What there is to judge, in a few words each.
    pub fn subjects(&self) -> Vec<String> {
        let systems = self.systems().iter().map(|system| match &system.name {
            Some(name) => format!("the system {name}"),
            None => format!("the system of {}", system.place.file),
        });
        let modules = self.tofu().modules.iter().map(|module| {
            let folder = if module.folder.is_empty() {
                "."
            } else {
                &module.folder
            };
            format!("the OpenTofu module in {folder}")
        });
        let shell = self.shell().map(|_| "devenv.nix".to_owned());
        let sites = self.caddy().iter().map(|file| file.path.clone());
        systems.chain(modules).chain(shell).chain(sites).collect()
    }

    /// The devenv configuration, when there is one.
    pub fn shell(&self) -> Option<&Shell> {
        self.shell
            .get_or_init(|| Shell::read(&self.evaluator))
            .as_ref()
    }

    /// The `OpenTofu` modules, read when they are first asked for.
    pub fn tofu(&self) -> &Configuration {
        self.tofu.get_or_init(|| Configuration::new(self.files))
    }

    /// Every Caddyfile with what it imports; of the environment nothing is known.
    pub fn caddy(&self) -> &[caddy::File] {
        let read = || caddy::File::all(self.files, &Environment::unknown());
        self.caddy.get_or_init(read)
    }

    /// `devenv.yaml` of the project's folder, where there is one that parses.
    pub fn devenv_yaml(&self) -> Option<&Yaml> {
        const PATH: &str = "devenv.yaml";
        let read = || Yaml::read(PATH, self.files.get(PATH)?).ok();
        self.devenv_yaml.get_or_init(read).as_ref()
    }

    /// `flake.lock` of the project's folder, where there is one that parses.
    pub fn flake_lock(&self) -> Option<&Lock> {
        let read = || self.lock("flake.lock");
        self.flake_lock.get_or_init(read).as_ref()
    }

    /// `devenv.lock` of the project's folder, where there is one that parses.
    pub fn devenv_lock(&self) -> Option<&Lock> {
        let read = || self.lock("devenv.lock");
        self.devenv_lock.get_or_init(read).as_ref()
    }

    fn lock(&self, path: &str) -> Option<Lock> {
        Lock::read(path, self.files.get(path)?).ok()
    }

    /// A finding at a place in a file, with the origin that the file has.
    pub fn finding(
        &self,
        rule: &'static Rule,
        place: Option<&Place>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        match place {
            Some(place) => self.finding_at(rule, self.beginning(place).location(), message, help),
            None => Finding::new(rule, Origin::Handwritten, message, help),
        }
    }

    /// The place, or its first line where it is so long that it would hide what is meant.
    fn beginning(&self, place: &Place) -> Place {
        const MOST_LINES: usize = 6;
        let text = self.files.get(&*place.file);
        let text = text.and_then(|text| text.get(place.range()));
        match text.and_then(|text| text.split_once('\n')) {
            Some((first, rest)) if rest.lines().count() >= MOST_LINES => {
                let range = place.range();
                Place::new(
                    &place.file,
                    range.start..range.start + first.trim_end().len(),
                )
            }
            _ => place.clone(),
        }
    }

    /// As [`Facts::finding`], for a place that is a whole file or a key of the manifest.
    pub fn finding_at(
        &self,
        rule: &'static Rule,
        location: Location,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        let origin = self.origin(&location.file);
        Finding::new(rule, origin, message, help).at(location)
    }

    /// The place to change for a value that `key` of the manifest decides: the key, when the
    /// file at hand is generated, else the place itself.
    pub fn decided_by(&self, key: &[&str], place: Option<&Place>) -> Option<Location> {
        let generated = place.is_none_or(|place| self.origin(&place.file) == Origin::Generated);
        match self.manifest {
            Some(manifest) if generated => Some(manifest.document.location(key)),
            _ => place.map(Place::location),
        }
    }

    fn origin(&self, file: &str) -> Origin {
        match self.manifest {
            Some(manifest) if file == manifest.document.file() => Origin::Manifest,
            Some(manifest) if manifest.owned.contains(file) => Origin::Generated,
            _ => Origin::Handwritten,
        }
    }
}

/// Whether a system has what only a machine with a screen needs.
fn is_a_desk(system: &System) -> bool {
    const DESK: [&str; 10] = [
        "hardware.bluetooth",
        "networking.wireless",
        "programs.hyprland",
        "programs.steam",
        "programs.sway",
        "services.desktopManager",
        "services.displayManager",
        "services.pipewire",
        "services.printing",
        "services.xserver",
    ];
    DESK.iter()
        .any(|it| system.at(*it).is_defined() == Some(true))
}
