//! What the verbs that deploy say before anything is started: help, what is missing, what is
//! refused. What they do is tested in `tests/deploy.rs`.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use super::support::{Outcome, Project};

const VERBS: [&str; 5] = ["plan", "apply", "verify", "destroy", "rehearse"];
const NOWHERE: &str = "/nonexistent";

/// Both streams, with the folder of this test and the name of the program left out.
fn output(project: &Project, arguments: &[&str], outcome: &Outcome, code: i32) -> String {
    let text = format!(
        "$ seance {}\n{}--- stderr\n{}--- exit code {code}\n",
        arguments.join(" "),
        outcome.stdout,
        outcome.stderr
    );
    text.replace(&project.path("").display().to_string(), "PROJECT/")
}

/// A program that answers `version` with this text, and no other program.
fn engine(project: &Project, answer: &str) -> String {
    project.write("bin/tofu", format!("#!/bin/sh\necho '{answer}'\n"));
    let path = project.path("bin/tofu");
    std::fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    project.path("bin").display().to_string()
}

#[test]
fn help_of_every_verb() {
    let project = Project::empty();
    let pages = VERBS.map(|verb| {
        let arguments = [verb, "--help"];
        let outcome = project.seance(&arguments).exits(0);
        output(&project, &arguments, &outcome, 0)
    });
    insta::assert_snapshot!(pages.join("\n"));
}

#[test]
fn all_that_is_missing_in_one_message() {
    let project = Project::generated();
    project.append(
        "seance.toml",
        "\n[state]\nbackend = \"s3\"\nbucket = \"a-bucket\"\nkey = \"a/key\"\n\
         endpoint = \"https://fra1.digitaloceanspaces.com\"\nencrypt = true\n",
    );
    project.seance(&["gen"]).exits(0);
    project.commit();
    let texts = VERBS.map(|verb| {
        let run = project.seance(&[verb]).env("PATH", NOWHERE);
        // Too short to be a passphrase, and nobody's business.
        let outcome = run.env("TF_VAR_state_passphrase", "canary").exits(7);
        output(&project, &[verb], &outcome.never_says("canary"), 7)
    });
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn an_engine_that_cannot_be_used() {
    let project = Project::generated();
    let texts = ["OpenTofu v1.10.3", "Terragrunt v0.99.0", ""].map(|answer| {
        let path = engine(&project, answer);
        let outcome = project.seance(&["rehearse"]).env("PATH", &path).exits(7);
        output(&project, &["rehearse"], &outcome, 7)
    });
    let named = ["rehearse", "--engine", "/nowhere/tofu"];
    let outcome = project.seance(&named).exits(7);
    let named = output(&project, &named, &outcome, 7);
    insta::assert_snapshot!(format!("{}\n{named}", texts.join("\n")));
}

#[test]
fn what_would_bend_the_engine_is_named_without_its_value() {
    let project = Project::generated();
    let run = project.seance(&["plan"]).env("PATH", NOWHERE);
    let outcome = [
        "TF_CLI_ARGS_plan",
        "TF_LOG",
        "TF_WORKSPACE",
        "SSH_PRIVATE_KEY",
        "SSHPASS",
        "NIX_SSHOPTS",
        "ARGUMENTS",
        "TF_CLI_CONFIG_FILE",
    ]
    .into_iter()
    .fold(run, |run, name| run.env(name, "canary"))
    .exits(7);
    insta::assert_snapshot!(output(
        &project,
        &["plan"],
        &outcome.never_says("canary"),
        7
    ));
}

#[test]
fn ways_to_fail_that_do_not_exist() {
    let project = Project::generated();
    let texts = [
        "dropelt",
        "droplet=record-exists",
        "dns-record*0",
        "install=rate_limited",
    ]
    .map(|fault| {
        let arguments = ["rehearse", "--fail-at", fault];
        let outcome = project.seance(&arguments).exits(64);
        output(&project, &arguments, &outcome, 64)
    });
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn nothing_is_deployed_from_files_that_drifted() {
    let project = Project::generated();
    project.append("terraform/main.tf", "# mine\n");
    for verb in ["plan", "apply", "rehearse"] {
        let outcome = project.seance(&[verb]).env("PATH", NOWHERE).exits(3);
        outcome.complains("drift-edited").complains("seance gen");
    }
    // Whoever wants to be rid of it all is not kept from it.
    let outcome = project.seance(&["destroy"]).env("PATH", NOWHERE).exits(7);
    outcome.complains("neither `tofu` nor `terraform` is installed");
}

#[test]
fn a_second_deployment_from_the_same_folder_has_to_wait() {
    let project = Project::generated();
    project.write(".seance/apply.lock", "");
    let lock = std::fs::File::options()
        .write(true)
        .open(project.path(".seance/apply.lock"))
        .unwrap();
    lock.lock().unwrap();
    for verb in ["apply", "destroy"] {
        let outcome = project.seance(&[verb]).exits(6);
        outcome
            .complains("another seance is deploying")
            .complains("help: ");
    }
    // Reads never lock.
    for verb in ["plan", "verify"] {
        project.seance(&[verb]).env("PATH", NOWHERE).exits(7);
    }
}

#[test]
fn a_persons_own_override_file_stays() {
    let project = Project::generated();
    let text = "resource \"a\" \"b\" {}\n";
    project.write("terraform/seance_override.tf", text);
    for verb in ["apply", "destroy"] {
        let outcome = project.seance(&[verb]).env("PATH", NOWHERE).exits(1);
        outcome.complains("rename it");
    }
    assert_eq!(project.read("terraform/seance_override.tf"), text);
}

#[test]
fn a_verb_that_is_to_come_says_so() {
    let project = Project::empty();
    let outcome = project.seance(&["status"]).exits(64);
    outcome.complains("`seance status` is not in this version");
}
