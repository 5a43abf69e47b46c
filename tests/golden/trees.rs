//! Every committed tree is what its manifest renders to, no file more and no file less.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use seance::drift::header::stamp;
use seance::manifest;
use seance::render::{Ownership, Tree, render};

/// Files by path relative to their tree, `/` separated.
type Files = BTreeMap<String, String>;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Every folder of `tests/golden` that holds a manifest.
fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(golden())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("seance.toml").is_file())
        .collect();
    cases.sort();
    assert!(cases.len() >= 8, "cases are missing: {cases:?}");
    cases
}

/// Renders a manifest that must be valid.
#[track_caller]
fn rendered(manifest: &Path) -> Tree {
    let text = fs::read_to_string(manifest).unwrap();
    let loaded = manifest::load("seance.toml", &text);
    let Some(deployment) = loaded.deployment else {
        panic!("{}: {:#?}", manifest.display(), loaded.findings);
    };
    render(&deployment).unwrap()
}

/// The texts as `seance gen` writes them.
fn texts(tree: &Tree) -> Files {
    let texts = tree.files.iter().map(|(path, file)| {
        let text = match file.ownership {
            Ownership::Owned => stamp(&file.body),
            Ownership::Seeded => file.body.clone(),
        };
        (path.clone(), text)
    });
    texts.collect()
}

/// Every file below a folder.
fn committed(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let names = path.strip_prefix(root).unwrap().components();
            let names: Vec<_> = names
                .map(|it| it.as_os_str().to_str().unwrap().to_owned())
                .collect();
            files.insert(names.join("/"), fs::read_to_string(&path).unwrap());
        }
    }
    files
}

/// What differs between two sets of files, as a unified diff for a failure message.
fn difference(committed: &Files, rendered: &Files) -> String {
    let mut text = String::new();
    let paths: std::collections::BTreeSet<&String> =
        committed.keys().chain(rendered.keys()).collect();
    for path in paths {
        match (committed.get(path), rendered.get(path)) {
            (Some(_), None) => text.push_str(&format!("{path}: committed, but not rendered\n")),
            (None, Some(_)) => text.push_str(&format!("{path}: rendered, but not committed\n")),
            (Some(old), Some(new)) if old != new => {
                let diff = similar::TextDiff::from_lines(old.as_str(), new.as_str());
                let mut diff = diff.unified_diff();
                text.push_str(&diff.header(path, path).to_string());
            }
            _ => {}
        }
    }
    text
}

fn write(root: &Path, files: &Files) {
    if root.exists() {
        fs::remove_dir_all(root).unwrap();
    }
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn every_tree_is_what_its_manifest_renders_to() {
    let mut failures = String::new();
    for case in cases() {
        let tree = case.join("tree");
        let rendered = texts(&rendered(&case.join("seance.toml")));
        if std::env::var_os("UPDATE").is_some() {
            write(&tree, &rendered);
        }
        let difference = difference(&committed(&tree), &rendered);
        if !difference.is_empty() {
            failures.push_str(&format!("== {}\n{difference}", case.display()));
        }
    }
    assert!(
        failures.is_empty(),
        "run `UPDATE=1 cargo test --test golden` and read the diff\n{failures}"
    );
}

/// The case `repository`: the project's own deployment, compared where it lies. Its seeded files
/// are the project's own by now and only have to be there.
#[test]
fn the_repository_holds_what_its_own_manifest_renders_to() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tree = rendered(&root.join("seance.toml"));
    let (mut committed, mut rendered) = (Files::new(), Files::new());
    for (path, text) in texts(&tree) {
        if let Ok(there) = fs::read_to_string(root.join(&path)) {
            let is_owned = tree.files[&path].ownership == Ownership::Owned;
            let expected = if is_owned { text } else { there.clone() };
            committed.insert(path.clone(), there);
            rendered.insert(path, expected);
        } else {
            rendered.insert(path, text);
        }
    }
    let difference = difference(&committed, &rendered);
    assert!(difference.is_empty(), "run `just gen`\n{difference}");
}

/// What the trees must show, each at least once.
#[test]
fn the_cases_together_render_every_output() {
    let mut left: Vec<&str> = seance::render::outputs::paths().collect();
    for case in cases() {
        let tree = rendered(&case.join("seance.toml"));
        left.retain(|path| !tree.files.contains_key(*path));
    }
    assert!(left.is_empty(), "no case renders {left:?}");
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for case in cases() {
        let manifest = case.join("seance.toml");
        assert_eq!(rendered(&manifest), rendered(&manifest));
    }
}

/// The example of the design, and each case whose comment does not speak of a doubt, is a
/// manifest without any finding.
#[test]
fn only_the_small_droplet_is_doubtful() {
    for case in cases() {
        let text = fs::read_to_string(case.join("seance.toml")).unwrap();
        let findings = manifest::load("seance.toml", &text).findings;
        let ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
        let expected: &[&str] = if case.ends_with("small-droplet") {
            &["ram-eval-on-target"]
        } else {
            &[]
        };
        assert_eq!(ids, expected, "{}: {findings:#?}", case.display());
    }
}
