//! Three small projects for every rule: one that it finds, one that it leaves alone, one that
//! cannot be decided.

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
    let files = files(project);
    on_a_large_stack(|| judged(check, &files))
}

fn judged(check: &Check, files: &Files) -> Vec<Finding> {
    let Some(text) = files.get("seance.toml") else {
        return (check.find)(&Facts::new(files, None));
    };
    let loaded = crate::manifest::load("seance.toml", text);
    let deployment = loaded.deployment.expect("the example's manifest is sound");
    let manifest = Manifest {
        deployment: &deployment,
        document: &loaded.document,
        owned: &outputs::owned(&deployment),
    };
    (check.find)(&Facts::new(files, Some(manifest)))
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
