//! The answer of `script.sh`, read.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Checkout, Disk, Generation, Kind, Listener, Memory, Profile, Question, System, Unit};
use crate::remote::printable;

/// Every line between the two marks, by key.
struct Answer<'a>(BTreeMap<&'a str, Vec<Vec<&'a str>>>);

impl<'a> Answer<'a> {
    /// Nothing when one of the marks is missing. What a login shell says before is passed over.
    fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| *line != "begin\t1");
        lines.next()?;
        let mut keys: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
        for line in lines {
            if line == "end\t1" {
                return Some(Self(keys));
            }
            let mut words = line.split('\t');
            let key = words.next().unwrap_or_default();
            keys.entry(key).or_default().push(words.collect());
        }
        None
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &[&'a str]> {
        self.0.get(key).into_iter().flatten().map(Vec::as_slice)
    }

    fn one(&self, key: &str) -> Option<&'a str> {
        self.all(key).next()?.first().copied()
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.one(key)?.parse().ok()
    }
}

pub(super) fn system(text: &str, question: &Question) -> Option<System> {
    let answer = Answer::read(text)?;
    let release = release(&answer);
    Some(System {
        kind: kind(&answer, &release),
        hostname: printable(answer.one("hostname").unwrap_or_default()),
        kernel: printable(answer.one("kernel").unwrap_or_default()),
        clock: answer.number("clock")?,
        is_synchronized: answer.one("synchronized") == Some("yes"),
        boot_time: answer.number("boot_time"),
        load: answer.number("load"),
        memory: memory(&answer),
        oom_kills: answer.number("oom_kills").unwrap_or(0),
        current: generation(&answer, "current"),
        booted: generation(&answer, "booted"),
        profile: profile(&answer),
        disks: disks(&answer),
        inodes_free: inodes_free(&answer),
        checkout: checkout(&answer),
        listeners: listeners(&answer),
        state: answer
            .one("state")
            .filter(|state| !state.is_empty())
            .map(printable),
        failed: answer
            .all("failed")
            .filter_map(|words| words.first().map(|unit| printable(unit)))
            .collect(),
        units: units(&answer, &question.units),
        release,
    })
}

/// A value of os-release, without its quotes.
fn os<'a>(answer: &Answer<'a>, name: &str) -> Option<&'a str> {
    let value = |words: &[&'a str]| {
        let (key, value) = words.first()?.split_once('=')?;
        (key == name).then(|| value.trim_matches(['"', '\'']))
    };
    answer.all("os").find_map(value)
}

fn release(answer: &Answer<'_>) -> String {
    let name = os(answer, "PRETTY_NAME").or_else(|| os(answer, "ID"));
    printable(name.unwrap_or("an unknown system"))
}

fn kind(answer: &Answer<'_>, release: &str) -> Kind {
    match (os(answer, "ID"), os(answer, "VARIANT_ID")) {
        (Some("nixos"), Some("installer")) => Kind::Installer,
        (Some("nixos"), _) => Kind::Nixos,
        _ => Kind::Other(release.to_owned()),
    }
}

fn memory(answer: &Answer<'_>) -> Memory {
    let bytes = |name: &str| {
        let mut lines = answer
            .all("memory")
            .filter(|words| words.first() == Some(&name));
        let kibibytes = lines
            .next()
            .and_then(|words| words.get(1)?.parse::<u64>().ok());
        kibibytes.unwrap_or(0).saturating_mul(1024)
    };
    Memory {
        total: bytes("MemTotal"),
        available: bytes("MemAvailable"),
        swap_total: bytes("SwapTotal"),
        swap_free: bytes("SwapFree"),
    }
}

fn generation(answer: &Answer<'_>, key: &str) -> Option<Generation> {
    let words = answer.all(key).next()?;
    let (path, parts) = words.split_first()?;
    Some(Generation {
        path: printable(path),
        boot_parts: parts.iter().map(|part| printable(part)).collect(),
    })
}

fn profile(answer: &Answer<'_>) -> Option<Profile> {
    let words = answer.all("profile").next()?;
    let number = |link: &str| {
        let rest = link.rsplit('/').next()?.strip_prefix("system-")?;
        rest.strip_suffix("-link")?.parse().ok()
    };
    Some(Profile {
        generation: number(words.first()?),
        path: printable(words.get(1)?),
    })
}

