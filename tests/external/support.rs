//! Golden trees, programs and throw-away folders.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Whether the tests that need foreign programs run. Says what is left out when they do not.
pub(crate) fn enabled(what: &str) -> bool {
    let on = std::env::var_os("SEANCE_EXTERNAL").is_some_and(|value| value == "1");
    if !on {
        eprintln!("not run without SEANCE_EXTERNAL=1: {what}");
    }
    on
}

/// A program that must be there, ready to run in a cleaned environment.
#[track_caller]
pub(crate) fn program(name: &str) -> Command {
    let path = which::which(name)
        .unwrap_or_else(|_| panic!("`{name}` is not installed: run `tests/scripts/tools`"));
    let mut command = Command::new(path);
    for variable in [
        "TF_CLI_CONFIG_FILE",
        "TF_CLI_ARGS",
        "NIX_PATH",
        "CADDY_DOMAIN",
        "APP_DOMAIN",
    ] {
        command.env_remove(variable);
    }
    command.stdin(std::process::Stdio::null());
    command
}

/// Runs to the end and returns stdout; anything but success fails the test with all output.
#[track_caller]
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}", text(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Both streams of a finished program, for a failure message.
pub(crate) fn text(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let start: String = stdout.chars().take(2_000).collect();
    format!("{}\n{start}\n{stderr}", output.status)
}

/// The folder of the package.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// One rendered tree with the manifest that it comes from.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    pub(crate) tree: PathBuf,
}

impl Case {
    /// Every file of the tree with this extension, sorted.
    pub(crate) fn files(&self, extension: &str) -> Vec<PathBuf> {
        files_below(&self.tree, extension)
    }

    /// A file of the tree, when the case renders it (`[generate] skip` leaves some out).
    pub(crate) fn file(&self, path: &str) -> Option<PathBuf> {
        Some(self.tree.join(path)).filter(|path| path.is_file())
    }

    /// The manifest as plain TOML.
    pub(crate) fn values(&self) -> toml::Table {
        fs::read_to_string(&self.manifest).unwrap().parse().unwrap()
    }
}

/// Every golden tree. None at all is a failure: a check of nothing proves nothing.
pub(crate) fn cases() -> Vec<Case> {
    let golden = repository().join("tests/golden");
    let mut cases: Vec<Case> = fs::read_dir(&golden)
        .unwrap_or_else(|error| panic!("{}: {error}", golden.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("tree").is_dir())
        .map(|path| Case {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            manifest: path.join("seance.toml"),
            tree: path.join("tree"),
        })
        .collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    assert!(!cases.is_empty(), "{} holds no tree", golden.display());
    cases
}

/// Every file below a folder with this extension, sorted; build output and `.git` left out.
pub(crate) fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let name = path.file_name().unwrap();
                if name != "target" && name != ".git" {
                    folders.push(path);
                }
            } else if path.extension() == Some(OsStr::new(extension)) {
                found.insert(path);
            }
        }
    }
    found.into_iter().collect()
}

/// Copies a folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
