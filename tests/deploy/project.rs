//! A project in a throw-away folder, the programs around it, and one run of seance in it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use seance::rehearsal::Settings;
use serde_json::Value;

use super::cloud::Cloud;
use super::records::Records;

/// The repository's own deployment.
pub(crate) const EXAMPLE: &str = include_str!("../../seance.toml");
/// The name of its server.
pub(crate) const SERVER: &str = "seance-backend";

/// Of the form that the providers want, and found nowhere but in an environment.
pub(crate) const DIGITALOCEAN_TOKEN: &str = "dop_v1_canary0canary0canary0canary0canary0canary0";
/// As above.
pub(crate) const CLOUDFLARE_TOKEN: &str = "canary1canary1canary1canary1canary1canar";

/// What takes the places of the programs that cannot do their work here.
const PROGRAMS: [(&str, &str); 5] = [
    ("nix", include_str!("programs/nix")),
    ("nixos-anywhere", include_str!("programs/nixos-anywhere")),
    ("nixos-rebuild", include_str!("programs/nixos-rebuild")),
    ("record.sh", include_str!("programs/record.sh")),
    ("ssh", include_str!("programs/ssh")),
];

/// What a machine says of itself.
const MACHINES: [(&str, &str); 2] = [
    (
        "nixos",
        include_str!("../../src/remote/system/recorded/nixos.txt"),
    ),
    (
        "ubuntu",
        include_str!("../../src/remote/system/recorded/ubuntu.txt"),
    ),
];

/// Whether these tests run. Says what is left out when they do not.
pub(crate) fn enabled(what: &str) -> bool {
    let on = std::env::var_os("SEANCE_EXTERNAL").is_some_and(|value| value == "1");
    if !on {
        eprintln!("not run without SEANCE_EXTERNAL=1: {what}");
    }
    on
}

/// Where `tests/scripts/engines` puts everything.
pub(crate) fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache"),
        PathBuf::from,
    );
    base.join("seance-ci")
}

/// The engine that every test uses; one that is missing is a failure.
pub(crate) fn tofu() -> PathBuf {
    let tofu = cache().join("bin/tofu");
    assert!(
        tofu.is_file() && cache().join("engines.tfrc").is_file(),
        "{} is not there: run `tests/scripts/engines`",
        tofu.display()
    );
    tofu
}

/// The program under test: the one of this build, or another that a benchmark names.
fn seance() -> PathBuf {
    let other = std::env::var_os("SEANCE_BINARY").map(PathBuf::from);
    other.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_seance")))
}

/// A git repository with a manifest, its clouds, and programs that only say what was asked of them.
pub(crate) struct Project {
    root: tempfile::TempDir,
    pub(crate) cloud: Cloud,
    engine: PathBuf,
    variables: Vec<(OsString, OsString)>,
}

impl Project {
    /// With this manifest and every generated file, known to git.
    pub(crate) fn new(manifest: &str) -> Self {
        Self::with(manifest, Settings::default())
    }

    /// As [`Self::new`], with clouds that behave as asked.
    pub(crate) fn with(manifest: &str, settings: Settings) -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in [
            "app",
            "home",
            "temporary",
            "programs",
            "records",
            "orders",
            "server",
            "engine",
        ] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        for (name, text) in PROGRAMS {
            let path = root.path().join("programs").join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for (name, text) in MACHINES {
            fs::write(root.path().join("server").join(name), text).unwrap();
        }
        let zone = manifest.parse::<toml::Table>().unwrap();
        let zone = zone["dns"]["zone"].as_str().unwrap().to_owned();
        let mut project = Self {
            root,
            cloud: Cloud::with(&[&zone], settings),
            engine: PathBuf::new(),
            variables: Vec::new(),
        };
        project.engine(&tofu());
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.write("seance.toml", manifest);
        project.generate();
        project
    }

    /// Lets seance find this engine and no other.
    pub(crate) fn engine(&mut self, program: &Path) {
        self.engine = program.to_path_buf();
        let folder = self.folder("engine");
        for entry in fs::read_dir(&folder).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let link = folder.join(program.file_name().unwrap());
        std::os::unix::fs::symlink(program, link).unwrap();
    }

