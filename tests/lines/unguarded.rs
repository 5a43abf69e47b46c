//! The list of what nothing guards, each with the reason that a person wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::cuts::Cut;
use super::guards::Project;

/// The reason of what nobody has thought about yet.
const NO_REASON: &str = "NO REASON YET";
/// Manifests that differ in what is generated.
const PROJECTS: [&str; 3] = ["design", "smallest", "several-services"];

#[test]
fn every_line_is_guarded_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let list = root.join("lines/unguarded.txt");
    let mut seen = BTreeSet::new();
    let mut guards: BTreeMap<String, Option<&'static str>> = BTreeMap::new();
    for project in PROJECTS {
        // What stands the same in two projects is cut in the first.
        guards.extend(guards_of(&root.join("golden").join(project), &mut seen));
    }
    let unguarded = guards.iter().filter(|(_, guard)| guard.is_none());
    let unguarded: BTreeSet<String> = unguarded.map(|(name, _)| name.clone()).collect();
    let text = fs::read_to_string(&list).unwrap_or_default();
    let reasons = reasons(&text);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&list, listed(&reasons, &unguarded)).unwrap();
        let all: Vec<String> = guards
            .iter()
            .map(|(name, guard)| format!("{} <- {name}\n", guard.unwrap_or("-")))
            .collect();
        fs::write("/tmp/lines-guards.txt", all.concat()).unwrap();
    }
}

/// What guards each cut of a project, worked out on every processor.
fn guards_of(folder: &Path, seen: &mut BTreeSet<String>) -> BTreeMap<String, Option<&'static str>> {
    let project = Project::of(folder);
    let mut cuts = project.cuts();
    cuts.retain(|(_, cut)| seen.insert(cut.name.clone()));
    let next = AtomicUsize::new(0);
    let work = || {
        let project = Project::of(folder);
        let taken = std::iter::from_fn(|| cuts.get(next.fetch_add(1, Ordering::Relaxed)));
        let guard = |(path, cut): &(&str, Cut)| (cut.name.clone(), project.guard(path, &cut.text));
        taken.map(guard).collect::<Vec<_>>()
    };
    let processors = thread::available_parallelism().map_or(1, |it| it.get());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    })
}

/// The reason of each entry: the last line before it that begins with `#`.
fn reasons(list: &str) -> BTreeMap<&str, &str> {
    let mut reason = NO_REASON;
    let mut reasons = BTreeMap::new();
    for line in list.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(text) => reason = text,
            None => {
                reasons.insert(line, reason);
            }
        }
    }
    reasons
}

/// The entries below their reasons, as the file holds them.
fn listed(reasons: &BTreeMap<&str, &str>, unguarded: &BTreeSet<String>) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in unguarded {
        let reason = reasons.get(entry.as_str()).unwrap_or(&NO_REASON);
        groups.entry(reason).or_default().push(entry);
    }
    let groups = groups
        .iter()
        .map(|(reason, entries)| format!("# {reason}\n{}\n", entries.join("\n")));
    groups.collect::<Vec<_>>().join("\n")
}
