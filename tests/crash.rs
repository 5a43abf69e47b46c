//! `seance gen` stopped, starved and raced, as a real process on a real file system.
//!
//! After whatever happens, every generated file is whole, and the next `gen` brings the tree to
//! where it should be.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const MANIFEST: &str = include_str!("data/smallest.toml");
const KILLS: usize = 100;

/// Every file below a folder but what git and seance keep for themselves, by relative path.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The same manifest with another project name of the same length, which most files contain.
fn renamed() -> String {
    let renamed = MANIFEST.replace("name = \"example\"", "name = \"another\"");
    assert_ne!(renamed, MANIFEST);
    renamed
}

struct Deployment {
    folder: tempfile::TempDir,
}

impl Deployment {
    fn new() -> Self {
        let deployment = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        deployment.describe(MANIFEST);
        deployment
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn describe(&self, manifest: &str) {
        fs::write(self.path().join("seance.toml"), manifest).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seance"));
        command
            .arg("gen")
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    #[track_caller]
    fn generate(&self) -> Files {
        let output = self.command().output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        self.files()
    }

    fn files(&self) -> Files {
        let mut files = Files::new();
        let mut folders = vec![self.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.ends_with(".seance") || path.ends_with(".git") {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let relative = path.strip_prefix(self.path()).unwrap().to_path_buf();
                    files.insert(relative, fs::read(path).unwrap());
                }
            }
        }
        files
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A small generator of waits: different in every round, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let limit = u64::try_from(limit.as_nanos()).unwrap();
        Duration::from_nanos(self.0 % limit.max(1))
    }
}

/// The trees of both manifests, and how long going from one to the other takes at most.
fn references(deployment: &Deployment) -> ([(String, Files); 2], Duration) {
    deployment.generate();
    let mut longest = Duration::ZERO;
    let mut tree = |manifest: String| {
        deployment.describe(&manifest);
        let start = Instant::now();
        let files = deployment.generate();
        longest = longest.max(start.elapsed());
        (manifest, files)
    };
    let second = tree(renamed());
    let first = tree(MANIFEST.to_owned());
    let changed = first
        .1
        .iter()
        .filter(|(path, text)| second.1[*path] != **text)
        .count();
    assert!(
        changed > 3,
        "the two manifests differ in {changed} files: too few to interrupt"
    );
    ([first, second], longest)
}

#[test]
fn a_killed_generation_leaves_whole_files_and_is_taken_up_again() {
    let deployment = Deployment::new();
    let (trees, longest) = references(&deployment);
    let mut random = Random(0x5eed_0f5e_a9ce);
    let (mut killed, mut between, mut rounds) = (0, 0, 0);
    while killed < KILLS {
        rounds += 1;
        assert!(
            rounds < 50 * KILLS,
            "only {killed} of {rounds} generations could be killed"
        );
        let [(_, before), (manifest, after)] = [&trees[(rounds + 1) % 2], &trees[rounds % 2]];
        deployment.describe(manifest);
        let mut child = deployment.command().stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(random.below(longest));
        child.kill().unwrap();
        if child.wait().unwrap().signal() == Some(9) {
            killed += 1;
        }

        let found = deployment.files();
        let mut new = 0;
        for (path, text) in after
            .iter()
            .filter(|(path, _)| !path.ends_with("seance.toml"))
        {
            let now = found
                .get(path)
                .unwrap_or_else(|| panic!("{} is gone", path.display()));
            assert!(
                now == text || *now == before[path],
                "{} is torn",
                path.display()
            );
            new += usize::from(now == text && *now != before[path]);
        }
        let changed = after
            .iter()
            .filter(|(path, text)| before[*path] != **text)
            .count()
            - 1;
        between += usize::from(new > 0 && new < changed);

        let repaired = deployment.generate();
        assert!(
            repaired == *after,
            "round {rounds}: {}",
            difference(&repaired, after)
        );
    }
    eprintln!("{killed} kills in {rounds} rounds, {between} of them between two renames");
}

fn difference(found: &Files, expected: &Files) -> String {
    let paths: std::collections::BTreeSet<&PathBuf> = found.keys().chain(expected.keys()).collect();
    let differing = paths
        .into_iter()
        .filter(|path| found.get(*path) != expected.get(*path));
    let names: Vec<String> = differing.map(|path| path.display().to_string()).collect();
    format!("{} differ", names.join(", "))
}

#[test]
fn two_generations_at_once_do_not_mix() {
    let deployment = Deployment::new();
    let (trees, _) = references(&deployment);
    for round in 0..20 {
        let (manifest, after) = &trees[round % 2];
        deployment.describe(manifest);
        let children: Vec<_> = (0..3)
            .map(|_| deployment.command().spawn().unwrap())
            .collect();
        let mut finished = 0;
        for child in children {
            let output = child.wait_with_output().unwrap();
            match output.status.code() {
                Some(0) => finished += 1,
                Some(6) => assert!(!output.stderr.is_empty(), "locked without a word"),
                _ => panic!("{}", text(&output)),
            }
        }
        assert!(finished > 0, "round {round}: nobody finished");
        let found = deployment.files();
        assert!(
            found == *after,
            "round {round}: {}",
            difference(&found, after)
        );
    }
}

/// Runs a generation that must fail with exit 1, name the place, and change nothing.
#[track_caller]
fn fails_without_a_trace(deployment: &Deployment, command: &mut Command, says: &[&str]) {
    let before = deployment.files();
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    for word in says {
        assert!(
            text(&output).contains(word),
            "no `{word}` in: {}",
            text(&output)
        );
    }
    let after = deployment.files();
    assert!(before == after, "{}", difference(&after, &before));
}

#[test]
fn a_folder_that_may_not_be_written_is_left_alone() {
    let deployment = Deployment::new();
    deployment.generate();
    deployment.describe(&renamed());
    // The build folder may lie where an ordinary user cannot reach it.
    let shared = tempfile::tempdir().unwrap();
    let program = shared.path().join("seance");
    fs::copy(env!("CARGO_BIN_EXE_seance"), &program).unwrap();
    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(shared.path(), 0o755);
    allow(deployment.path(), 0o555);
    allow(&deployment.path().join("nix"), 0o555);
    allow(&deployment.path().join(".seance"), 0o555);
    let mut command = Command::new(program);
    command
        .arg("gen")
        .current_dir(deployment.path())
        .stdin(Stdio::null());
    // Permissions do not hold root back.
    if fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0) {
        command.uid(65_534).gid(65_534);
    }
    fails_without_a_trace(&deployment, &mut command, &["denied"]);
    for folder in ["", "nix", ".seance"] {
        allow(&deployment.path().join(folder), 0o755);
    }
}