    /// Sets a variable for every run from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.into(), value.into()));
    }

    /// A folder beside the project's own.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Where all of it lies.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder("app").join(path)
    }

    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Edits the manifest, each text once, and brings the files up to date.
    #[track_caller]
    pub(crate) fn edit(&self, edits: &[(&str, &str)]) {
        let mut text = self.read("seance.toml");
        for (from, to) in edits {
            assert!(text.contains(from), "seance.toml does not hold {from}");
            text = text.replacen(from, to, 1);
        }
        self.write("seance.toml", &text);
        self.generate();
    }

    /// Brings the files up to date and lets git know them.
    #[track_caller]
    pub(crate) fn generate(&self) {
        self.seance(&["gen"]).exits(0);
        self.git(&["add", "--all"]);
    }

    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut command = self.command(Path::new("git"));
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    }

    pub(crate) fn commit(&self) {
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "state"]);
    }

    /// Asks one of the programs for something: `fails`, `hangs` or `dies`.
    pub(crate) fn order(&self, program: &str, what: &str) {
        fs::write(self.folder("orders").join(format!("{program}-{what}")), "").unwrap();
    }

    /// Lets all programs do their work again.
    pub(crate) fn countermand(&self) {
        for entry in fs::read_dir(self.folder("orders")).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
    }

    /// How the programs were called so far.
    pub(crate) fn records(&self) -> Records {
        Records::read(&self.folder("records"))
    }

    /// One run, not yet started.
    pub(crate) fn seance(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(&seance());
        command.args(arguments);
        Run { command }
    }

    /// An apply as a script calls it.
    pub(crate) fn apply(&self, further: &[&str]) -> Run {
        let arguments = ["apply", "--yes", "--skip-verify"];
        self.seance(&[&arguments, further].concat())
    }

    /// What a plan says, as JSON.
    #[track_caller]
    pub(crate) fn plan(&self) -> Value {
        let done = self.seance(&["plan", "--format", "json"]).exits(0);
        serde_json::from_str(&done.stdout).unwrap()
    }

    /// Fails unless the clouds are as the manifest wants them.
    #[track_caller]
    pub(crate) fn nothing_to_do(&self) {
        let done = self.seance(&["plan", "--detailed-exitcode"]).run();
        assert_eq!(done.code, Some(0), "{done:#?}");
        assert!(done.stdout.contains("nothing to do"), "{done:#?}");
    }

    /// The engine itself in the module's folder.
    pub(crate) fn engine_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&self.engine);
        command.current_dir(self.path("terraform")).args(arguments);
        command
    }

    /// A command that knows nothing of the machine that runs the tests.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let folders = [self.folder("programs"), self.folder("engine")];
        let system = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
        let path = std::env::join_paths(folders.into_iter().chain(system)).unwrap();
        command
            .current_dir(self.path(""))
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder("home"))
            .env("TMPDIR", self.folder("temporary"))
            .env("STANDIN_PROGRAMS", self.folder("programs"))
            .env("STANDIN_RECORDS", self.folder("records"))
            .env("STANDIN_ORDERS", self.folder("orders"))
            .env("STANDIN_SERVER", self.folder("server"))
            .env("TF_CLI_CONFIG_FILE", cache().join("engines.tfrc"))
            .env("DIGITALOCEAN_TOKEN", DIGITALOCEAN_TOKEN)
            .env("DIGITALOCEAN_API_URL", self.cloud.digitalocean_url())
            .env("CLOUDFLARE_API_TOKEN", CLOUDFLARE_TOKEN)
            .env("CLOUDFLARE_BASE_URL", self.cloud.cloudflare_url())
            .envs([
                ("TERM", "dumb"),
                ("COLUMNS", "100"),
                ("LANG", "C.UTF-8"),
                ("GIT_CONFIG_NOSYSTEM", "1"),
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ])
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }
}

/// One run of seance.
pub(crate) struct Run {
    command: Command,
}

impl Run {
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Starts it and leaves it to itself.
    pub(crate) fn start(mut self) -> Child {
        self.command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs it to its end.
    #[track_caller]
    pub(crate) fn run(mut self) -> Done {
        Done::of(&self.command.output().unwrap())
    }

    /// Runs it to its end, which must have this exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Done {
        let done = self.run();
        assert_eq!(
            done.code,
            Some(code),
            "--- stdout\n{}\n--- stderr\n{}",
            done.stdout,
            done.stderr
        );
        done
    }
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// No run may ever show a token.
    #[track_caller]
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let done = Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        };
        for token in [DIGITALOCEAN_TOKEN, CLOUDFLARE_TOKEN] {
            let shows = done.stdout.contains(token) || done.stderr.contains(token);
            assert!(!shows, "a run shows a token");
        }
        done
    }

    /// Fails unless standard error holds each of the words.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(
                self.stderr.contains(word),
                "`{word}` is not in\n{}",
                self.stderr
            );
        }
        self
    }
}
