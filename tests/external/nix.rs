//! Real Nix and deadnix on every Nix file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{cases, enabled, files_below, program, repository, succeed};

#[test]
fn every_nix_file_parses() {
    if !enabled("nix-instantiate --parse") {
        return;
    }
    let files = nix_files();
    succeed(program("nix-instantiate").arg("--parse").args(&files));
    eprintln!("nix-instantiate --parse: {} files", files.len());
}

#[test]
fn no_nix_file_has_dead_code() {
    if !enabled("deadnix --fail") {
        return;
    }
    let files = nix_files();
    succeed(program("deadnix").arg("--fail").args(&files));
    eprintln!("deadnix --fail: {} files", files.len());
}

/// The golden trees' files and the repository's own.
fn nix_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = cases()
        .iter()
        .flat_map(|case| {
            let files = case.files("nix");
            assert!(!files.is_empty(), "{} holds no Nix file", case.name);
            files
        })
        .collect();
    let root = repository();
    files.extend(files_below(&root.join("nix"), "nix"));
    files.extend(files_below(&root.join("tests/nix"), "nix"));
    files.push(root.join("flake.nix"));
    files
}

/// Real Nix with a store of its own below a throw-away folder, so that `builtins.toFile` works
/// and nothing outside is touched.
pub(crate) struct Store {
    folder: tempfile::TempDir,
}

impl Store {
    pub(crate) fn new() -> Self {
        let store = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(store.packages()).unwrap();
        store
    }

    /// Where `pkgs.*` of the stand-in lie.
    pub(crate) fn packages(&self) -> PathBuf {
        self.folder.path().join("packages")
    }

    /// Where `builtins.toFile` writes.
    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self) -> Command {
        let mut command = program("nix-instantiate");
        command.args(["--eval", "--strict", "--json", "--read-write-mode"]);
        for (variable, folder) in [
            ("NIX_STORE_DIR", "store"),
            ("NIX_STATE_DIR", "state"),
            ("NIX_LOG_DIR", "log"),
            ("NIX_CONF_DIR", "conf"),
        ] {
            command.env(variable, self.folder.path().join(folder));
        }
        command
    }

    /// Evaluates one of the files in `tests/nix` with string arguments.
    #[track_caller]
    pub(crate) fn evaluate(&self, file: &str, arguments: &[(&str, &str)]) -> serde_json::Value {
        let mut command = self.command();
        command.arg(repository().join("tests/nix").join(file));
        for (name, value) in arguments {
            command.args(["--argstr", name, value]);
        }
        serde_json::from_str(&succeed(&mut command)).unwrap()
    }
}

/// Writes every word of the tree's Nix files to a file: the attributes that `pkgs` of the stand-in
/// has. Answers the path.
pub(crate) fn words(tree: &Path, store: &Store) -> String {
    let mut words = std::collections::BTreeSet::new();
    for file in files_below(tree, "nix") {
        let text = fs::read_to_string(file).unwrap();
        words.extend(
            text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-'".contains(c)))
                .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
                .map(str::to_owned),
        );
    }
    let path = store.path().join("words.json");
    fs::write(&path, serde_json::to_string(&words).unwrap()).unwrap();
    path.to_str().unwrap().to_owned()
}
