//! The rehearsal that the README shows is what a rehearsal of this repository's own deployment
//! prints, with the real engine.
//!
//! The engine makes several resources at once, so the lines about them may come in any order, and
//! times, addresses and the number of requests differ from run to run. All else is compared as it
//! stands. `UPDATE=1` writes what was printed into the README.

use std::fs;
use std::process::Stdio;

use crate::engine::{cache, settings};
use crate::support::{enabled, program, repository};

/// The line before the transcript, and the one after it.
const OPENS: &str = "```console rehearsal\n";
const CLOSES: &str = "```\n";
/// The command that is shown.
const COMMAND: &str = "$ seance rehearse\n";

#[test]
fn the_rehearsal_of_the_readme_is_what_is_printed() {
    if !enabled("tofu, through the rehearsal of the README") {
        return;
    }
    let path = repository().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let start = readme.find(OPENS).unwrap() + OPENS.len();
    let end = start + readme[start..].find(CLOSES).unwrap();
    let printed = format!("{COMMAND}{}", rehearse());
    assert!(printed.contains("\nrehearsed: "), "{printed}");
    let is_true = normal(&readme[start..end]) == normal(&printed);
    if std::env::var_os("UPDATE").is_some() {
        if !is_true {
            let text = format!("{}{printed}{}", &readme[..start], &readme[end..]);
            fs::write(&path, text).unwrap();
        }
        return;
    }
    assert!(
        is_true,
        "README.md is out of date; run `UPDATE=1 just external rehearsal` and read the diff\n{}",
        seance::drift::unified(
            "README.md",
            Some(&normal(&readme[start..end])),
            Some(&normal(&printed))
        )
    );
}

/// What a terminal would show of it: both streams as they come.
fn rehearse() -> String {
    let home = tempfile::tempdir().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = program("sh")
        .args(["-c", "exec 2>&1; exec \"$SEANCE\" rehearse"])
        .current_dir(repository())
        .env_clear()
        .env("PATH", format!("{}:{path}", cache().join("bin").display()))
        .env("SEANCE", env!("CARGO_BIN_EXE_seance"))
        .env("TF_CLI_CONFIG_FILE", settings())
        .env("HOME", home.path())
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    text
}

/// Without what differs from run to run: lines about single resources are sorted between two lines
/// of another kind, and numbers that nobody can foretell are left out.
fn normal(transcript: &str) -> String {
    let mut text = String::new();
    let mut about: Vec<String> = Vec::new();
    for line in transcript.lines() {
        if is_about_one_resource(line) {
            if !line.starts_with("still ") {
                about.push(without_numbers(line));
            }
            continue;
        }
        about.sort();
        for line in about.drain(..) {
            text.push_str(&line);
        }
        text.push_str(&without_numbers(line));
    }
    about.sort();
    text + &about.concat()
}

fn is_about_one_resource(line: &str) -> bool {
    const BEGINNINGS: [&str; 6] = [
        "creating ",
        "created ",
        "destroying ",
        "destroyed ",
        "still ",
        "  | ",
    ];
    // Resources alone have a dot in their address.
    BEGINNINGS.iter().any(|word| line.starts_with(word)) && line.contains('.')
        || line.starts_with("  | ")
}

/// One line with times, addresses and counts of requests as `N`.
fn without_numbers(line: &str) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    for index in 0..words.len() {
        let next = words.get(index + 1).copied().unwrap_or_default();
        let is_time = words[index].starts_with('(') && matches!(next, "s)" | "min");
        let is_count = next == "requests";
        let is_address = words[index].starts_with("root@");
        if is_time || is_count || is_address {
            words[index] = "N";
        }
    }
    words.join(" ") + "\n"
}

#[test]
fn only_what_nobody_can_foretell_is_left_out() {
    let one = "creating a.b\ncreating c.d\ncreated c.d (3 s)\n36 requests to\ndestroying all\n";
    let other = "creating c.d\ncreated c.d (0 s)\ncreating a.b\n37 requests to\ndestroying all\n";
    assert_eq!(normal(one), normal(other));
    assert_ne!(normal(one), normal(&one.replace("c.d", "c.e")));
    assert_ne!(normal(one), normal(&one.replace("requests", "answers")));
    assert_ne!(normal("a\nb\n"), normal("b\na\n"));
    assert_ne!(normal("8 to create\n"), normal("9 to create\n"));
}
