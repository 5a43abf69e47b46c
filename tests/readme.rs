//! The README is true: its transcripts are what the program prints, its manifests load, its Nix
//! parses, its links lead somewhere.
//!
//! Every `console` block is run, from top to bottom, in one temporary git repository with the
//! built program on PATH; the one that is marked `rehearsal` needs an engine, so
//! `tests/external/rehearsal.rs` runs it. `UPDATE=1 cargo test --test readme` writes what was printed into the
//! README; read the diff before you commit it.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use seance::finding::Position;
use seance::rehearsal::Step;

/// A key that nobody has the other half of.
const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the repository")
}

/// A fenced block: the line of its opening fence from 0, its info string, its text.
struct Block<'a> {
    line: usize,
    info: &'a str,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (line, text) in markdown.lines().enumerate() {
        match (text.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                open = Some(Block {
                    line,
                    info,
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text += &format!("{text}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a code block is not closed");
    blocks
}

/// A throw-away home, and in it the git repository that the transcripts work in.
struct Scene {
    home: tempfile::TempDir,
    path: String,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let at = |path: &str| home.path().join(path);
        for folder in [".ssh", "bin", "notes"] {
            fs::create_dir(at(folder)).expect("a new folder");
        }
        fs::write(at(".ssh/id_ed25519.pub"), KEY).expect("a new file");
        symlink(env!("CARGO_BIN_EXE_seance"), at("bin/seance")).expect("a new link");
        let rest = std::env::var("PATH").expect("a PATH");
        let path = format!("{}:{rest}", at("bin").display());
        let scene = Self { home, path };
        let origin = "https://github.com/example/notes.git";
        scene.run(&format!(
            "git init --quiet --initial-branch=main && git remote add origin {origin}"
        ));
        scene
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("notes")
    }

    /// What a terminal would show: both streams as they come.
    fn run(&self, command: &str) -> String {
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.home.path())
            .env("LC_ALL", "C")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CEILING_DIRECTORIES", self.home.path())
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "You")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "you@host")))
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// A transcript with the output that its commands have now. A command ends where its last line
/// does not end in a backslash.
fn replay(transcript: &str, scene: &Scene) -> String {
    let mut shown = String::new();
    let mut lines = transcript.lines();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("$ ") else {
            continue; // what was printed last time
        };
        let mut command = first.to_owned();
        shown += &format!("{line}\n");
        while command.ends_with('\\') {
            let more = lines.next().expect("the command goes on");
            command += &format!("\n{more}");
            shown += &format!("{more}\n");
        }
        shown += &scene.run(&command);
        if !shown.ends_with('\n') {
            shown.push('\n');
        }
    }
    shown
}

#[test]
fn transcripts_are_what_the_program_prints() {
    let readme = read("README.md");
    let scene = Scene::new();
    let mut lines: Vec<String> = readme.lines().map(str::to_owned).collect();
    let transcripts: Vec<Block<'_>> = blocks(&readme)
        .into_iter()
        .filter(|block| block.info == "console")
        .collect();
    assert!(
        transcripts.len() > 3,
        "the README shows the program at work"
    );
    let replayed: Vec<String> = transcripts
        .iter()
        .map(|block| replay(&block.text, &scene))
        .collect();
    // From the last to the first, so that line numbers stay true.
    for (block, new) in transcripts.iter().zip(&replayed).rev() {
        let start = block.line + 1;
        let end = start + block.text.lines().count();
        lines.splice(start..end, new.lines().map(str::to_owned));
    }
    let current = lines.join("\n") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root().join("README.md"), &current).unwrap();
        return;
    }
    assert!(
        current == readme,
        "README.md is out of date; run `UPDATE=1 cargo test --test readme` and read the diff\n{}",
        seance::drift::unified("README.md", Some(&readme), Some(&current))
    );
}

#[test]
fn exit_codes_are_those_of_help() {
    let scene = Scene::new();
    let help = scene.run("seance --help");
    let codes = &help[help.find("Exit codes:").expect("help lists them")..];
    assert!(codes.lines().count() > 5, "{codes}");
    assert!(
        read("README.md").contains(codes.trim_end()),
        "README.md does not show the exit codes of `seance --help`:\n{codes}"
    );
}