fn disks(answer: &Answer<'_>) -> Vec<Disk> {
    let mut disks: BTreeMap<String, Disk> = BTreeMap::new();
    for words in answer.all("disk") {
        let bytes = |index: usize| words.get(index)?.parse::<u64>().ok()?.checked_mul(1024);
        if let (Some(mount), Some(size), Some(used), Some(free)) =
            (words.first(), bytes(1), bytes(2), bytes(3))
        {
            let mount = printable(mount);
            disks.insert(
                mount.clone(),
                Disk {
                    mount,
                    size,
                    used,
                    free,
                },
            );
        }
    }
    disks.into_values().collect()
}

fn inodes_free(answer: &Answer<'_>) -> Option<u64> {
    let words = answer.all("inodes").next()?;
    let all: u64 = words.get(1)?.parse().ok()?;
    let free: u64 = words.get(2)?.parse().ok()?;
    // Some file systems have no fixed number and say 0.
    free.checked_mul(100)?.checked_div(all)
}

fn checkout(answer: &Answer<'_>) -> Option<Checkout> {
    let revision = answer.one("revision")?;
    let is_commit =
        matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then(|| Checkout {
        branch: answer.one("branch").map(printable),
        revision: revision.to_owned(),
    })
}

fn listeners(answer: &Answer<'_>) -> Vec<Listener> {
    let told = answer
        .all("listener")
        .filter_map(|words| by_ss(words.first()?));
    let seen = answer.all("socket").filter_map(by_kernel);
    let mut all: Vec<Listener> = told.chain(seen).collect();
    let key = |listener: &Listener| (!listener.is_tcp, listener.port, listener.address);
    all.sort_by_key(key);
    all.dedup_by_key(|listener| key(listener));
    all
}

/// A line of `ss -Hltnup`.
fn by_ss(line: &str) -> Option<Listener> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (host, port) = words.get(4)?.rsplit_once(':')?;
    let host = host.split('%').next()?.trim_matches(['[', ']']);
    let program = |word: &&str| {
        word.strip_prefix("users:((\"")?
            .split('"')
            .next()
            .map(printable)
    };
    Some(Listener {
        is_tcp: *words.first()? == "tcp",
        address: match host {
            "*" => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            host => host.parse().ok()?,
        },
        port: port.parse().ok()?,
        program: words.iter().find_map(program),
    })
}

/// A line of the kernel's own tables: words of 32 bits in the machine's order, in hexadecimal.
fn by_kernel(words: &[&str]) -> Option<Listener> {
    let (table, local) = (*words.first()?, *words.get(1)?);
    let (host, port) = local.split_once(':')?;
    let mut bytes = Vec::new();
    for start in (0..host.len()).step_by(8) {
        let word = u32::from_str_radix(host.get(start..start + 8)?, 16).ok()?;
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    let address = match bytes.len() {
        4 => IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        _ => return None,
    };
    Some(Listener {
        is_tcp: table.starts_with("tcp"),
        address,
        port: u16::from_str_radix(port, 16).ok()?,
        program: None,
    })
}

/// The units asked for; one that systemd does not speak of is `not-found`.
fn units(answer: &Answer<'_>, names: &[String]) -> Vec<Unit> {
    let mut found: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut unit = BTreeMap::new();
    for words in answer.all("unit").chain([&[""][..]]) {
        if let Some((key, value)) = words.first().and_then(|line| line.split_once('=')) {
            unit.insert(key, value);
        } else {
            let unit = std::mem::take(&mut unit);
            if let Some(name) = unit.get("Id") {
                found.insert(name, unit);
            }
        }
    }
    let names = names.iter();
    names
        .map(|name| match found.get(name.as_str()) {
            Some(properties) => self::unit(name, properties),
            None => Unit {
                name: name.clone(),
                load_state: "not-found".to_owned(),
                ..Unit::default()
            },
        })
        .collect()
}

fn unit(name: &str, properties: &BTreeMap<&str, &str>) -> Unit {
    let text = |key: &str| printable(properties.get(key).copied().unwrap_or_default());
    Unit {
        name: name.to_owned(),
        load_state: text("LoadState"),
        active_state: text("ActiveState"),
        sub_state: text("SubState"),
        result: text("Result"),
        restarts: text("NRestarts").parse().unwrap_or(0),
        exit_status: text("ExecMainStatus").parse().ok(),
        since: text("StateChangeTimestamp")
            .strip_prefix('@')
            .and_then(|seconds| seconds.parse().ok()),
        // systemd writes `[not set]`, and the largest number where it does not count.
        memory: text("MemoryCurrent")
            .parse()
            .ok()
            .filter(|bytes| *bytes != u64::MAX),
    }
}
