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

/// By the shape of each cut its name, and the rule that guards it if there is one.
type Guards = BTreeMap<String, (String, Option<&'static str>)>;

/// Manifests that differ in what is generated.
const PROJECTS: [&str; 4] = ["design", "smallest", "several-services", "every-key"];

#[test]
fn every_line_is_guarded_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut guards = Guards::new();
    let mut known = BTreeSet::new();
    for (index, project) in PROJECTS.iter().enumerate() {
        // The last project has every part; what an earlier one has alike need not be cut there.
        if index + 1 == PROJECTS.len() {
            known.clear();
        }
        guards_of(&root.join("golden").join(project), &mut known, &mut guards);
    }
    let unguarded = guards.values().filter(|(_, guard)| guard.is_none());
    let unguarded: BTreeSet<&str> = unguarded.map(|(name, _)| name.as_str()).collect();
    let list = root.join("lines/unguarded.txt");
    let kept = fs::read_to_string(&list).unwrap_or_default();
    let text = listed(&reasons(&kept), &unguarded);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&list, &text).unwrap();
    }
    if std::env::var_os("SHOW").is_some() {
        println!("{}", summary(&guards));
    }
    assert!(
        kept == text,
        "tests/lines/unguarded.txt is not what is so: run `UPDATE=1 cargo test --test lines`, \
         and move each new entry from `{NO_REASON}` to its reason"
    );
    let unexplained = text.split(&format!("# {NO_REASON}\n")).nth(1);
    let unexplained = unexplained.and_then(|it| it.split("\n#").next());
    assert!(
        unexplained.is_none(),
        "no rule fires for these lines, and nobody says why none has to:\n{}",
        unexplained.unwrap_or_default()
    );
}

/// Which rules guard how many cuts.
fn summary(guards: &Guards) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, guard) in guards.values() {
        *counts.entry(guard.unwrap_or("nothing")).or_default() += 1;
    }
    format!("{} cuts: {counts:#?}", guards.len())
}

/// Works out what guards each cut of a project, on every processor. What is guarded in an earlier
/// project, where it stands alike, is not cut again, and neither are files that are known.
fn guards_of(folder: &Path, known: &mut BTreeSet<String>, guards: &mut Guards) {
    let project = Project::of(folder);
    let texts = project.texts();
    let is_new = |path: &str| !known.contains(&texts[path]);
    let mut cuts: Vec<(String, &str, Cut)> = project
        .cuts()
        .into_iter()
        .map(|(path, cut)| (project.shape(&cut.name), path, cut))
        .collect();
    cuts.retain(|(shape, path, _)| match guards.get(shape) {
        None => true,
        // What that file comes to is said by the settings beside it.
        Some((_, guard)) => guard.is_none() && (is_new(path) || path.ends_with("main.tf")),
    });
    let next = AtomicUsize::new(0);
    let work = || {
        let project = Project::of(folder);
        let taken = std::iter::from_fn(|| cuts.get(next.fetch_add(1, Ordering::Relaxed)));
        let guard = |(shape, path, cut): &(String, &str, Cut)| {
            (
                shape.clone(),
                cut.name.clone(),
                project.guard(path, &cut.text),
            )
        };
        taken.map(guard).collect::<Vec<_>>()
    };
    let processors = thread::available_parallelism().map_or(1, |it| it.get());
    let mut done: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        let done = threads.into_iter().map(|it| it.join().unwrap());
        done.flatten().collect()
    });
    known.extend(texts.into_values());
    // The threads end in any order; which of two alike cuts gives the name must not hang on that.
    done.sort();
    for (shape, name, guard) in done {
        let known = guards.entry(shape).or_insert((name, guard));
        known.1 = known.1.or(guard);
    }
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
fn listed(reasons: &BTreeMap<&str, &str>, unguarded: &BTreeSet<&str>) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in unguarded {
        let reason = reasons.get(entry).unwrap_or(&NO_REASON);
        groups.entry(reason).or_default().push(entry);
    }
    let groups = groups
        .iter()
        .map(|(reason, entries)| format!("# {reason}\n{}\n", entries.join("\n")));
    groups.collect::<Vec<_>>().join("\n")
}