/// Manifests stand whole, with `version`; any other `toml` block goes at the end of the first.
#[test]
fn manifests_load_without_a_finding() {
    let readme = read("README.md");
    let all = blocks(&readme);
    let manifests = || all.iter().filter(|block| block.info == "toml");
    let whole = manifests()
        .find(|block| block.text.contains("version = "))
        .expect("the README shows a manifest");
    for block in manifests() {
        let text = if block.text.contains("version = ") {
            block.text.clone()
        } else {
            format!("{}\n{}", whole.text, block.text)
        };
        let loaded = seance::manifest::load("seance.toml", &text);
        let found = loaded.findings.iter().map(|finding| {
            let range = finding.location.as_ref().and_then(|at| at.range.clone());
            let line = range.map(|range| Position::of(&text, range.start).line);
            format!("{} in line {line:?}", finding.message)
        });
        assert_eq!(found.collect::<Vec<_>>(), [""; 0], "of\n{text}");
        assert!(loaded.deployment.is_some());
    }
}

#[test]
fn nix_parses() {
    let readme = read("README.md");
    let all = blocks(&readme);
    let nix: Vec<_> = all.iter().filter(|block| block.info == "nix").collect();
    assert!(!nix.is_empty());
    for block in nix {
        if let Err(errors) = seance::nix::parse(&block.text) {
            panic!("README.md:{}: {errors:?}", block.line + 1);
        }
    }
}

/// The first command that a newcomer types, with the folder replaced and without the build.
#[test]
fn first_command_makes_the_committed_deployment() {
    let readme = read("README.md");
    let first = blocks(&readme)
        .into_iter()
        .find(|block| block.info == "sh")
        .expect("the README starts with commands");
    let command = first.text.lines().next().unwrap();
    assert!(command.contains("cargo run -- "), "{command}");
    let scene = Scene::new();
    let command = command
        .replace("cargo run -- ", "seance ")
        .replace("/tmp/example", &scene.folder().display().to_string());
    let output = scene.run(&format!("cd '{}' && {command}", root().display()));
    let created: BTreeSet<&str> = output
        .lines()
        .filter_map(|line| line.strip_prefix("created "))
        .collect();
    assert!(created.len() > 10, "{output}");
    for path in created {
        let made = fs::read_to_string(scene.folder().join(path)).unwrap();
        assert!(made == read(path), "{path} is not what is committed");
    }
}

#[test]
fn links_lead_somewhere() {
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/ARCHITECTURE.md",
        "docs/deploy.md",
    ] {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_path_buf();
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let headings: BTreeSet<String> = text
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect();
        for target in targets.filter(|target| !target.contains("://")) {
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            assert!(folder.join(path).exists(), "{document} links to {target}");
            assert!(
                heading.is_empty() || !path.is_empty() || headings.contains(heading),
                "{document} links to {target}"
            );
        }
    }
}

/// What `--fail-at` takes, in the order of a deployment.
#[test]
fn every_way_to_fail_is_listed() {
    let page = read("docs/deploy.md");
    let rows = Step::ALL.iter().map(|step| {
        let usual = step.usual_kind();
        let others = step.kinds().filter(|kind| *kind != usual);
        let others: Vec<String> = others.map(|kind| format!("`{kind}`")).collect();
        format!("| `{step}` | `{usual}` | {} |\n", others.join(", "))
    });
    let table: String = rows.collect();
    assert!(page.contains(&table), "docs/deploy.md lacks\n{table}");
}

/// Every verb of `--help` is explained somewhere.
#[test]
fn every_verb_is_mentioned() {
    let help = Scene::new().run("seance --help");
    let (_, verbs) = help.split_once("Commands:\n").expect("help lists them");
    let readme = read("README.md");
    let verbs = verbs
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next());
    for verb in verbs.filter(|verb| *verb != "help") {
        assert!(
            readme.contains(&format!("seance {verb}")),
            "README.md never shows `seance {verb}`"
        );
    }
}

/// A heading's anchor as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}
