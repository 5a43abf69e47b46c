//! What a person reads, whole, at 100 columns and without colour.

use super::support::Project;

/// Both streams of a run.
fn output(project: &Project, arguments: &[&str], code: i32) -> String {
    let outcome = project.seance(arguments).exits(code);
    format!(
        "$ seance {}\n{}--- stderr\n{}--- exit code {code}\n",
        arguments.join(" "),
        outcome.stdout,
        outcome.stderr
    )
}

#[test]
fn several_mistakes_in_one_manifest() {
    let project = Project::new();
    project.replace("seance.toml", "\"fra1\"", "\"frankfurt\"");
    project.replace("seance.toml", "s-2vcpu-2gb", "s-2vcpu-2g");
    project.replace(
        "seance.toml",
        "domains = [\"web\"]",
        "domains = [\"wbe\"]\nproxied = true",
    );
    insta::assert_snapshot!(output(&project, &["check"], 3));
}

#[test]
fn a_manifest_that_is_not_toml() {
    let project = Project::new();
    project.replace("seance.toml", "region = \"fra1\"", "region = fra1");
    insta::assert_snapshot!(output(&project, &["gen"], 3));
}

#[test]
fn a_secret_in_the_manifest() {
    let project = Project::new();
    let token = format!("dop_v1_{}", "0123456789abcdef".repeat(4));
    project.append(
        "seance.toml",
        &format!("[services.web.env]\nTOKEN = \"{token}\"\n"),
    );
    let output = output(&project, &["check"], 3);
    assert!(!output.contains(&token), "{output}");
    insta::assert_snapshot!(output);
}

#[test]
fn a_droplet_that_is_too_small() {
    let project = Project::new();
    project.replace("seance.toml", "s-2vcpu-2gb", "s-1vcpu-1gb");
    insta::assert_snapshot!(output(&project, &["gen"], 3));
}

#[test]
fn a_first_check_before_anything_is_generated() {
    let project = Project::new();
    insta::assert_snapshot!(output(&project, &["check"], 3));
}

#[test]
fn files_that_git_does_not_know() {
    let project = Project::new();
    project.seance(&["gen"]).exits(0);
    insta::assert_snapshot!(output(&project, &["check"], 3));
}

#[test]
fn a_generation_that_would_lose_an_edit() {
    let project = Project::generated();
    project.replace("Caddyfile", "grace_period 10s", "grace_period 30s");
    insta::assert_snapshot!(output(&project, &["gen"], 4));
}

#[test]
fn a_merge_that_leaves_an_edit() {
    let project = Project::generated();
    project.replace("Caddyfile", "grace_period 10s", "grace_period 30s");
    insta::assert_snapshot!(output(&project, &["gen", "--merge"], 0));
}

#[test]
fn files_in_every_state() {
    let project = Project::new();
    project.append("seance.toml", "[state]\nencrypt = true\n");
    project.seance(&["gen"]).exits(0);
    project.replace("seance.toml", "encrypt = true", "encrypt = false");
    project.replace("seance.toml", "\"fra1\"", "\"ams3\"");
    project.append("Caddyfile", "# mine\n");
    project.write("nix/deployment.nix", "{ }\n");
    std::fs::remove_file(project.path("terraform/outputs.tf")).unwrap();
    project.commit();
    insta::assert_snapshot!(output(&project, &["check"], 3));
}

#[test]
fn a_broken_hand_written_file() {
    let project = Project::generated();
    project.write(
        "nix/extra.nix",
        "{ pkgs, ... }:\n{\n  environment.systemPackages = [ pkgs.htop lib.x ]\n}\n",
    );
    project.write(
        "devenv.nix",
        "{ pkgs, ... }: { packages = [ lib.hello ]; }\n",
    );
    insta::assert_snapshot!(output(&project, &["check"], 3));
}

#[test]
fn a_change_that_replaces_the_server() {
    let project = Project::generated();
    project.replace("seance.toml", "\"fra1\"", "\"ams3\"");
    insta::assert_snapshot!(output(&project, &["diff", "--against", "HEAD"], 2));
}

#[test]
fn no_manifest_anywhere() {
    let project = Project::empty();
    let first = output(&project, &["gen"], 3);
    let second = output(&project, &["init", "--yes"], 64);
    insta::assert_snapshot!(first + &second);
}
