//! `seance init`.

use super::support::{Outcome, Project};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq laptop";

/// Every flag that has no default in an empty folder, some replaced and some added.
fn flags<'a>(others: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    let mut flags = vec![
        ("--name", "my-app"),
        ("--repository", "https://github.com/example/app.git"),
        ("--zone", "example.org"),
        ("--command", "npm run start"),
        ("--ssh-key", KEY),
    ];
    for (flag, value) in others {
        flags.retain(|(known, _)| known != flag);
        flags.push((flag, value));
    }
    let words = flags.into_iter().flat_map(|(flag, value)| [flag, value]);
    ["init", "--yes"].into_iter().chain(words).collect()
}

#[track_caller]
fn refused(project: &Project, others: &[(&str, &str)]) -> Outcome {
    let outcome = project.seance(&flags(others)).exits(64);
    assert!(!project.path("seance.toml").exists(), "it was written");
    outcome
}

#[test]
fn the_flags_make_a_manifest_that_check_accepts() {
    let project = Project::empty();
    project
        .seance(&flags(&[
            ("--package", "nodejs_22"),
            ("--domain", "example.org"),
        ]))
        .exits(0)
        .complains("wrote `seance.toml`")
        .complains("run `seance gen`");
    let manifest = project.read("seance.toml");
    for line in [
        "name = \"my-app\"",
        "command = \"npm run start\"",
        "packages = [\"nodejs_22\"]",
        "app = \"example.org\"",
    ] {
        assert!(
            manifest.contains(&format!("{line}\n")),
            "{line}: {manifest}"
        );
    }
    project.seance(&["gen"]).exits(0);
    project.git(&["add", "--all"]);
    project
        .seance(&["check"])
        .exits(0)
        .says("add `prepare = \"npm ci\"` to `[services.app]`");
    project.replace(
        "seance.toml",
        "# prepare = \"npm ci\"",
        "prepare = \"npm ci\"",
    );
    project.seance(&["gen"]).exits(0);
    project
        .seance(&["check", "--strict"])
        .exits(0)
        .says("no findings");
}

/// What is commented out in the first manifest is right when a person takes the `#` away.
#[test]
fn every_comment_of_the_manifest_can_be_taken_at_its_word() {
    let project = Project::empty();
    project.seance(&flags(&[])).exits(0);
    for (comment, value) in [
        ("# branch = ", ""),
        ("# deploy_key = ", "git@github.com:example/app.git"),
        ("# email = ", ""),
        ("# ca = ", ""),
        ("# prepare = ", ""),
        ("# packages = ", ""),
    ] {
        let written = project.read("seance.toml");
        project.replace("seance.toml", comment, &comment[2..]);
        if !value.is_empty() {
            project.replace("seance.toml", "https://github.com/example/app.git", value);
        }
        project.seance(&["gen"]).exits(0).never_says("error");
        project.write("seance.toml", written);
    }
}

#[test]
fn all_missing_flags_are_named_at_once() {
    let outcome = Project::empty().seance(&["init", "--yes"]).exits(64);
    for flag in ["--repository", "--zone", "--command", "--ssh-key"] {
        assert!(outcome.stderr.contains(flag), "{flag}: {outcome:?}");
    }
    // Without a terminal nobody can be asked, with or without the flag.
    let outcome = Project::empty().seance(&["init"]).exits(64);
    assert!(outcome.stderr.contains("--zone"), "{outcome:?}");
}

#[test]
fn bad_values_are_refused_before_anything_is_written() {
    let project = Project::empty();
    for (flag, value, reason) in [
        ("--name", "My App", "--name: "),
        ("--repository", "example.org/x", "--repository: "),
        ("--region", "moon1", "--region: "),
        ("--size", "huge", "--size: "),
        ("--zone", "not a zone", "--zone: "),
        ("--domain", "https://example.org", "--domain: "),
        ("--command", " ", "--command: "),
        ("--port", "0", "--port: "),
        ("--package", "a b", "--package: "),
        ("--ssh-key", "ssh-ed25519 AAAA", "--ssh-key: "),
        ("--ssh-key", "/no/such.pub", "`/no/such.pub` cannot be read"),
        // Right by themselves, wrong together.
        (
            "--domain",
            "www.example.com",
            "is not in the zone `example.org`",
        ),
        ("--size", "s-1vcpu-1gb", "memory"),
    ] {
        refused(&project, &[(flag, value)])
            .complains(reason)
            .complains("help: ");
    }
}

#[test]
fn a_private_key_is_refused_and_not_shown() {
    let project = Project::empty();
    let body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz";
    let head = "-----BEGIN OPENSSH PRIVATE";
    project.write("id", format!("{head} KEY-----\n{body}\n"));
    let path = project.path("id").display().to_string();
    refused(&project, &[("--ssh-key", &path)])
        .complains("private key")
        .never_says(body);
}

#[test]
fn keys_at_hand_and_the_origin_are_taken() {
    let project = Project::empty();
    std::fs::create_dir(project.home().join(".ssh")).unwrap();
    std::fs::write(
        project.home().join(".ssh/id_ed25519.pub"),
        format!("{KEY}\n"),
    )
    .unwrap();
    project.git(&[
        "remote",
        "add",
        "origin",
        "https://github.com/example/found.git",
    ]);
    project
        .seance(&["init", "--yes", "--zone", "example.org", "--command", "run"])
        .exits(0);
    let manifest = project.read("seance.toml");
    assert!(manifest.contains(KEY), "{manifest}");
    assert!(manifest.contains("https://github.com/example/found.git"));
    assert!(manifest.contains("name = \"app\""), "the folder's name");
}

#[test]
fn a_key_may_be_given_as_a_file() {
    let project = Project::empty();
    std::fs::create_dir(project.home().join(".ssh")).unwrap();
    std::fs::write(project.home().join(".ssh/other.pub"), format!("{KEY}\n")).unwrap();
    project
        .seance(&flags(&[("--ssh-key", "~/.ssh/other.pub")]))
        .exits(0);
    assert!(project.read("seance.toml").contains(KEY));
}

#[test]
fn running_it_again_keeps_everything() {
    let project = Project::empty();
    project.write(".gitignore", "mine\n.devenv/");
    project.write("flake.nix", "{ outputs = _: { }; } # mine\n");
    project
        .seance(&flags(&[]))
        .exits(0)
        .complains("added 8 lines to `.gitignore`");
    let ignored = project.read(".gitignore");
    assert!(
        ignored.starts_with("mine\n.devenv/\n.direnv/\n"),
        "{ignored}"
    );
    assert_eq!(project.read("flake.nix"), "{ outputs = _: { }; } # mine\n");

    project.append("seance.toml", "# mine\n");
    let before = project.read("seance.toml");
    std::fs::remove_file(project.path("devenv.nix")).unwrap();
    project
        .seance(&flags(&[("--name", "other")]))
        .exits(0)
        .complains("`seance.toml` is there already and stays as it is")
        .complains("wrote `devenv.nix`")
        .never_says(".gitignore");
    assert_eq!(project.read("seance.toml"), before);
    assert_eq!(project.read(".gitignore"), ignored);
}