#[test]
fn a_folder_where_a_file_should_be_is_left_alone() {
    let deployment = Deployment::new();
    let path = "nix/disko-config.nix";
    fs::create_dir_all(deployment.path().join(path)).unwrap();
    fails_without_a_trace(&deployment, &mut deployment.command(), &[path]);
    assert!(deployment.path().join(path).is_dir());
}

#[test]
fn a_limit_on_file_sizes_changes_nothing() {
    let deployment = Deployment::new();
    deployment.generate();
    deployment.describe(&renamed());
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh"])
        .args([env!("CARGO_BIN_EXE_seance"), "gen"])
        .current_dir(deployment.path());
    fails_without_a_trace(&deployment, &mut command, &[]);
    deployment.generate();
}

/// Fills the disk but for some KiB, changes the manifest and tries again.
const SCRIPT: &str = r#"
set -eu
mount -t tmpfs -o size=2m none "$2"
cd "$2"
printf '%s' "$3" > seance.toml
"$1" gen -q
hash() { find . -path ./.seance -prune -o -type f ! -name filler -print0 | sort -z | xargs -0 sha256sum; }
before=$(hash | grep -v seance.toml)
printf '%s' "$4" > seance.toml
dd if=/dev/zero of=filler bs=1k status=none 2>/dev/null || true
truncate -s "-${5}k" filler
code=0
"$1" gen >/dev/null || code=$?
[ "$before" = "$(hash | grep -v seance.toml)" ] && same=same || same=changed
rm filler
"$1" gen -q
[ "$before" != "$(hash | grep -v seance.toml)" ] && after=generated || after=stuck
echo "$code $same $after"
"#;

#[test]
fn a_full_disk_changes_nothing() {
    if std::env::var_os("SEANCE_EXTERNAL").is_none_or(|value| value != "1") {
        eprintln!("not run without SEANCE_EXTERNAL=1: gen on a full tmpfs");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut refused = 0;
    for left in ["0", "4", "8", "16", "32", "64"] {
        let output = Command::new("unshare")
            .args(["--mount", "bash", "-c", SCRIPT, "bash"])
            .args([
                env!("CARGO_BIN_EXE_seance"),
                folder.path().to_str().unwrap(),
            ])
            .args([MANIFEST, &renamed(), left])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match said.as_str() {
            "1 same generated" => {
                refused += 1;
                assert!(text(&output).contains("space"), "{}", text(&output));
            }
            "0 changed generated" => {}
            _ => panic!("with {left} KiB left: {said:?} {}", text(&output)),
        }
    }
    assert!(refused > 0, "the disk was never full");
}
