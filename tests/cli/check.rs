//! `seance check`.

use super::support::Project;

#[test]
fn every_format_tells_of_the_same_finding() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    for (format, sign) in [
        ("human", "error[drift-edited]: "),
        ("json", "\"rule\": \"drift-edited\""),
        ("sarif", "\"ruleId\": \"drift-edited\""),
        ("github", "::error file=Caddyfile"),
        ("markdown", "drift-edited"),
    ] {
        project
            .seance(&["check", "--format", format])
            .exits(3)
            .says(sign);
        project
            .seance(&["check", "--format", format, "--exit-zero"])
            .exits(0)
            .says(sign);
    }
}

#[test]
fn json_names_the_server_and_counts() {
    let project = Project::generated();
    let document = project
        .seance(&["check", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(document["schema_version"], 1);
    assert_eq!(document["command"], "check");
    assert_eq!(document["server"], "example");
    assert_eq!(document["findings"], serde_json::json!([]));
    project.replace("seance.toml", "fra1", "moon1");
    let document = project
        .seance(&["check", "--format", "json"])
        .exits(3)
        .json();
    let finding = &document["findings"][0];
    assert_eq!(finding["file"], "seance.toml");
    assert_eq!(finding["origin"], "manifest");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&8.into(), &10.into())
    );
    assert_eq!(document["summary"]["errors"], 1);
}

#[test]
fn strict_counts_warnings_as_errors() {
    let project = Project::new();
    project.replace(
        "seance.toml",
        "\"s-2vcpu-2gb\"",
        "\"s-1vcpu-1gb\"\ninstall_size = \"s-2vcpu-2gb\"",
    );
    project.seance(&["gen"]).exits(0);
    project.commit();
    project
        .seance(&["check"])
        .exits(0)
        .says("warning[ram-eval-on-target]");
    project.seance(&["check", "--strict"]).exits(3);
    project
        .seance(&["check", "--strict", "--exit-zero"])
        .exits(0);
}

#[test]
fn an_allowed_rule_is_silent() {
    let project = Project::generated();
    project.append("Caddyfile", "# mine\n");
    project.append(
        "seance.toml",
        "[check.allow]\ndrift-edited = \"on purpose\"\n",
    );
    project.seance(&["check"]).exits(0).says("no findings");
}

#[test]
fn tfvars_in_gitignore_are_found_and_the_printed_command_ends_it() {
    let project = Project::new();
    project.write(".gitignore", "*.tfvars\n");
    project.seance(&["gen"]).exits(0);
    project.git(&["add", "--all"]);
    let found = project
        .seance(&["check"])
        .exits(3)
        .says("error[git-ignored]")
        .says("line 1 of `.gitignore`: `*.tfvars`")
        .says("1 error");
    project.paste(&found.command());
    project.seance(&["check"]).exits(0).says("no findings");
}

#[test]
fn the_printed_command_makes_untracked_files_known() {
    let project = Project::new();
    project.seance(&["gen"]).exits(0);
    let found = project
        .seance(&["check"])
        .exits(3)
        .says("error[git-untracked]");
    project.paste(&found.command());
    project.seance(&["check"]).exits(0);
}

#[test]
fn the_printed_command_works_from_another_folder() {
    let project = Project::empty();
    project.write("deploy dir/seance.toml", super::support::MANIFEST);
    project.seance(&["-C", "deploy dir", "gen"]).exits(0);
    let found = project.seance(&["check", "deploy dir"]).exits(3);
    project.paste(&found.command());
    project.seance(&["check", "deploy dir"]).exits(0);
}

#[test]
fn outside_git_it_says_what_it_did_not_check() {
    let project = Project::outside_git();
    project.write("seance.toml", super::support::MANIFEST);
    project.seance(&["gen"]).exits(0);
    project
        .seance(&["check"])
        .exits(0)
        .says("not in a git repository");
    project
        .seance(&["check", "--quiet"])
        .exits(0)
        .never_says("not in a git repository");
}

