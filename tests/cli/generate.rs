//! `seance gen`.

use super::support::Project;

#[test]
fn the_first_one_writes_everything_and_the_second_nothing() {
    let project = Project::new();
    let outcome = project.seance(&["gen"]).exits(0);
    assert_eq!(outcome.stdout, "");
    for line in [
        "created Caddyfile",
        "wrote flake.nix, which is yours from now on",
    ] {
        assert!(outcome.stderr.contains(line), "{outcome:?}");
    }
    let outcome = project.seance(&["gen"]).exits(0);
    assert_eq!(outcome.stderr, "everything is up to date\n");
    let outcome = project.seance(&["gen", "--quiet"]).exits(0);
    assert_eq!(outcome.stderr, "");
    project.seance(&["gen", "--check"]).exits(0);
}

#[test]
fn check_writes_nothing() {
    let project = Project::new();
    let outcome = project.seance(&["gen", "--check"]).exits(2);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", ""));
    assert!(!project.path("Caddyfile").exists());
    assert!(!project.path(".seance").exists());
}

#[test]
fn stdout_prints_one_file_as_it_would_be_written() {
    let project = Project::generated();
    for path in [
        "Caddyfile",
        "nix/service.nix",
        "terraform/main.tf",
        "flake.nix",
    ] {
        let outcome = project.seance(&["gen", "--stdout", path]).exits(0);
        assert_eq!(outcome.stdout, project.read(path), "{path}");
    }
    project
        .seance(&["gen", "--stdout", "nix/servic.nix"])
        .exits(64)
        .complains("help: run `seance gen --stdout nix/service.nix`");
}

#[test]
fn an_edit_is_refused_and_force_keeps_its_text() {
    let project = Project::generated();
    project.append("nix/disko-config.nix", "# mine\n");
    let refused = project
        .seance(&["gen"])
        .exits(4)
        .says("-# mine")
        .complains("nothing was written");
    assert_eq!(refused.command(), "seance gen --merge");
    let forced = project.seance(&["gen", "--force"]).exits(0);
    let (_, copy) = forced.stderr.trim().rsplit_once(" as ").unwrap();
    assert!(project.read(copy).ends_with("# mine\n"));
    assert!(!project.read("nix/disko-config.nix").contains("mine"));
    project.seance(&["check"]).exits(0);
}

#[test]
fn one_edited_file_keeps_all_files_from_being_written() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    project.replace("seance.toml", "port = 3000", "port = 4000");
    let before = project.read("nix/devenv-profiles.nix");
    project.seance(&["gen"]).exits(4);
    assert_eq!(project.read("nix/devenv-profiles.nix"), before);
}

#[test]
fn merge_keeps_the_edit_and_says_that_it_is_still_one() {
    let project = Project::generated();
    project.replace("nix/disko-config.nix", "\"1G\"", "\"2G\"");
    project.replace(
        "seance.toml",
        "[server]",
        "[server.disk]\nswap = \"4G\"\n[server]",
    );
    project
        .seance(&["gen", "--merge"])
        .exits(0)
        .complains("merged nix/disko-config.nix")
        .complains("holds a hand edit");
    let merged = project.read("nix/disko-config.nix");
    assert!(
        merged.contains("\"2G\"") && merged.contains("\"4G\""),
        "{merged}"
    );
    // The way out that `check` shows does not lead back here.
    project
        .seance(&["check"])
        .exits(3)
        .says("drift-edited")
        .says("seance gen --force")
        .never_says("--merge");
}

#[test]
fn a_conflict_is_refused() {
    let project = Project::generated();
    project.replace("nix/disko-config.nix", "size = \"2G\"", "size = \"3G\"");
    project.replace(
        "seance.toml",
        "[server]",
        "[server.disk]\nswap = \"4G\"\n[server]",
    );
    project.seance(&["gen", "--merge"]).exits(4);
    assert!(project.read("nix/disko-config.nix").contains("\"3G\""));
}

#[test]
fn a_foreign_file_is_refused_with_the_one_command() {
    let project = Project::new();
    project.write("nix/service.nix", "{ }\n");
    let refused = project.seance(&["gen"]).exits(4);
    assert_eq!(refused.command(), "seance gen --force");
    assert!(!project.path("Caddyfile").exists());
    project.seance(&["gen", "--force"]).exits(0);
    assert_eq!(project.read(".seance/kept/nix/service.nix.1"), "{ }\n");
}

#[test]
fn what_is_no_longer_an_output_is_removed() {
    let project = Project::new();
    project.append("seance.toml", "[state]\nencrypt = true\n");
    project
        .seance(&["gen"])
        .exits(0)
        .complains("created terraform/encryption.tofu");
    project.replace("seance.toml", "encrypt = true", "encrypt = false");
    project.seance(&["check"]).exits(3).says("drift-orphan");
    project
        .seance(&["gen"])
        .exits(0)
        .complains("removed terraform/encryption.tofu, which is no longer generated");
    assert!(!project.path("terraform/encryption.tofu").exists());
}

#[test]
fn a_skipped_file_is_left_alone() {
    let project = Project::generated();
    project.write("Caddyfile", "mine\n");
    project.append("seance.toml", "[generate]\nskip = [\"Caddyfile\"]\n");
    project.seance(&["gen"]).exits(0);
    assert_eq!(project.read("Caddyfile"), "mine\n");
    // It is judged like any other file that a person wrote: it has no site.
    project
        .seance(&["check"])
        .exits(3)
        .says("caddy-site-missing")
        .never_says("drift-");
}

#[test]
fn doubts_are_shown_and_do_not_stop_it() {
    let project = Project::new();
    project.replace(
        "seance.toml",
        "\"s-2vcpu-2gb\"",
        "\"s-1vcpu-1gb\"\ninstall_size = \"s-2vcpu-2gb\"",
    );
    project
        .seance(&["gen"])
        .exits(0)
        .complains("warning[ram-eval-on-target]");
    project
        .seance(&["gen", "--quiet"])
        .exits(0)
        .never_says("ram-eval");
}

#[test]
fn links_are_neither_followed_nor_replaced() {
    let project = Project::generated();
    std::fs::remove_file(project.path("Caddyfile")).unwrap();
    std::os::unix::fs::symlink("seance.toml", project.path("Caddyfile")).unwrap();
    let before = project.read("seance.toml");
    project
        .seance(&["gen", "--force"])
        .exits(1)
        .complains("symbolic link");
    assert_eq!(project.read("seance.toml"), before);
}
