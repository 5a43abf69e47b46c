//! Which manifest is read.

use super::support::{MANIFEST, Project};

#[test]
fn a_named_manifest_that_does_not_exist_is_never_replaced_by_another() {
    let project = Project::generated();
    for verb in ["check", "gen", "diff"] {
        project
            .seance(&[verb, "--manifest", "other.toml"])
            .exits(3)
            .complains("there is no `other.toml`");
    }
}

#[test]
fn a_named_manifest_may_have_another_name() {
    let project = Project::empty();
    project.write("deploy/blue.toml", MANIFEST);
    project
        .seance(&["gen", "--manifest", "deploy/blue.toml"])
        .exits(0);
    assert!(
        project.path("deploy/Caddyfile").exists(),
        "beside its manifest"
    );
    project.git(&["add", "--all"]);
    project
        .seance(&["check", "--manifest", "deploy/blue.toml"])
        .exits(0);
    project
        .seance(&["-C", "deploy", "--manifest", "blue.toml", "check"])
        .exits(0);
}

#[test]
fn the_nearest_manifest_upwards_is_found() {
    let project = Project::generated();
    project.write("a/b/file", "");
    project
        .seance(&["check"])
        .inside(project.path("a/b"))
        .exits(0);
    project.seance(&["-C", "a/b", "diff"]).exits(0);
    project.replace("seance.toml", "fra1", "ams3");
    project
        .seance(&["gen"])
        .inside(project.path("a/b"))
        .exits(0);
    assert!(project.read("terraform/terraform.tfvars").contains("ams3"));
    assert!(!project.path("a/b/terraform").exists());
}

#[test]
fn without_any_manifest_the_way_out_is_init() {
    let project = Project::empty();
    for verb in ["gen", "diff"] {
        let outcome = project.seance(&[verb]).exits(3);
        assert_eq!(outcome.command(), "seance init");
    }
}

#[test]
fn what_is_no_text_is_refused_with_its_line() {
    let project = Project::empty();
    project.write("seance.toml", b"version = 1\n# caf\xe9\n");
    for verb in ["check", "gen", "diff"] {
        project
            .seance(&[verb])
            .exits(3)
            .complains("is not UTF-8 text: see line 2");
    }
}

#[test]
fn an_empty_manifest_names_everything_that_is_missing() {
    let project = Project::empty();
    project.write("seance.toml", "");
    let outcome = project.seance(&["check"]).exits(3);
    for table in ["[project]", "[server]", "[dns]", "[domains]", "[services]"] {
        assert!(
            outcome.stdout.contains(&format!("`{table}` is missing")),
            "{table}"
        );
    }
}

#[test]
fn a_folder_is_no_manifest() {
    let project = Project::generated();
    project
        .seance(&["check", "--manifest", "nix"])
        .exits(3)
        .complains("`nix` is a folder")
        .complains("`nix/seance.toml`");
}

#[test]
fn a_link_to_a_manifest_is_read() {
    let project = Project::empty();
    project.write("real.toml", MANIFEST);
    std::os::unix::fs::symlink("real.toml", project.path("seance.toml")).unwrap();
    project.seance(&["gen"]).exits(0);
    assert!(project.path("Caddyfile").exists());
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read() {
    let project = Project::empty();
    let text = format!("\u{feff}{}", MANIFEST.replace('\n', "\r\n"));
    project.write("seance.toml", text);
    project.seance(&["gen"]).exits(0);
    project.git(&["add", "--all"]);
    project.seance(&["check"]).exits(0);
}
