//! `seance diff`.

use std::process::Command;

use super::support::Project;

#[test]
fn drift_is_a_unified_diff_that_patch_understands() {
    let project = Project::generated();
    assert_eq!(
        project.seance(&["diff"]).exits(0).stdout,
        "no differences in 12 files\n"
    );
    project.replace("seance.toml", "port = 3000", "port = 4000");
    let diff = project
        .seance(&["diff"])
        .exits(2)
        .says("-\treverse_proxy 127.0.0.1:3000")
        .says("+\treverse_proxy 127.0.0.1:4000");
    project.write("../diff", &diff.stdout);
    project.paste("git apply ../diff");
    project.seance(&["diff"]).exits(0);
}

#[test]
fn json_lists_every_file() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    let document = project
        .seance(&["diff", "--format", "json"])
        .exits(2)
        .json();
    assert_eq!(document["drift"], true);
    let files = document["files"].as_array().unwrap();
    let edited: Vec<&str> = files
        .iter()
        .filter(|file| file["state"] == "edited")
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(edited, ["Caddyfile"]);
    project
        .seance(&["diff", "--format", "github"])
        .exits(2)
        .says("file=Caddyfile");
    project
        .seance(&["diff", "--format", "markdown"])
        .exits(2)
        .says("Caddyfile");
}

#[test]
fn against_a_revision_says_what_the_change_does() {
    let project = Project::generated();
    project.replace("seance.toml", "port = 3000", "port = 4000");
    project.commit();
    project
        .seance(&["diff", "--against", "HEAD~1"])
        .exits(2)
        .says("3000 -> 4000");
    project.seance(&["diff", "--against", "HEAD"]).exits(0);
    project.replace("seance.toml", "fra1", "ams3");
    project
        .seance(&["diff", "--against", "HEAD"])
        .exits(2)
        .says("fra1 -> ams3");
    project
        .seance(&["diff", "--against", "HEAD", "--exit-zero"])
        .exits(0);
}

#[test]
fn before_there_was_a_manifest_everything_is_new() {
    let project = Project::empty();
    project.write("README.md", "hello\n");
    project.commit();
    project.write("seance.toml", super::support::MANIFEST);
    project.seance(&["gen"]).exits(0);
    project.commit();
    project
        .seance(&["diff", "--against", "HEAD~1"])
        .exits(2)
        .says("`HEAD~1` has no seance.toml");
}

#[test]
fn a_manifest_that_was_invalid_then_makes_everything_new() {
    let project = Project::generated();
    project.replace("seance.toml", "fra1", "moon1");
    project.commit();
    project.replace("seance.toml", "moon1", "fra1");
    project
        .seance(&["diff", "--against", "HEAD"])
        .exits(2)
        .says("is not valid");
}

#[test]
fn a_revision_that_does_not_exist_is_an_error() {
    let project = Project::generated();
    for revision in ["nope", "HEAD~9", "--help", "main:seance.toml", ""] {
        let argument = format!("--against={revision}");
        project
            .seance(&["diff", &argument])
            .exits(1)
            .complains("error: ")
            .complains("help: ");
    }
    let outside = Project::outside_git();
    outside.write("seance.toml", super::support::MANIFEST);
    outside
        .seance(&["diff", "--against", "HEAD"])
        .exits(1)
        .complains("is not in a git repository");
}

#[test]
fn a_manifest_in_a_subfolder_is_found_in_the_revision() {
    let project = Project::empty();
    project.write("deploy/seance.toml", super::support::MANIFEST);
    project.seance(&["-C", "deploy", "gen"]).exits(0);
    project.commit();
    project.replace("deploy/seance.toml", "port = 3000", "port = 4000");
    project
        .seance(&["-C", "deploy", "diff", "--against", "HEAD"])
        .exits(2)
        .says("3000 -> 4000");
}

#[test]
fn colour_is_forced_refused_and_left_out_of_pipes() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    project.seance(&["diff"]).exits(2).never_says("\x1b");
    project
        .seance(&["--color", "always", "diff"])
        .exits(2)
        .says("\x1b[");
    project
        .seance(&["diff", "--color", "never"])
        .exits(2)
        .never_says("\x1b");
    project
        .seance(&["diff"])
        .env("NO_COLOR", "1")
        .exits(2)
        .never_says("\x1b");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let project = Project::new();
    for verb in [
        "diff",
        "check",
        "schema",
        "explain --defaults",
        "gen --stdout flake.nix",
    ] {
        let binary = env!("CARGO_BIN_EXE_seance");
        let output = Command::new("bash")
            .args([
                "-c",
                &format!("{binary} {verb} | true; echo ${{PIPESTATUS[0]}}"),
            ])
            .current_dir(project.path(""))
            .output()
            .unwrap();
        let code = String::from_utf8(output.stdout).unwrap();
        assert!(
            ["0\n", "2\n", "3\n"].contains(&code.as_str()),
            "{verb}: {code}"
        );
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{verb}");
    }
}
