//! `explain`, `schema`, `completions` and `man`.

use super::support::Project;

#[test]
fn every_listed_rule_has_a_page() {
    let project = Project::empty();
    let list = project.seance(&["explain", "--list"]).exits(0).stdout;
    let ids: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(ids.len() > 20, "{list}");
    for id in ids {
        let page = project.seance(&["explain", id]).exits(0);
        let page = page.says(&format!("{id} (")).says("\nWhy");
        let ways = ["\nFix: ", "\nFound: "].map(|way| page.stdout.contains(way));
        assert!(ways.contains(&true), "{id} has no way out");
    }
}

#[test]
fn a_failure_that_files_do_not_show_says_who_finds_it() {
    let project = Project::empty();
    project
        .seance(&["explain", "ssh-passphrase-key"])
        .exits(0)
        .says("ssh-passphrase-key (warning): ")
        .says("\nFound: `seance doctor`\n")
        .says("\nWhy there: ");
    let list = project.seance(&["explain", "--list"]).exits(0);
    list.says("passphrase (`seance doctor`)");
}

#[test]
fn an_unknown_rule_suggests_the_nearest() {
    let project = Project::empty();
    let outcome = project.seance(&["explain", "drift-edite"]).exits(64);
    assert_eq!(outcome.command(), "seance explain drift-edited");
    let outcome = project.seance(&["explain", "zzz"]).exits(64);
    assert_eq!(outcome.command(), "seance explain --list");
}

#[test]
fn defaults_are_listed() {
    Project::empty()
        .seance(&["explain", "--defaults"])
        .exits(0)
        .says("swap = \"2G\"\n    Size of the swap partition")
        .says("image = \"ubuntu-24-04-x64\"");
}

#[test]
fn the_schema_is_the_file_of_the_repository() {
    let schema = Project::empty().seance(&["schema"]).exits(0).stdout;
    assert_eq!(schema, include_str!("../../schema/seance.schema.json"));
}

#[test]
fn completions_are_made_for_every_shell_and_parse() {
    let project = Project::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = project.seance(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("seance"), "{shell}");
        project.write(&format!("seance.{shell}"), script);
    }
    project.paste("bash -n seance.bash");
    // zsh and fish are not on every machine; where they are, they must agree.
    for shell in ["zsh", "fish"] {
        if which::which(shell).is_ok() {
            project.paste(&format!("{shell} -n seance.{shell}"));
        }
    }
}

#[test]
fn every_verb_has_a_manual_page() {
    let project = Project::empty();
    let page = project.seance(&["man"]).exits(0).stdout;
    assert!(page.contains(".TH seance 1"), "{page}");
    assert!(page.contains("130"), "the exit codes are in it");
    project.seance(&["man", "pages/man1"]).exits(0);
    let help = project.seance(&["--help"]).exits(0).stdout;
    let commands = help.split_once("Commands:\n").unwrap().1;
    let verbs = commands
        .lines()
        .map_while(|line| line.split_whitespace().next());
    let mut count = 0;
    for verb in verbs.filter(|verb| *verb != "help") {
        count += 1;
        let page = project.read(&format!("pages/man1/seance-{verb}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{verb}");
    }
    assert_eq!(count, 13, "{help}");
}

#[test]
fn the_version_is_the_packages() {
    let version = format!("seance {}\n", env!("CARGO_PKG_VERSION"));
    let project = Project::empty();
    assert_eq!(project.seance(&["--version"]).exits(0).stdout, version);
}
