//! The pre-commit hooks, run by pre-commit in a throw-away repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{enabled, program, repository, succeed, text};

const MANIFEST: &str = include_str!("../data/smallest.toml");

/// A committed deployment with one hook installed.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn with_hook(id: &str) -> Self {
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(repository.path()).unwrap();
        let hooks = repository.hook_repository();
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        let revision = succeed(git(&hooks).args(["rev-parse", "HEAD"]));
        repository.write("seance.toml", MANIFEST);
        repository.write(
            ".pre-commit-config.yaml",
            &format!(
                "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: {id}\n",
                hooks.display(),
                revision.trim()
            ),
        );
        repository.seance(&["gen"]);
        repository.git(&["add", "--all"]);
        succeed(&mut repository.pre_commit(&["install"]));
        repository.git(&["commit", "--quiet", "--message", "Describe the deployment"]);
        repository
    }

    /// A repository with nothing but the hook file, as a stand-in for this one at some tag.
    fn hook_repository(&self) -> PathBuf {
        let hooks = self.folder.path().join("hooks");
        fs::create_dir(&hooks).unwrap();
        let name = ".pre-commit-hooks.yaml";
        fs::copy(repository().join(name), hooks.join(name)).unwrap();
        for arguments in [
            &["init", "--quiet"][..],
            &["add", "--all"],
            &["commit", "--quiet", "--message", "Hooks"],
        ] {
            succeed(git(&hooks).args(arguments));
        }
        hooks
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("deployment")
    }

    fn write(&self, path: &str, content: &str) {
        fs::write(self.path().join(path), content).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    #[track_caller]
    fn git(&self, arguments: &[&str]) -> String {
        succeed(self.prepared(git(&self.path())).args(arguments))
    }

    /// `git commit`, which runs the installed hook.
    fn commit(&self, message: &str) -> Output {
        let mut command = self.prepared(git(&self.path()));
        command
            .args(["commit", "--message", message])
            .output()
            .unwrap()
    }

    #[track_caller]
    fn seance(&self, arguments: &[&str]) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seance"));
        succeed(command.args(arguments).current_dir(self.path()));
    }

    fn pre_commit(&self, arguments: &[&str]) -> Command {
        let mut command = self.prepared(program("pre-commit"));
        command.args(arguments).current_dir(self.path());
        command
    }

    /// The program under test on PATH, and a cache of pre-commit's own.
    fn prepared(&self, mut command: Command) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_seance"));
        let path = std::env::var("PATH").unwrap();
        command
            .env(
                "PATH",
                format!("{}:{path}", program.parent().unwrap().display()),
            )
            .env("PRE_COMMIT_HOME", self.folder.path().join("cache"));
        command
    }
}

fn git(folder: &Path) -> Command {
    let mut command = program("git");
    command.current_dir(folder);
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "Test"),
        ("GIT_AUTHOR_EMAIL", "test@example.org"),
        ("GIT_COMMITTER_NAME", "Test"),
        ("GIT_COMMITTER_EMAIL", "test@example.org"),
    ] {
        command.env(name, value);
    }
    // Set where a hook runs this very test.
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command
}

fn in_another_zone() -> String {
    let changed = MANIFEST.replace("[server]\n", "[server]\ntimezone = \"Europe/Berlin\"\n");
    assert_ne!(changed, MANIFEST);
    changed
}

#[test]
fn the_check_hook_stops_a_commit_with_drift() {
    if !enabled("pre-commit with seance-check-system") {
        return;
    }
    let repository = Repository::with_hook("seance-check-system");
    repository.write("seance.toml", &in_another_zone());
    repository.git(&["add", "--all"]);
    let refused = repository.commit("Move to Berlin");
    assert!(!refused.status.success(), "{}", text(&refused));
    assert!(
        text(&refused).contains("seance gen"),
        "no way out: {}",
        text(&refused)
    );

    repository.seance(&["gen"]);
    repository.git(&["add", "--all"]);
    let accepted = repository.commit("Move to Berlin");
    assert!(accepted.status.success(), "{}", text(&accepted));
    assert!(
        text(&accepted).contains("Passed"),
        "the hook did not run: {}",
        text(&accepted)
    );
}

#[test]
fn the_fixing_hook_regenerates_and_fails_once() {
    if !enabled("pre-commit with seance-gen-system") {
        return;
    }
    let repository = Repository::with_hook("seance-gen-system");
    let path = "nix/nixos-configuration.nix";
    let before = repository.read(path);
    repository.write("seance.toml", &in_another_zone());
    repository.git(&["add", "--all"]);
    let refused = repository.commit("Move to Berlin");
    assert!(!refused.status.success(), "{}", text(&refused));
    assert!(
        text(&refused).contains("files were modified by this hook"),
        "{}",
        text(&refused)
    );
    assert!(before != repository.read(path) && repository.read(path).contains("Europe/Berlin"));

    repository.git(&["add", "--all"]);
    let accepted = repository.commit("Move to Berlin");
    assert!(accepted.status.success(), "{}", text(&accepted));
}

#[test]
fn a_partly_staged_commit_is_judged_by_what_is_staged() {
    if !enabled("pre-commit with unstaged edits") {
        return;
    }
    let repository = Repository::with_hook("seance-check-system");
    let extra = repository.read("nix/extra.nix");
    repository.write("nix/extra.nix", &format!("# A comment.\n{extra}"));
    repository.git(&["add", "--all"]);
    let unfinished = format!("{MANIFEST}\n[services.unfinished\n");
    repository.write("seance.toml", &unfinished);
    let accepted = repository.commit("Comment on the extra module");
    assert!(accepted.status.success(), "{}", text(&accepted));
    assert_eq!(
        repository.read("seance.toml"),
        unfinished,
        "the unstaged edit is lost"
    );

    // The other way round: the staged manifest has drifted, and only the unstaged one fits.
    repository.write("seance.toml", &in_another_zone());
    repository.git(&["add", "--all"]);
    repository.write("seance.toml", MANIFEST);
    let refused = repository.commit("Move to Berlin");
    assert!(!refused.status.success(), "{}", text(&refused));
    assert_eq!(
        repository.read("seance.toml"),
        MANIFEST,
        "the unstaged edit is lost"
    );
}

#[test]
fn the_hook_file_is_one_that_pre_commit_reads() {
    if enabled("pre-commit validate-manifest") {
        let path = repository().join(".pre-commit-hooks.yaml");
        succeed(program("pre-commit").arg("validate-manifest").arg(path));
    }
}
