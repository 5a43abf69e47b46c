//! `check --fix`.

use super::support::Project;

#[test]
fn mistakes_of_the_manifest_are_mended_and_nothing_else_is_touched() {
    let project = Project::generated();
    project.replace("seance.toml", "\"fra1\"", "\"frankfurt\" # near us");
    project.replace("seance.toml", "size = ", "sise= ");
    project.replace("seance.toml", "http = 80", "http = \"80\"");
    let outcome = project.seance(&["check", "--fix"]).exits(0);
    outcome
        .says("fixed: seance.toml (3 edits)\n--- a/seance.toml\n+++ b/seance.toml\n")
        .says("-region = \"frankfurt\" # near us\n")
        .says("+region = \"fra1\" # near us\n")
        .says("+size= \"s-2vcpu-2gb\"")
        .says("\nno findings\n");
    let text = project.read("seance.toml");
    assert!(text.contains("http = 80\n"), "{text}");
    // A second run finds nothing to do.
    project
        .seance(&["check", "--fix"])
        .exits(0)
        .never_says("fixed");
    assert_eq!(project.read("seance.toml"), text);
    assert_eq!(project.git(&["status", "--porcelain"]), " M seance.toml\n");
}

#[test]
fn what_remains_decides_the_exit_code() {
    let project = Project::generated();
    project.replace("seance.toml", "\"fra1\"", "\"Frankfurt\"");
    project.replace("seance.toml", "port = 3000", "port = 80");
    let outcome = project.seance(&["check", "--fix"]).exits(3);
    outcome
        .says("+region = \"fra1\"")
        .says("error[service-port-reserved]")
        .never_says("not a known region");
    // A place is not guessed: several regions are as near.
    project.replace("seance.toml", "\"fra1\"", "\"nyc4\"");
    project
        .seance(&["check", "--fix"])
        .exits(3)
        .says("write `nyc1`, or another of")
        .never_says("fixed");
}

#[test]
fn a_report_for_a_program_stays_one() {
    let project = Project::generated();
    project.replace("seance.toml", "\"fra1\"", "\"FRA1\"");
    let outcome = project
        .seance(&["check", "--fix", "--format", "json"])
        .exits(0)
        .complains("+region = \"fra1\"");
    assert_eq!(outcome.json()["findings"], serde_json::json!([]));
}

#[test]
fn generated_files_and_links_are_never_edited() {
    let project = Project::generated();
    project.replace("seance.toml", "\"fra1\"", "\"FRA1\"");
    let manifest = project.read("seance.toml");
    std::fs::rename(project.path("seance.toml"), project.path("real.toml")).unwrap();
    std::os::unix::fs::symlink("real.toml", project.path("seance.toml")).unwrap();
    project
        .seance(&["check", "--fix"])
        .exits(3)
        .says("`seance.toml` was not fixed, because it is a symbolic link")
        .never_says("fixed:");
    assert_eq!(project.read("real.toml"), manifest);
}

#[test]
fn an_interrupted_generation_comes_first() {
    let project = Project::generated();
    project.replace("seance.toml", "\"fra1\"", "\"FRA1\"");
    project.write(".seance/journal.json", "{\"steps\":[]}");
    project
        .seance(&["check", "--fix"])
        .exits(1)
        .complains("an earlier `seance gen` was interrupted")
        .complains("run `seance gen`");
    assert!(project.read("seance.toml").contains("FRA1"));
}

#[test]
fn files_that_people_wrote_are_mended_without_a_manifest() {
    let project = Project::empty();
    project.write(
        "configuration.nix",
        include_str!("../data/options/faulty.nix"),
    );
    let before = project.read("configuration.nix");
    project
        .seance(&["check", "--fix"])
        .exits(0)
        .says("fixed: configuration.nix (")
        .says("-    enable = \"true\";\n+    enable = true;\n")
        .says("advice[option-removed]");
    let after = project.read("configuration.nix");
    // Another release may not have a new name yet, and what was meant is not always plain.
    for kept in [
        "passwordAuthentication",
        "logRefusedConnections = 0",
        "\"git\"",
    ] {
        assert!(after.contains(kept), "{after}");
    }
    assert_eq!(after.lines().count(), before.lines().count());
    project
        .seance(&["check", "--fix"])
        .exits(0)
        .never_says("fixed");
    assert_eq!(project.read("configuration.nix"), after);
    let known = project.git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(known, "?? configuration.nix\n");
}
