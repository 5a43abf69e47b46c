//! `facts.txt` from `tests/data/nixos-options.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::super::table::is_wildcard;

/// Options in the namespaces called complete that the source does not name, because a module
/// elsewhere declares them or because they are internal.
const ELSEWHERE: &[&str] = &[
    "boot.kernel.features",
    "boot.kernel.sysfs",
    "boot.loader.grub.ipxe",
    "boot.loader.grub.memtest86",
    "disko.extraRootModules",
    "disko.testMode",
    "disko.tests.extraDisks",
    "nix.generateNixPathFromInputs",
    "nix.generateRegistryFromInputs",
    "nix.linkInputs",
    "security.sudo.keepTerminfo",
    "services.journald.gateway",
    "services.journald.remote",
    "services.journald.upload",
    "services.postgresql.configFile",
    "services.postgresql.superUser",
    "services.postgresql.upgrade",
    "services.restic.server",
    "services.tailscale.derper",
    "services.tailscale.serve",
    "system.nixos.distroId",
    "system.nixos.distroName",
    "system.nixos.extraLSBReleaseArgs",
    "system.nixos.extraOSReleaseArgs",
    "system.nixos.revision",
    "system.nixos.vendorId",
    "system.nixos.vendorName",
    "system.nixos.version",
    "system.nixos.versionSuffix",
];

/// Its submodules have internal options, such as `type`, that the source leaves out.
const INCOMPLETE: &[&str] = &["disko.devices"];

const HEAD: &str = r"# NixOS options: a path, a mark, and what the mark asks for. Made from
# tests/data/nixos-options.json by `UPDATE=1 cargo test --lib options`; sorted by path elements,
# those that stand for any name first.
#   +  an option and its kind      -  the same, not read from its module: never reported
#   r  after either: read-only     ?  it exists, and nothing more is known
#   =  another name of             >  renamed to      x  removed      ~  changed in form
# Kinds: bool int float str lines path port package any; submodule has fixed names, open takes
# more; ?k null or k, [k] list, {k} attribute set, (k|k) either, (k~k) the first turned into the
# second, <...> one of these values.
";

