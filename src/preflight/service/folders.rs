//! Which folders of a server exist, and which are filled.

use crate::evaluation::Value;
use crate::facts::{Facts, Unit};
use crate::nixos::System;
use crate::reading::Read;

/// Folders that every NixOS system has.
const EVERYWHERE: [&str; 14] = [
    "/bin", "/boot", "/dev", "/etc", "/home", "/nix", "/proc", "/root", "/run", "/srv", "/sys",
    "/tmp", "/usr", "/var",
];

/// The options by which a unit gets a folder of its own, and where that lies.
const OWN: [(&str, &str); 5] = [
    ("StateDirectory", "/var/lib/"),
    ("CacheDirectory", "/var/cache/"),
    ("LogsDirectory", "/var/log/"),
    ("RuntimeDirectory", "/run/"),
    ("ConfigurationDirectory", "/etc/"),
];

/// Programs that bring files.
const BRINGERS: [&str; 16] = [
    "aws", "cp", "curl", "devenv", "git", "install", "jj", "ln", "mkdir", "mv", "nix", "rclone",
    "rsync", "scp", "tar", "unzip",
];

/// Whether a path is a folder or lies below it.
pub(super) fn holds(folder: &str, path: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders that systemd makes for a unit; `None` when that cannot be told.
pub(super) fn of_unit(unit: &Unit) -> Option<Vec<String>> {
    let mut folders = Vec::new();
    for (option, root) in OWN {
        let names = match unit.service(option).value() {
            Read::Absent => continue,
            Read::Known(Value::Text(text), _) => vec![text.known()?.to_owned()],
            Read::Known(Value::List(_), _) => strings(&unit.service(option))?,
            _ => return None,
        };
        let names = names.iter().flat_map(|names| names.split_whitespace());
        folders.extend(names.map(|name| format!("{root}{name}")));
    }
    Some(folders)
}

fn strings(view: &crate::nixos::View) -> Option<Vec<String>> {
    let items = view.list();
    let texts = items.items.iter().map(|item| match &item.value {
        Value::Text(text) => text.with_symbols(),
        _ => None,
    });
    texts.collect::<Option<Vec<_>>>().filter(|_| items.complete)
}

/// Whether a folder may be there when a unit starts.
pub(super) fn may_exist(facts: &Facts<'_>, unit: &Unit, path: &str) -> bool {
    may_be_there(facts, unit, path, mentions)
}

/// The same, where a command that only names the folder does not make it.
pub(super) fn may_be_made(facts: &Facts<'_>, unit: &Unit, path: &str) -> bool {
    may_be_there(facts, unit, path, |unit, path| {
        let hides = !unit.complete && unit.steps.is_empty();
        let makes = unit.steps.iter().any(|step| {
            let words = step.command.arguments();
            let makers = ["cp", "install", "mkdir", "rsync", "tar", "useradd"];
            makers.contains(&step.command.program().unwrap_or_default())
                && words
                    .iter()
                    .any(|word| !word.decided || word.text.contains(path))
        });
        hides || makes
    })
}

fn may_be_there(
    facts: &Facts<'_>,
    unit: &Unit,
    path: &str,
    mentions: fn(&Unit, &str) -> bool,
) -> bool {
    let system = facts.system_of(unit);
    let is_known = EVERYWHERE.contains(&path)
        || ["/var/lib", "/var/log", "/var/cache", "/var/tmp", "/"].contains(&path)
        || ["/nix/", "/run/", "/etc/", "/tmp/"]
            .iter()
            .any(|root| path.starts_with(root));
    let units = facts.units().iter().filter(|it| it.system == unit.system);
    let made_by_units = units.into_iter().any(|it| {
        let own = of_unit(it).is_none_or(|own| own.iter().any(|own| holds(own, path)));
        own || !starts_in(it, path) && mentions(it, path)
    });
    is_known
        || made_by_units
        || declared(system).is_none_or(|folders| folders.iter().any(|it| holds(it, path)))
        || homes(system).is_none_or(|homes| homes.iter().any(|it| holds(it, path)))
        || is_brought_otherwise(facts, system)
        || of_services(system, path)
}

/// Whether anything may put files into a folder.
pub(super) fn may_be_filled(facts: &Facts<'_>, unit: &Unit, path: &str) -> bool {
    let system = facts.system_of(unit);
    let units = facts.units().iter().filter(|it| it.system == unit.system);
    let brought = units.into_iter().any(|it| {
        let brings = |program: &&str| {
            let is_own = it.name == unit.name && *program == "devenv";
            !is_own
                && it
                    .steps
                    .iter()
                    .any(|step| step.command.program() == Some(program))
        };
        !it.complete || BRINGERS.iter().any(brings)
    });
    let Some(rules) = strings(&system.at("systemd.tmpfiles.rules")) else {
        return true;
    };
    // Only a rule that makes an empty folder is certain not to bring anything.
    let filled = rules.iter().any(|rule| {
        let mut words = rule.split_whitespace();
        let kind = words.next().unwrap_or_default();
        !kind.starts_with(['d', 'D', 'v', 'z', 'Z', 'e']) && rule.contains(path)
    });
    !path.starts_with('/')
        || path.starts_with("/nix/")
        || brought
        || filled
        || system.at("systemd.tmpfiles.settings").is_defined() != Some(false)
        || system
            .at("fileSystems")
            .names()
            .names
            .iter()
            .any(|it| &**it != "/" && holds(it, path))
        || is_brought_otherwise(facts, system)
}

/// Whether systemd changes into the folder before a unit runs anything: then the unit cannot be
/// what makes it.
fn starts_in(unit: &Unit, path: &str) -> bool {
    unit.service("WorkingDirectory")
        .string()
        .is(&path.to_owned())
}

/// Whether a unit's commands name the folder, or hide what they do.
fn mentions(unit: &Unit, path: &str) -> bool {
    let parent = path.rsplit_once('/').map_or(path, |(parent, _)| parent);
    !unit.complete && unit.steps.is_empty()
        || unit.steps.iter().any(|step| {
            let mut words = step.command.arguments().iter();
            words.any(|word| {
                let discards = || step.command.arguments().iter().any(|it| it.is("/dev/null"));
                word.text.contains(path)
                    || (parent.len() > 4 && word.text.ends_with(parent))
                    || !word.decided
                        && BRINGERS.contains(&step.command.program().unwrap_or_default())
                        && !discards()
            })
        })
}

/// Folders of `systemd.tmpfiles` and mount points; `None` when there may be others.
fn declared(system: &System) -> Option<Vec<String>> {
    let rules = strings(&system.at("systemd.tmpfiles.rules"))?;
    let mut folders: Vec<String> = rules
        .iter()
        .filter_map(|rule| rule.split_whitespace().nth(1))
        .map(|path| path.trim_matches('"').to_owned())
        .collect();
    for (_, settings) in system.at("systemd.tmpfiles.settings").children() {
        let names = settings.names();
        folders.extend(names.names.iter().map(ToString::to_string));
        if !names.complete {
            return None;
        }
    }
    let settings = system.at("systemd.tmpfiles.settings").names();
    let mounts = system.at("fileSystems").names();
    folders.extend(
        mounts
            .names
            .iter()
            .filter(|it| &***it != "/")
            .map(ToString::to_string),
    );
    (settings.complete && mounts.complete).then_some(folders)
}

/// The home folders of users, which NixOS makes for normal users and on request.
fn homes(system: &System) -> Option<Vec<String>> {
    let users = system.at("users.users");
    if !users.names().complete {
        return None;
    }
    let mut homes = Vec::new();
    for (name, user) in users.children() {
        let is_made = user.at("createHome").is_defined() != Some(false);
        if user.at("isSystemUser").boolean().is(&true) && !is_made {
            continue;
        }
        match user.at("home").string() {
            Read::Known(home, _) => homes.push(home),
            Read::Absent => homes.push(format!("/home/{name}")),
            Read::Unknown => return None,
        }
    }
    Some(homes)
}

/// Ways that are not followed: scripts at the switch, persistence, files sent along with the
/// installation, provisioners.
fn is_brought_otherwise(facts: &Facts<'_>, system: &System) -> bool {
    let options = [
        "system.activationScripts",
        "system.userActivationScripts",
        "environment.persistence",
        "boot.postBootCommands",
        "home-manager",
        "virtualisation.oci-containers",
    ];
    let is_generated = |path: &str| facts.manifest.is_some_and(|it| it.owned.contains(path));
    let texts = facts.files.iter().filter(|(path, _)| !is_generated(path));
    options
        .iter()
        .any(|option| system.at(*option).is_defined() != Some(false))
        || texts
            .filter(|(path, _)| {
                [".tf", ".tofu", ".sh"]
                    .iter()
                    .any(|end| path.ends_with(end))
            })
            .any(|(_, text)| text.contains("provisioner") || text.contains("extra_files"))
}

/// Whether a service of nixpkgs may make it: its folder bears its name.
fn of_services(system: &System, path: &str) -> bool {
    let services = system.at("services").names();
    !services.complete
        || path
            .split('/')
            .any(|part| services.names.iter().any(|it| &**it == part))
}