#[test]
fn without_a_manifest_the_hand_written_files_are_checked() {
    let project = Project::empty();
    project.write("hosts/a.nix", "{ a = 1; a = 2; }\n");
    project.write("node_modules/x.nix", "broken (\n");
    project
        .seance(&["check"])
        .exits(3)
        .says("nix-duplicate-attribute")
        .says("one hand-written file only")
        .never_says("node_modules");
    project
        .seance(&["check", "hosts"])
        .exits(3)
        .says("a.nix:1:10");
    let empty = Project::empty();
    empty.seance(&["check"]).exits(3).complains("seance init");
}

#[test]
fn an_unwired_flake_is_found() {
    let project = Project::generated();
    project.write("flake.nix", "{ outputs = _: { }; }\n");
    project
        .seance(&["check"])
        .exits(3)
        .says("error[wiring-flake]");
    std::fs::remove_file(project.path("devenv.nix")).unwrap();
    let found = project
        .seance(&["check"])
        .exits(3)
        .says("`devenv.nix` is missing");
    assert!(found.stdout.contains("run `seance gen`"));
}

#[test]
fn bytes_that_are_not_utf_8_hide_nothing() {
    let project = Project::generated();
    project.write("nix/comment.nix", b"{ } # caf\xe9\n");
    project.write("nix/broken.nix", b"{ a = \xff; }\n");
    project.git(&["add", "--all"]);
    project
        .seance(&["check"])
        .exits(3)
        .says("nix/broken.nix:1:7")
        .never_says("comment.nix");
    // A generated file that is not text any more is an edit like any other.
    let project = Project::generated();
    project.write("Caddyfile", b"\xff\xfe");
    project.seance(&["check"]).exits(3).says("Caddyfile");
    project.seance(&["diff"]).exits(2).says("Caddyfile");
    project.seance(&["gen"]).exits(4);
}

#[test]
fn links_and_folders_beside_the_files_do_not_stop_it() {
    let project = Project::generated();
    std::os::unix::fs::symlink("/etc/passwd", project.path("nix/outside.nix")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.path("nix/broken.nix")).unwrap();
    std::fs::create_dir(project.path("nix/folder.nix")).unwrap();
    project.seance(&["check"]).exits(0);
    // A link inside the project is read as what it leads to.
    project.write("elsewhere/mine.nix", "{ a = 1; a = 2; }\n");
    std::os::unix::fs::symlink("../elsewhere/mine.nix", project.path("nix/mine.nix")).unwrap();
    project.git(&["add", "--all"]);
    project
        .seance(&["check"])
        .exits(3)
        .says("nix-duplicate-attribute");
}

#[test]
fn verbose_lists_what_was_looked_at() {
    let project = Project::generated();
    project
        .seance(&["check", "--verbose"])
        .exits(0)
        .says("looked at ")
        .says("nix/extra.nix");
}

#[test]
fn reads_leave_nothing_behind() {
    let project = Project::new();
    project.seance(&["check"]).exits(3);
    project.seance(&["diff"]).exits(2);
    let names: Vec<_> = std::fs::read_dir(project.path("")).unwrap().collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_secret_in_tfvars_is_a_fault_once_git_holds_the_file() {
    let project = Project::empty();
    let token = format!("dop_v1_{}", "0123456789abcdef".repeat(4));
    project.write(
        "main.tf",
        "# Installed by nixos-anywhere.\nresource \"digitalocean_droplet\" \"web\" {\n  name = \"web\"\n  image = \"ubuntu-24-04-x64\"\n  region = \"fra1\"\n  size = \"s-2vcpu-4gb\"\n  ssh_keys = [123456]\n  lifecycle {\n    \
         prevent_destroy = true\n  }\n}\n",
    );
    project.write("terraform.tfvars", format!("do_token = \"{token}\"\n"));
    project.seance(&["check"]).exits(0);
    project.git(&["add", "--all"]);
    project
        .seance(&["check"])
        .exits(3)
        .says("tofu-secrets-in-tfvars-or-state")
        .never_says(&token);
}

#[test]
fn a_folder_within_a_project_is_told_whose_it_is() {
    let project = Project::generated();
    project
        .seance(&["check", "nix", "--exit-zero"])
        .exits(0)
        .says("the whole project of `../seance.toml`");
    project
        .seance(&["check", "--exit-zero"])
        .exits(0)
        .never_says("the whole project of");
}