#[derive(Deserialize)]
pub(super) struct Source {
    pub(super) nixos_version: String,
    pub(super) complete_namespaces: Vec<String>,
    pub(super) options: Vec<SourceOption>,
    pub(super) renamed: Vec<Rename>,
    pub(super) removed: Vec<String>,
    pub(super) changed: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct SourceOption {
    pub(super) name: String,
    pub(super) kind: Value,
    pub(super) read_only: bool,
    pub(super) certain: bool,
}

#[derive(Deserialize)]
pub(super) struct Rename {
    pub(super) from: String,
    to: String,
    #[serde(default)]
    alias: bool,
}

pub(super) fn read() -> Source {
    let text = fs::read_to_string(file("tests/data/nixos-options.json")).expect("the source");
    serde_json::from_str(&text).expect("the source's shape")
}

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The elements of a name, of which one may be quoted.
pub(super) fn elements(name: &str) -> Vec<&str> {
    match name.split_once('"') {
        None => name.split('.').collect(),
        Some((before, quoted)) => {
            let before = before.trim_end_matches('.').split('.');
            before.chain([quoted.trim_end_matches('"')]).collect()
        }
    }
}

fn notation(kind: &Value) -> String {
    let words = |kinds: &Value| -> Vec<String> {
        kinds
            .as_array()
            .expect("kinds")
            .iter()
            .map(notation)
            .collect()
    };
    if let Some(word) = kind.as_str() {
        return match word {
            // What a file shows of them says nothing about them.
            "json" | "systemd option" | "function" => "any",
            word => word,
        }
        .to_owned();
    }
    let map = kind.as_object().expect("a kind");
    if let (Some(from), Some(to)) = (map.get("coercedFrom"), map.get("to")) {
        return format!("({}~{})", notation(from), notation(to));
    }
    let (word, inner) = map.iter().next().expect("a kind");
    assert_eq!(map.len(), 1, "{kind}");
    match word.as_str() {
        "nullOr" => format!("?{}", notation(inner)),
        "listOf" => format!("[{}]", notation(inner)),
        "attrsOf" => format!("{{{}}}", notation(inner)),
        "either" => format!("({})", words(inner).join("|")),
        "submodule" => "open".to_owned(),
        "enum" => {
            let values: Vec<String> = inner
                .as_array()
                .expect("values")
                .iter()
                .map(Value::to_string)
                .collect();
            format!("<{}>", values.join(" "))
        }
        other => panic!("a kind that is not known: {other}"),
    }
}

/// Where a rename ends, through renames of its target.
fn target(source: &Source, rename: &Rename) -> String {
    let mut to = absolute(source, rename);
    while let Some(next) = source.renamed.iter().find(|other| other.from == to) {
        to = absolute(source, next);
    }
    to
}

/// Renames inside a submodule name their target from the submodule.
fn absolute(source: &Source, rename: &Rename) -> String {
    let top = |name: &str| name.split('.').next().map(str::to_owned);
    let is_whole = source
        .options
        .iter()
        .any(|option| top(&option.name) == top(&rename.to));
    match rename.from.rsplit_once('.') {
        Some((parent, _)) if !is_whole => format!("{parent}.{}", rename.to),
        _ => rename.to.clone(),
    }
}

fn lines(source: &Source) -> BTreeMap<Vec<(bool, &str)>, String> {
    let key = |name| -> Vec<(bool, &str)> {
        elements(name)
            .into_iter()
            .map(|element| (!is_wildcard(element), element))
            .collect()
    };
    let mut lines = BTreeMap::new();
    for SourceOption {
        name,
        kind,
        read_only,
        certain,
    } in &source.options
    {
        let mark = if *certain { '+' } else { '-' };
        let read_only = if *read_only { "r" } else { "" };
        lines.insert(
            key(name),
            format!("{name} {mark}{read_only} {}", notation(kind)),
        );
    }
    for rename in source
        .renamed
        .iter()
        .filter(|rename| rename.to != "_module.check")
    {
        let (from, to) = (&rename.from, target(source, rename));
        let line = match rename.alias {
            true => format!("{from} = {to}"),
            false if source.removed.contains(&to) => format!("{from} x"),
            false => format!("{from} > {to}"),
        };
        lines.insert(key(from), line);
    }
    lines.extend(
        source
            .removed
            .iter()
            .map(|name| (key(name), format!("{name} x"))),
    );
    lines.extend(
        source
            .changed
            .iter()
            .map(|name| (key(name), format!("{name} ~"))),
    );
    for name in ELSEWHERE {
        let before = lines.insert(key(name), format!("{name} ?"));
        assert!(before.is_none(), "{name} is known after all");
    }
    lines
}

fn facts(source: &Source) -> String {
    let mut text = HEAD.to_owned();
    for namespace in &source.complete_namespaces {
        text += &format!("complete {namespace}\n");
    }
    for namespace in INCOMPLETE {
        text += &format!("incomplete {namespace}\n");
    }
    text.push('\n');
    for line in lines(source).values() {
        text += line;
        text.push('\n');
    }
    text
}

#[test]
fn the_facts_are_those_of_the_source() {
    let made = facts(&read());
    let path = file("src/options/facts.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).expect("written");
    }
    let kept = fs::read_to_string(&path).expect("facts.txt");
    assert!(kept == made, "run `UPDATE=1 cargo test --lib options`");
}

#[test]
fn nothing_lies_below_a_name_that_is_no_option() {
    let source = read();
    let old: BTreeSet<&str> = (source.renamed.iter().map(|rename| rename.from.as_str()))
        .chain(source.removed.iter().map(String::as_str))
        .chain(source.changed.iter().map(String::as_str))
        .chain(ELSEWHERE.iter().copied())
        .collect();
    for option in &source.options {
        let path = elements(&option.name);
        for name in &old {
            assert!(
                !path.starts_with(&elements(name)),
                "{} below {name}",
                option.name
            );
        }
    }
    for rename in source.renamed.iter().filter(|rename| rename.alias) {
        assert!(
            !old.contains(rename.to.as_str()),
            "an alias of an old name: {}",
            rename.from
        );
    }
    assert!(source.nixos_version.starts_with(super::super::RELEASE));
}
