//! A project in a throw-away folder, and one run of the program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A valid manifest without any finding.
pub(crate) const MANIFEST: &str = include_str!("../data/smallest.toml");

/// A git repository with a manifest, and a home folder that holds nothing.
pub(crate) struct Project {
    root: tempfile::TempDir,
}

impl Project {
    /// With the smallest manifest.
    pub(crate) fn new() -> Self {
        let project = Self::empty();
        project.write("seance.toml", MANIFEST);
        project
    }

    /// A repository without a file.
    pub(crate) fn empty() -> Self {
        let project = Self::outside_git();
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project
    }

    /// A folder that no repository holds.
    pub(crate) fn outside_git() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["home", "app"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        Self { root }
    }

    /// With every generated file, all of it committed: `check` finds nothing.
    pub(crate) fn generated() -> Self {
        let project = Self::new();
        project.seance(&["gen"]).exits(0);
        project.commit();
        project
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join("app").join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn append(&self, path: &str, text: &str) {
        self.write(path, self.read(path) + text);
    }

    #[track_caller]
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not hold {from}");
        self.write(path, text.replace(from, to));
    }

    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut command = self.command("git", &self.path(""));
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "state"]);
    }

    /// Runs a command line that a message printed, as a person would paste it.
    #[track_caller]
    pub(crate) fn paste(&self, line: &str) {
        let output = self
            .command("sh", &self.path(""))
            .args(["-c", line])
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
    }

    /// One run, not yet started.
    pub(crate) fn seance(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_seance"), &self.path(""));
        command.args(arguments);
        Run { command }
    }

    /// A command that knows nothing of the machine that runs the tests.
    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs([
                ("PATH", "/usr/local/bin:/usr/bin:/bin"),
                ("TERM", "dumb"),
                ("COLUMNS", "100"),
                ("LANG", "C.UTF-8"),
                ("GIT_CONFIG_NOSYSTEM", "1"),
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ])
            .env("HOME", self.home())
            .current_dir(folder)
            .stdin(Stdio::null());
        command
    }
}

/// A run of the program that nothing has been expected of yet.
#[must_use = "a run starts when an exit code is expected"]
pub(crate) struct Run {
    command: Command,
}

impl Run {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn inside(mut self, folder: PathBuf) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it to the end; any other exit code fails the test with all output.
    #[track_caller]
    pub(crate) fn exits(mut self, code: i32) -> Outcome {
        let output = self.command.output().unwrap();
        let outcome = Outcome {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert_eq!(
            output.status.code(),
            Some(code),
            "{:?}\n{}\n{}",
            self.command,
            outcome.stdout,
            outcome.stderr
        );
        outcome
    }
}

/// What a run printed.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Asserts that stdout holds a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text),
            "no {text:?} in\n{}",
            self.stdout
        );
        self
    }

    /// Asserts that stderr holds a text.
    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(
            self.stderr.contains(text),
            "no {text:?} in\n{}",
            self.stderr
        );
        self
    }

    /// Asserts that neither stream holds a text.
    #[track_caller]
    pub(crate) fn never_says(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "{text:?} in\n{}", self.stdout);
        assert!(!self.stderr.contains(text), "{text:?} in\n{}", self.stderr);
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The command in the first help that names one, without its back quotes.
    #[track_caller]
    pub(crate) fn command(&self) -> String {
        let both = format!("{}\n{}", self.stdout, self.stderr);
        let (_, after) = both.split_once("help: run `").unwrap();
        after.split_once('`').unwrap().0.to_owned()
    }
}
