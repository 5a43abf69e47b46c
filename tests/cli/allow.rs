//! `[check] allow`: what silences nothing is reported.

use super::support::Project;

#[test]
fn an_allowance_that_silences_nothing_is_reported_and_removed() {
    let project = Project::generated();
    project.append(
        "seance.toml",
        "[check.allow]\ntofu-install-hangs = \"travelling\"\nservice-port-env = \"old\"\n",
    );
    project
        .seance(&["check"])
        .exits(0)
        .says("warning[allow-unused]: `service-port-env` is allowed, and nothing is found");
    project.seance(&["check", "--strict"]).exits(3);
    project
        .seance(&["check", "--fix"])
        .exits(0)
        .says("-service-port-env = \"old\"\n");
    assert!(project.read("seance.toml").ends_with("\"travelling\"\n"));
}

#[test]
fn nothing_is_called_unused_that_could_not_be_looked_at() {
    let project = Project::outside_git();
    project.write("seance.toml", super::support::MANIFEST);
    project.append(
        "seance.toml",
        "[check.allow]\ngit-ignored = \"a\"\nssh-passphrase-key = \"b\"\n",
    );
    project.seance(&["gen"]).exits(0);
    project
        .seance(&["check"])
        .exits(0)
        .never_says("allow-unused");
    // Nor beside an error, after which nothing else is looked at.
    project.replace("seance.toml", "git-ignored", "service-port-env");
    project.replace("seance.toml", "\"fra1\"", "\"moon1\"");
    project
        .seance(&["check"])
        .exits(3)
        .never_says("allow-unused");
    // Within a repository the first one is unused, unless that is allowed as well.
    project.replace("seance.toml", "\"moon1\"", "\"fra1\"");
    project.append("seance.toml", "allow-unused = \"later\"\n");
    project
        .seance(&["check"])
        .exits(0)
        .never_says("allow-unused");
}
