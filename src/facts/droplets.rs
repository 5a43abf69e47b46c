//! Questions about the droplets of a project that several rules ask.

use super::Facts;
use crate::finding::{Finding, Origin, Patch};
use crate::nixos::System;
use crate::reading::Place;
use crate::rules::Rule;
use crate::tofu::{Attribute, Block, Body, Module, ModuleCall, Reference, Resource, Value};

/// Words that only a project with a NixOS system holds.
const NIXOS: [&str; 4] = [
    "nixosConfigurations",
    "nixosSystem",
    "nixos-anywhere",
    "disko.devices",
];

/// Words that a NixOS system for a droplet holds, and one for a machine at home does not.
const DROPLET_WORDS: [&str; 6] = [
    "droplet",
    "digital-ocean",
    "digitalocean",
    "digitalOcean",
    "DigitalOcean",
    "/dev/vda",
];

/// A droplet that NixOS is installed on.
#[derive(Clone, Copy)]
pub struct Droplet<'a> {
    /// Where it is declared.
    pub module: &'a Module,
    /// Its declaration.
    pub resource: &'a Resource,
}

/// A call of one of the modules of nixos-anywhere.
#[derive(Clone, Copy)]
pub struct Installer<'a> {
    /// Where it is called.
    pub module: &'a Module,
    /// The call.
    pub call: &'a ModuleCall,
    /// Which of the modules.
    pub part: Part,
}

/// The modules of nixos-anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Builds, installs and updates.
    AllInOne,
    /// Installs a built system.
    Install,
    /// Builds a system.
    Build,
    /// Switches to a built system.
    Rebuild,
}

impl<'a> Droplet<'a> {
    /// Its arguments.
    pub fn body(&self) -> &'a Body {
        &self.resource.block.body
    }

    /// Whether it certainly starts from an image that `DigitalOcean` offers to everyone.
    pub fn has_stock_image(&self) -> bool {
        let image = self.body().text("image");
        image
            .value()
            .is_some_and(|slug| slug.parse::<u64>().is_err() && !slug.is_empty())
    }
}

impl<'a> Installer<'a> {
    /// Its arguments.
    pub fn body(&self) -> &'a Body {
        &self.call.block.body
    }

    /// Whether it wipes the disk and installs.
    pub fn installs(&self) -> bool {
        matches!(self.part, Part::AllInOne | Part::Install)
    }

    /// Whether it builds the system itself.
    pub fn builds(&self) -> bool {
        matches!(self.part, Part::AllInOne | Part::Build)
    }

    /// As people name it.
    pub fn address(&self) -> String {
        format!("module.{}", self.call.name)
    }
}

