//! What is refused before anything is done, with which code and in which words.

use std::fs;
use std::os::unix::fs::symlink;

use super::life::wait_for;
use super::project::{EXAMPLE, Project, SERVER, enabled};

const OVERRIDE: &str = "terraform/seance_override.tf";

#[test]
fn what_is_missing_is_said_at_once() {
    if !enabled("an apply without anything") {
        return;
    }
    let project = Project::new(EXAMPLE);
    let bare = project.folder("bare");
    fs::create_dir(&bare).unwrap();
    symlink(which::which("git").unwrap(), bare.join("git")).unwrap();
    let all = [
        "neither `tofu` nor `terraform` is installed",
        "DIGITALOCEAN_TOKEN",
        "CLOUDFLARE_API_TOKEN",
        "`nix`",
        "`ssh`",
        "`ssh-keygen`",
    ];
    let without = |arguments: &[&str]| {
        let run = project.seance(arguments).env("PATH", &bare);
        run.without("DIGITALOCEAN_TOKEN")
            .without("CLOUDFLARE_API_TOKEN")
    };
    without(&["apply", "--yes"]).exits(7).says(&all);
    without(&["plan"]).exits(7).says(&all[..3]);
    without(&["destroy", "--confirm", SERVER])
        .exits(7)
        .says(&all[..3]);
    let named = project.seance(&["plan", "--engine", "/nowhere/tofu"]);
    named
        .exits(7)
        .says(&["there is no program `/nowhere/tofu`"]);
    assert_eq!(project.cloud.mark(), 0, "nobody was asked");
}

#[test]
fn nothing_is_done_without_an_answer_or_from_stale_files() {
    if !enabled("an apply without a terminal, from stale files, beside another") {
        return;
    }
    let project = Project::new(EXAMPLE);
    // No terminal to ask at.
    project.seance(&["apply"]).exits(64).says(&["--yes"]);
    project.seance(&["destroy"]).exits(0);
    project
        .apply(&["--confirm", "another"])
        .exits(4)
        .says(&["names another server"]);
    assert_eq!(project.cloud.writes_since(0), [""; 0]);

    let manifest = project.read("seance.toml");
    project.write(
        "seance.toml",
        &manifest.replace("s-2vcpu-2gb", "s-2vcpu-4gb"),
    );
    for verb in [&["plan"][..], &["apply", "--yes"]] {
        project.seance(verb).exits(3).says(&["seance gen"]);
    }
    project.write("seance.toml", &manifest);
    assert_eq!(project.cloud.writes_since(0), [""; 0]);

    // A second one while the first is at work.
    project.order("nix", "hangs");
    let before = project.records().of("nix").len();
    let first = project.apply(&[]).start();
    wait_for("the first apply", || {
        project.records().of("nix").len() > before
    });
    project
        .apply(&[])
        .exits(6)
        .says(&["another seance is deploying"]);
    project.seance(&["destroy", "--confirm", SERVER]).exits(6);
    project.countermand();
    let first = super::project::Done::of(&first.wait_with_output().unwrap());
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(project.cloud.droplets().len(), 1);
    project.nothing_to_do();
}

#[test]
fn a_lifted_protection_that_is_left_behind_is_put_back() {
    if !enabled("an apply that finds an override file") {
        return;
    }
    let project = Project::new(EXAMPLE);
    let own = "resource \"digitalocean_tag\" \"own\" {\n  name = \"own\"\n}\n";
    project.write(OVERRIDE, own);
    project
        .apply(&[])
        .exits(1)
        .says(&["is not seance's", "rename it"]);
    assert_eq!(project.read(OVERRIDE), own);
    assert_eq!(project.cloud.writes_since(0), [""; 0]);

    // What a killed run left: the whole of it, or the beginning.
    project.write(
        OVERRIDE,
        "# Written by seance for one confirmed run and removed after it.",
    );
    project
        .apply(&[])
        .exits(0)
        .says(&["removed `terraform/seance_override.tf`"]);
    assert!(!project.path(OVERRIDE).exists());
}

#[test]
fn variables_that_bend_the_engine_are_named_and_not_handed_on() {
    if !enabled("an apply with variables that bend the engine") {
        return;
    }
    let bending = [
        ("TF_CLI_ARGS_plan", "-target=digitalocean_ssh_key.deploy"),
        ("TF_CLI_ARGS", "-no-such-option"),
        ("TF_LOG", "TRACE"),
        ("TF_WORKSPACE", "elsewhere"),
        ("SSH_KEY", "/home/somebody/.ssh/id"),
        ("NIX_SSHOPTS", "-o StrictHostKeyChecking=no"),
    ];
    let mut project = Project::new(EXAMPLE);
    for (name, value) in bending {
        project.set(name, value);
    }
    let done = project.apply(&[]).exits(0);
    for (name, value) in bending {
        done.says(&[&format!("`{name}` is not handed on")]);
        assert!(!done.stderr.contains(value), "{}", done.stderr);
    }
    for record in project.records().all() {
        for (name, _) in bending {
            let is_seen = record.environment.iter().any(|seen| seen == name);
            // The switch sets its own for the programs that it starts.
            assert!(
                !is_seen || name == "NIX_SSHOPTS",
                "{} sees {name}",
                record.program
            );
        }
    }
    assert_eq!(project.cloud.droplets().len(), 1);
}
