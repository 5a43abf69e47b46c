//! Manifests to render, and the small ones that a test makes.

use std::fs;
use std::path::{Path, PathBuf};

use seance::deployment::Deployment;
use seance::manifest;
use seance::render::{Tree, render};

/// Every valid manifest of the tests, golden cases included.
pub(crate) fn manifests() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let samples = fs::read_dir(tests.join("manifests/valid")).unwrap();
    let cases = fs::read_dir(tests.join("golden")).unwrap();
    let mut paths: Vec<PathBuf> = samples
        .map(|entry| entry.unwrap().path())
        .chain(cases.map(|entry| entry.unwrap().path().join("seance.toml")))
        .filter(|path| path.extension().is_some_and(|it| it == "toml") && path.is_file())
        .collect();
    paths.sort();
    assert!(paths.len() > 8, "samples are missing: {paths:?}");
    paths
}

/// A manifest's text as a deployment; it must be valid.
#[track_caller]
pub(crate) fn deployment(text: &str) -> Deployment {
    let loaded = manifest::load("seance.toml", text);
    match loaded.deployment {
        Some(deployment) => deployment,
        None => panic!("{:#?}\n{text}", loaded.findings),
    }
}

/// Every deployment of [`manifests`] with its tree.
pub(crate) fn rendered() -> Vec<(PathBuf, Deployment, Tree)> {
    let paths = manifests().into_iter();
    paths
        .map(|path| {
            let deployment = deployment(&fs::read_to_string(&path).unwrap());
            let tree = render(&deployment).unwrap();
            (path, deployment, tree)
        })
        .collect()
}

/// The smallest manifest without its service, followed by `rest`.
pub(crate) fn manifest_with(rest: &str) -> String {
    format!(
        r#"version = 1
[project]
name = "example"
repository = "https://github.com/example/example.git"
[server]
region = "fra1"
size = "s-2vcpu-2gb"
ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq laptop"]
[dns]
zone = "example.org"
[domains]
web = "www.example.org"
{rest}"#
    )
}

/// The body of one file of the tree that a manifest renders to.
#[track_caller]
pub(crate) fn body(manifest: &str, path: &str) -> String {
    let mut tree = render(&deployment(manifest)).unwrap();
    tree.files.remove(path).unwrap().body
}