impl Facts<'_> {
    /// Whether the project is about a NixOS system at all.
    pub fn installs_nixos(&self) -> bool {
        *self.installs_nixos.get_or_init(|| {
            self.manifest.is_some()
                || self
                    .files
                    .values()
                    .any(|text| NIXOS.iter().any(|word| text.contains(word)))
        })
    }

    /// The calls of the modules of nixos-anywhere, in a project that has droplets.
    pub fn installers(&self) -> Vec<Installer<'_>> {
        if self.tofu().resources(DROPLET).next().is_none() {
            return Vec::new();
        }
        let calls = self
            .tofu()
            .modules
            .iter()
            .flat_map(|module| module.module_calls().iter().map(move |call| (module, call)));
        calls
            .filter_map(|(module, call)| {
                let source = call.block.body.text("source");
                let part = part(source.value()?)?;
                Some(Installer { module, call, part })
            })
            .collect()
    }

    /// The droplets that NixOS is installed on: the targets of the installers, else the one that
    /// the manifest describes, else the only one.
    pub fn droplets(&self) -> Vec<Droplet<'_>> {
        if !self.installs_nixos() {
            return Vec::new();
        }
        let droplets = self.tofu().resources(DROPLET);
        let droplets: Vec<Droplet<'_>> = droplets
            .map(|(module, resource)| Droplet { module, resource })
            .collect();
        let targets = self.targets();
        if targets.is_empty() {
            let is_own = |it: &&Droplet<'_>| self.is_generated(&it.resource.block.header);
            let own: Vec<Droplet<'_>> = droplets.iter().filter(is_own).copied().collect();
            if !own.is_empty() {
                return own;
            }
            let mut declarations: Vec<_> = droplets
                .iter()
                .map(|it| &it.resource.block.header)
                .collect();
            declarations.sort();
            declarations.dedup();
            return match droplets.first() {
                Some(first) if declarations.len() == 1 && self.becomes_nixos(first) => droplets,
                _ => Vec::new(),
            };
        }
        let is_target = |droplet: &Droplet<'_>| {
            targets
                .iter()
                .any(|target| droplet.resource.is_meant_by(target))
        };
        droplets.into_iter().filter(is_target).collect()
    }

    /// Whether nixos-anywhere's modules name this system, and install on droplets alone.
    pub(super) fn is_installed_on_droplets(&self, system: &System) -> bool {
        let Some(name) = &system.name else {
            return false;
        };
        let attribute = format!("nixosConfigurations.{name}.");
        let names_it = |installer: &Installer<'_>| {
            let arguments = ["nixos_system_attr", "attribute"];
            let mut texts = arguments
                .iter()
                .map(|argument| installer.body().text(argument));
            texts.any(|text| text.value().is_some_and(|text| text.contains(&attribute)))
        };
        let reaches_droplet = |installer: &Installer<'_>| {
            let target = installer.body().read("target_host");
            let reference = target.value().and_then(Value::reference);
            let resource = reference.and_then(Reference::resource);
            resource.is_some_and(|(kind, _)| kind == DROPLET)
        };
        let installers = self.installers();
        let mut installing = installers.iter().filter(|it| it.installs()).peekable();
        installing.peek().is_some()
            && installing.all(reaches_droplet)
            && installers.iter().any(names_it)
    }

    /// Whether the files say that NixOS belongs on the only droplet there is.
    fn becomes_nixos(&self, droplet: &Droplet<'_>) -> bool {
        let says_so = |path: &String| {
            let text = self.files.get(path);
            text.is_some_and(|text| text.contains("nixos") || text.contains("NixOS"))
        };
        self.manifest.is_some()
            || droplet.module.files.iter().any(says_so)
            || self.nix_mentions(&DROPLET_WORDS)
    }

    /// The resources that run nixos-anywhere as a command.
    pub fn installations(&self) -> Vec<&Resource> {
        if self.tofu().resources(DROPLET).next().is_none() {
            return Vec::new();
        }
        let runners = ["terraform_data", "null_resource"];
        let runners = runners.iter().flat_map(|kind| self.tofu().resources(kind));
        runners
            .map(|(_, resource)| resource)
            .filter(|resource| self.runs_nixos_anywhere(resource))
            .collect()
    }

    fn runs_nixos_anywhere(&self, resource: &Resource) -> bool {
        let provisioners = resource.body().blocks("provisioner").known;
        let commands = provisioners
            .into_iter()
            .filter_map(|it| it.body.attribute("command"));
        commands.into_iter().any(|command| {
            let text = self.files.get(&*command.place.file);
            let written = text.and_then(|text| text.get(command.place.range()));
            let value = command.value.text();
            [written, value.as_deref()]
                .into_iter()
                .flatten()
                .any(|text| text.contains("nixos-anywhere"))
        })
    }

    fn targets(&self) -> Vec<Reference> {
        let arguments = ["target_host", "instance_id"];
        self.installers()
            .iter()
            .flat_map(|installer| arguments.map(|name| installer.body().read(name)))
            .filter_map(|read| read.value().and_then(Value::reference).cloned())
            .filter(|reference| {
                reference
                    .resource()
                    .is_some_and(|(kind, _)| kind == DROPLET)
            })
            .collect()
    }

    /// The firewalls of `DigitalOcean`, in a project with a NixOS droplet.
    pub fn firewalls(&self) -> Vec<&Resource> {
        if self.droplets().is_empty() {
            return Vec::new();
        }
        let firewalls = self.tofu().resources("digitalocean_firewall");
        firewalls.map(|(_, resource)| resource).collect()
    }

    /// Whether any Nix file but those of devenv holds a word.
    pub fn nix_mentions(&self, words: &[&str]) -> bool {
        let nix = self
            .files
            .iter()
            .filter(|(path, _)| path.strip_suffix(".nix").is_some() && !path.contains("devenv"));
        nix.into_iter()
            .any(|(_, text)| words.iter().any(|word| text.contains(word)))
    }

    /// Whether a place is in a file that `seance gen` owns.
    pub fn is_generated(&self, place: &Place) -> bool {
        self.origin(&place.file) == Origin::Generated
    }

    /// A finding about the value of an argument: where the value is written, and where it is
    /// used if that is elsewhere.
    pub fn finding_on(
        &self,
        rule: &'static Rule,
        attribute: &Attribute,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        let (written, used) = (&attribute.value.place, &attribute.place);
        let finding = self.finding(rule, Some(written), message, help);
        if written.file == used.file && written.start >= used.start && written.end <= used.end {
            finding
        } else {
            finding.related(used.location(), "used here")
        }
    }

    /// The edit that replaces a place of a hand-written file.
    pub fn replacement(&self, place: &Place, text: impl Into<String>) -> Option<Patch> {
        let exists = self.files.get(&*place.file)?.get(place.range()).is_some();
        (exists && self.origin(&place.file) == Origin::Handwritten).then(|| Patch {
            file: place.file.to_string(),
            range: place.range(),
            replacement: text.into(),
        })
    }

    /// The edit that gives an argument another value, or adds it to its block.
    pub fn setting(&self, block: &Block, name: &str, value: &str) -> Option<Patch> {
        match block.body.attribute(name) {
            Some(attribute) => self.replacement(&attribute.place, value),
            None => self.addition(block, &format!("{name} = {value}")),
        }
    }

    /// The edit that adds lines at the end of a block of a hand-written file.
    pub fn addition(&self, block: &Block, line: &str) -> Option<Patch> {
        let text = self
            .files
            .get(&*block.place.file)?
            .get(block.place.range())?;
        let inside = text.strip_suffix('}')?;
        let margin = inside
            .rsplit('\n')
            .next()
            .filter(|it| it.trim().is_empty())?;
        let lines: Vec<String> = line
            .lines()
            .map(|line| match line {
                "" => "\n".to_owned(),
                line => format!("{margin}  {line}\n"),
            })
            .collect();
        let end = block.place.range().end;
        let at = Place {
            start: block.place.end - 1,
            end: block.place.end - 1,
            ..block.place.clone()
        };
        let patch = self.replacement(&at, format!("{}{margin}", lines.concat()))?;
        Some(Patch {
            range: end - 1 - margin.len()..end - 1,
            ..patch
        })
    }
}

const DROPLET: &str = "digitalocean_droplet";

fn part(source: &str) -> Option<Part> {
    let path = source.split('?').next()?;
    if !path.contains("nixos-anywhere") {
        return None;
    }
    match path.trim_end_matches('/').rsplit('/').next()? {
        "all-in-one" => Some(Part::AllInOne),
        "install" => Some(Part::Install),
        "nix-build" => Some(Part::Build),
        "nixos-rebuild" => Some(Part::Rebuild),
        _ => None,
    }
}
