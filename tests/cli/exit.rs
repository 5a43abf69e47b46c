//! Every exit code that needs neither an engine nor a server, one by one.
//!
//! 5 needs a server that does not do what was promised. 70 is a bug in seance: no manifest is known
//! that provokes one, so only its place in `--help` is tested.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::time::Duration;

use super::support::Project;

#[test]
fn zero_when_all_is_well() {
    Project::generated().seance(&["check"]).exits(0);
}

#[test]
fn one_when_the_operation_fails() {
    let project = Project::new();
    project.write("nix", "a file where a folder should be");
    project
        .seance(&["gen"])
        .exits(1)
        .complains("`nix`")
        .complains("help: ");
}

#[test]
fn two_when_there_are_differences() {
    let project = Project::generated();
    project.replace("seance.toml", "fra1", "ams3");
    for arguments in [
        &["diff"][..],
        &["gen", "--check"],
        &["diff", "--against", "HEAD"],
    ] {
        project.seance(arguments).exits(2);
        let fine = [arguments, &["--exit-zero"]].concat();
        project.seance(&fine).exits(0);
    }
}

#[test]
fn three_from_every_verb_that_reads_an_invalid_manifest() {
    let project = Project::generated();
    project.replace("seance.toml", "fra1", "moon1");
    for arguments in [
        &["check"][..],
        &["gen"],
        &["gen", "--check"],
        &["gen", "--stdout", "Caddyfile"],
        &["gen", "--quiet"],
        &["diff"],
        &["diff", "--against", "HEAD"],
        &["init", "--yes"],
        &["plan"],
        &["apply", "--yes"],
        &["destroy", "--confirm", "example"],
        &["verify"],
        &["rehearse"],
    ] {
        let outcome = project.seance(arguments).exits(3);
        let both = outcome.stdout + &outcome.stderr;
        assert!(both.contains("`moon1`"), "{arguments:?} hides it: {both}");
    }
}

#[test]
fn three_beats_two() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    project.replace("seance.toml", "fra1", "moon1");
    project.seance(&["diff"]).exits(3);
}

#[test]
fn four_when_an_edit_would_be_lost() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    project.seance(&["gen"]).exits(4).complains("Caddyfile");
    assert!(project.read("Caddyfile").ends_with("# mine\n"));
}

#[test]
fn six_when_another_generation_runs() {
    let project = Project::generated();
    project.replace("seance.toml", "fra1", "ams3");
    let lock = File::options()
        .write(true)
        .open(project.path(".seance/lock"))
        .unwrap();
    lock.lock().unwrap();
    project.seance(&["gen"]).exits(6).complains("help: ");
    // Reads never lock.
    project.seance(&["diff"]).exits(2);
    project.seance(&["gen", "--check"]).exits(2);
    project.seance(&["check"]).exits(3);
    lock.unlock().unwrap();
    project.seance(&["gen"]).exits(0);
}

#[test]
fn seven_when_git_is_missing() {
    let project = Project::generated();
    project
        .seance(&["diff", "--against", "HEAD"])
        .env("PATH", "/nonexistent")
        .exits(7)
        .complains("`git` is not on PATH");
    // Nothing else needs it.
    project
        .seance(&["gen"])
        .env("PATH", "/nonexistent")
        .exits(0);
    let check = || project.seance(&["check"]).env("PATH", "/nonexistent");
    check().exits(0).says("no findings");
    // The index alone cannot tell whether a file that is not in it is ignored.
    std::fs::write(project.path("nix/new.nix"), "{ }\n").unwrap();
    check()
        .exits(0)
        .says("the git rules were not checked: `git` is not on PATH");
}

#[test]
fn sixty_four_when_the_command_line_is_wrong() {
    let project = Project::new();
    for arguments in [
        &["--nonsense"][..],
        &["nonsense"],
        &["check", "--format", "xml"],
        &["diff", "--format", "sarif"],
        &["gen", "--force", "--merge"],
        &["gen", "--check", "--force"],
        &["gen", "--exit-zero"],
        &["gen", "--stdout", "nix/nothing.nix"],
        &["gen", "--quiet", "--verbose"],
        &["explain"],
        &["explain", "no-such-rule"],
        &["init", "--port", "70000"],
        &["check", "no-such-folder"],
        &["check", "seance.toml"],
        &["-C", "no-such-folder", "gen"],
        &["-C", "no-such-folder", "diff"],
        &["-C", "no-such-folder", "plan"],
        &["plan", "--format", "sarif"],
        &["plan", "--yes"],
        &["apply", "--confirm"],
        &["destroy", "--yes"],
        &["rehearse", "--fail-at"],
        &["rehearse", "--fail-at", "everything"],
    ] {
        project.seance(arguments).exits(64).complains("error: ");
    }
    project.seance(&[]).exits(64).complains("Usage: seance");
}

#[test]
fn a_hundred_and_thirty_when_a_person_stops_the_questions() {
    let project = Project::empty();
    let script = which::which("script").unwrap();
    let mut terminal = std::process::Command::new(script)
        .args(["--quiet", "--return", "--flush", "--command"])
        .arg(format!("{} init", env!("CARGO_BIN_EXE_seance")))
        .arg("/dev/null")
        .env("HOME", project.home())
        .env("TERM", "xterm")
        .current_dir(project.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    let mut stdout = terminal.stdout.take().unwrap();
    let mut stdin = terminal.stdin.take().unwrap();
    while !String::from_utf8_lossy(&shown).contains("Project name") {
        let mut piece = [0; 256];
        let count = stdout.read(&mut piece).unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&shown));
        shown.extend(&piece[..count]);
    }
    // The question stands; the terminal is in raw mode, so Ctrl-C is a character.
    std::thread::sleep(Duration::from_millis(300));
    stdin.write_all(b"\x03").unwrap();
    drop(stdin);
    stdout.read_to_end(&mut shown).unwrap();
    assert_eq!(terminal.wait().unwrap().code(), Some(130));
    let shown = String::from_utf8_lossy(&shown);
    assert!(shown.contains("nothing was written"), "{shown}");
    assert!(!project.path("seance.toml").exists());
}

#[test]
fn help_lists_every_code() {
    let help = Project::empty().seance(&["--help"]).exits(0).stdout;
    for code in ["0", "1", "2", "3", "4", "5", "6", "7", "64", "70", "130"] {
        assert!(help.contains(&format!("\n  {code:<4} ")), "{code}: {help}");
    }
}
