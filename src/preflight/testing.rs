//! Three small projects for every rule: one that it finds, one that it leaves alone, one that
//! cannot be decided.

use std::path::Path;

use crate::evaluation::on_a_large_stack;
use crate::facts::{Facts, Manifest};
use crate::finding::Finding;
use crate::handwritten::Files;
use crate::render::outputs;

use super::{Check, all};

/// Projects as text: each file after a line `-- path --`.
pub(crate) struct Examples {
    /// The rule finds something here.
    pub(crate) bad: &'static str,
    /// The same project done right.
    pub(crate) good: &'static str,
    /// A project where only running it would tell.
    pub(crate) undecidable: &'static str,
}

/// The files of a project that is written as one text.
pub(crate) fn files(text: &str) -> Files {
    let mut files = Files::new();
    let mut path = None;
    for line in text.lines() {
        let name = line.strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
        if let Some(name) = name {
            path = Some(name.to_owned());
            files.insert(name.to_owned(), String::new());
        } else if let Some(body) = path.as_ref().and_then(|path| files.get_mut(path)) {
            body.push_str(line);
            body.push('\n');
        } else {
            assert!(line.trim().is_empty(), "text before the first file: {line}");
        }
    }
    files
}

/// What one check says about a project; its `seance.toml` is read when it has one.
pub(crate) fn findings(check: &Check, project: &str) -> Vec<Finding> {
    with_facts(&files(project), |facts| (check.find)(facts))
}

/// Reads a project's files, and its `seance.toml` when it has one.
pub(crate) fn with_facts<T: Send>(files: &Files, judge: impl Fn(&Facts<'_>) -> T + Sync) -> T {
    on_a_large_stack(|| judged(files, &judge))
}

fn judged<T>(files: &Files, judge: &dyn Fn(&Facts<'_>) -> T) -> T {
    let Some(text) = files.get("seance.toml") else {
        return judge(&Facts::new(files, None));
    };
    let loaded = crate::manifest::load("seance.toml", text);
    let deployment = loaded.deployment.expect("the example's manifest is sound");
    let manifest = Manifest {
        deployment: &deployment,
        document: &loaded.document,
        owned: &outputs::owned(&deployment),
    };
    judge(&Facts::new(files, Some(manifest)))
}

#[test]
fn every_rule_finds_its_bad_example_and_only_that() {
    let mut wrong = Vec::new();
    for check in all() {
        let id = check.rule.id;
        let bad = findings(check, check.examples.bad);
        if bad.is_empty() {
            wrong.push(format!("{id}: nothing is found in the bad example"));
        }
        for finding in bad {
            assert_eq!(finding.rule.id, id);
            if finding.message.is_empty() || finding.help.is_empty() {
                wrong.push(format!("{id}: a finding says too little: {finding:?}"));
            }
        }
        for (name, project) in [
            ("good", check.examples.good),
            ("undecidable", check.examples.undecidable),
        ] {
            for finding in findings(check, project) {
                wrong.push(format!("{id}: found in the {name} example: {finding:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_patch_ends_its_finding() {
    let mut wrong = Vec::new();
    for check in all() {
        let before = findings(check, check.examples.bad);
        for patch in before.iter().filter_map(|finding| finding.patch.as_ref()) {
            let mut files = files(check.examples.bad);
            let text = files.get_mut(&patch.file).expect("the patched file");
            text.replace_range(patch.range.clone(), &patch.replacement);
            let patched = text.clone();
            let after = with_facts(&files, |facts| (check.find)(facts));
            if after.len() >= before.len() || !crate::handwritten::syntax(&files).is_empty() {
                wrong.push(format!("{}:\n{patched}", check.rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every text below a folder, by its path from there.
pub(super) fn tree(folder: &Path, below: &str, files: &mut Files) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            tree(&path, &format!("{below}{name}/"), files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(format!("{below}{name}"), text);
        }
    }
}

#[test]
fn what_seance_writes_passes_every_check() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let projects = std::fs::read_dir(golden).expect("the golden trees");
    let mut wrong = Vec::new();
    let mut count = 0;
    for project in projects.map(|entry| entry.expect("an entry").path()) {
        let Ok(manifest) = std::fs::read_to_string(project.join("seance.toml")) else {
            continue;
        };
        let mut files = Files::new();
        tree(&project.join("tree"), "", &mut files);
        files.insert("seance.toml".to_owned(), manifest);
        let found = with_facts(&files, super::of_facts);
        wrong.extend(
            found
                .iter()
                .map(|it| format!("{}: {it:?}", project.display())),
        );
        // The same files without their manifest are as good, but for what it says on purpose.
        files.remove("seance.toml");
        let found = with_facts(&files, super::of_facts);
        let meant = [
            "disk-wrong-device",
            "fw-world-ssh",
            "ops-time-zone-locale",
            "ram-below-kexec-minimum",
            "ram-eval-on-target",
        ];
        let found = found.iter().filter(|it| !meant.contains(&it.rule.id));
        wrong.extend(found.map(|it| format!("{}, bare: {it:?}", project.display())));
        count += 1;
    }
    assert!(count > 3 && wrong.is_empty(), "{}", wrong.join("\n"));
}
