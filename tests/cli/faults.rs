//! Projects with many faults at once: what a person reads of each.

use std::fs;
use std::path::Path;

use super::support::Project;

/// Copies a folder of `tests/faults` into a project.
fn copy(from: &Path, below: &str, project: &Project) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            copy(&path, &format!("{name}/"), project);
        } else {
            project.write(&name, fs::read(&path).unwrap());
        }
    }
}

/// What `check` says about a project with these files.
fn checked(project: &Project, name: &str) -> String {
    let faults = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    copy(&faults.join(name), "", project);
    project.commit();
    let outcome = project.seance(&["check", "."]).exits(3);
    format!("{}--- stderr\n{}", outcome.stdout, outcome.stderr)
}

/// The rules that a text of findings names.
fn rules(text: &str) -> std::collections::BTreeSet<&str> {
    let heads = text.lines().filter_map(|line| line.split_once("]: "));
    let rules = heads.filter_map(|(head, _)| head.split_once('['));
    rules.map(|(_, rule)| rule).collect()
}

#[test]
fn a_project_written_by_hand() {
    let said = checked(&Project::empty(), "by-hand");
    assert!(rules(&said).len() >= 50, "{said}");
    insta::assert_snapshot!(said);
}

#[test]
fn a_project_whose_own_files_contradict_the_generated_ones() {
    let said = checked(&Project::generated(), "beside-generated");
    assert!(rules(&said).len() >= 8, "{said}");
    insta::assert_snapshot!(said);
}
