//! Git visibility against real repositories.

use std::fs;
use std::path::Path;
use std::process::Command;

use seance::finding::Severity;
use seance::git::{self, GitError, Tracked, Visibility};

/// A work tree with `deploy/` as the manifest's folder.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().expect("a temporary folder"));
        repository.git(".", &["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn root(&self) -> std::path::PathBuf {
        self.path("deploy")
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
        self
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        git_in(&self.path(folder), arguments)
    }

    fn commit(&self, message: &str) -> String {
        self.git(".", &["commit", "--quiet", "--all", "--message", message]);
        self.git(".", &["rev-parse", "HEAD"]).trim().to_owned()
    }

    fn known(&self, path: &str) -> Option<Tracked> {
        known(&self.root(), path)
    }
}

fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    let output = command
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

fn known(root: &Path, path: &str) -> Option<Tracked> {
    match git::visibility(root, &[path]).expect("git answers") {
        Visibility::Inside(files) => files.into_iter().next().map(|(_, tracked)| tracked),
        Visibility::OutsideRepository => panic!("{} is inside", root.display()),
    }
}

/// Runs the command that a finding's help quotes, in a shell, as a person would.
fn follow(help: &str, folder: &Path) {
    let command = help.split('`').nth(1).expect("a command in backticks");
    let status = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .status();
    assert!(status.expect("a shell").success(), "{command}");
}

#[test]
fn the_guides_gitignore_hides_tfvars_and_one_command_ends_it() {
    let repository = Repository::new();
    let paths = [
        "nix/seance.nix",
        "terraform/terraform.tfvars",
        "terraform/seance_override.tf",
        "terraform/.terraform.lock.hcl",
        "terraform/missing.tf",
    ];
    repository
        .write(
            ".gitignore",
            "# secrets\n*.tfvars\n*_override.tf\n.terraform.lock.hcl\n",
        )
        .write("deploy/nix/seance.nix", "{ }\n")
        .write("deploy/terraform/terraform.tfvars", "region = \"sfo3\"\n")
        .write(
            "deploy/terraform/seance_override.tf",
            "# hidden on purpose\n",
        )
        .write("deploy/terraform/.terraform.lock.hcl", "# locked\n");
    repository.git(".", &["add", ".gitignore", "deploy/nix"]);
    let look = || {
        let visibility = git::visibility(&repository.root(), &paths).expect("git answers");
        git::findings(&visibility, "")
    };

    let findings = look();
    let ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(ids, ["git-ignored", "lock-file-ignored"]);
    assert_eq!(findings[0].severity, Severity::Error);
    assert_eq!(
        findings[0].message,
        "git ignores `terraform/terraform.tfvars` (line 2 of `../.gitignore`: \
         `*.tfvars`), so a flake and a fresh clone lack it"
    );
    assert_eq!(
        findings[0].help,
        "run `git add --force --intent-to-add terraform/terraform.tfvars`"
    );
    assert_eq!(findings[1].severity, Severity::Warning);

    for finding in &findings {
        follow(&finding.help, &repository.root());
    }
    assert!(look().is_empty());
    assert_eq!(
        repository.known("terraform/terraform.tfvars"),
        Some(Tracked::IntentToAdd)
    );
}

#[test]
fn one_command_makes_all_untracked_files_visible() {
    let repository = Repository::new();
    let paths = [
        "nix/a.nix",
        "nix/b c.nix",
        "nix/d.nix",
        "Caddyfile",
        "flake.lock",
    ];
    for path in paths {
        repository.write(&format!("deploy/{path}"), "text\n");
    }
    let look = |folder| {
        let visibility = git::visibility(&repository.root(), &paths).expect("git answers");
        git::findings(&visibility, folder)
    };
    let findings = look("");
    assert_eq!(findings.len(), 1, "lock files are their tool's business");
    assert_eq!(findings[0].rule.id, "git-untracked");
    assert_eq!(
        findings[0].message,
        "git does not track 4 files of the deployment, so a flake does not see them: \
         `nix/a.nix`, `nix/b c.nix`, `nix/d.nix` and 1 more"
    );
    assert_eq!(
        findings[0].help,
        "run `git add --intent-to-add nix/a.nix 'nix/b c.nix' nix/d.nix Caddyfile`"
    );

    follow(&look("deploy")[0].help, repository.0.path());
    assert!(look("").is_empty());
}

#[test]
fn every_kind_of_entry_is_told_apart() {
    let repository = Repository::new();
    repository
        .write("deploy/.gitignore", "hidden/\n")
        .write("deploy/committed.nix", "1")
        .write("deploy/staged.nix", "2")
        .write("deploy/sparse.nix", "3")
        .write("deploy/-dash [x]*.nix", "4")
        .write("deploy/hidden/deep/file.nix", "5")
        .write("deploy/new.nix", "6");
    repository.git("deploy", &["add", "committed.nix", "sparse.nix"]);
    repository.commit("first");
    repository.git("deploy", &["add", "staged.nix", "--", "-dash [x]*.nix"]);
    repository.git("deploy", &["update-index", "--skip-worktree", "sparse.nix"]);

    for tracked in [
        "committed.nix",
        "staged.nix",
        "sparse.nix",
        "-dash [x]*.nix",
    ] {
        assert_eq!(
            repository.known(tracked),
            Some(Tracked::Tracked),
            "{tracked}"
        );
    }
    assert_eq!(repository.known("new.nix"), Some(Tracked::Untracked));
    assert_eq!(repository.known("missing.nix"), None);
    let Some(Tracked::Ignored(Some(ignored))) = repository.known("hidden/deep/file.nix") else {
        panic!("a file below an ignored folder is ignored");
    };
    assert_eq!(
        (
            ignored.source.as_str(),
            ignored.line,
            ignored.pattern.as_str()
        ),
        (".gitignore", 1, "hidden/")
    );
}

#[test]
fn nested_repositories_and_links_are_not_ours() {
    let repository = Repository::new();
    repository
        .write("deploy/nested/nix/a.nix", "1")
        .write("deploy/real/a.nix", "1");
    git_in(&repository.path("deploy/nested"), &["init", "--quiet"]);
    assert_eq!(
        repository.known("nested/nix/a.nix"),
        Some(Tracked::Elsewhere)
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("real", repository.path("deploy/link")).expect("a link");
        assert_eq!(repository.known("link/a.nix"), Some(Tracked::Elsewhere));
    }
}

#[test]
fn worktrees_and_submodules_are_inside() {
    let repository = Repository::new();
    repository.write("deploy/a.nix", "1");
    repository.git(".", &["add", "."]);
    repository.commit("first");
    let other = tempfile::tempdir().expect("a temporary folder");
    let worktree = other.path().join("worktree");
    let name = worktree.to_str().expect("a UTF-8 path");
    repository.git(".", &["worktree", "add", "--quiet", name]);
    assert_eq!(
        known(&worktree.join("deploy"), "a.nix"),
        Some(Tracked::Tracked)
    );

    let outer = Repository::new();
    let inner = repository.0.path().to_str().expect("a UTF-8 path");
    outer.git(".", &["submodule", "--quiet", "add", inner, "sub"]);
    outer.write("sub/deploy/b.nix", "2");
    assert_eq!(
        known(&outer.path("sub/deploy"), "a.nix"),
        Some(Tracked::Tracked)
    );
    assert_eq!(
        known(&outer.path("sub/deploy"), "b.nix"),
        Some(Tracked::Untracked)
    );
}

#[test]
fn outside_a_repository_the_rules_are_silent_and_say_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a.nix"), "1").expect("a file");
    for _ in 0..2 {
        let visibility = git::visibility(folder.path(), &["a.nix"]).expect("an answer");
        assert_eq!(visibility, Visibility::OutsideRepository);
        assert!(git::findings(&visibility, "").is_empty());
        assert!(git::rules::silence(&visibility).is_some());
        // The second round: a `.git` that is no repository.
        fs::create_dir_all(folder.path().join(".git")).expect("a folder");
    }
}

/// The tests below run this very program again, because the environment of a process is shared
/// by all of its tests.
fn again(test: &str, folder: &Path, prepare: &dyn Fn(&mut Command)) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("SEANCE_TEST_FOLDER", folder);
    prepare(&mut command);
    let output = command.output().expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}

#[test]
#[ignore = "the child of other tests"]
fn child_prints_what_git_knows() {
    let folder = std::env::var_os("SEANCE_TEST_FOLDER").expect("set by the parent");
    let folder = Path::new(&folder);
    println!("KNOWN {:?}", git::visibility(folder, &["generated.nix"]));
}

#[test]
fn a_partial_commit_in_a_hook_does_not_hide_the_real_index() {
    let repository = Repository::new();
    repository
        .write("deploy/seance.toml", "version = 1\n")
        .write("deploy/generated.nix", "{ }\n");
    repository.git(".", &["add", "deploy/seance.toml"]);
    repository.commit("first");
    repository.git("deploy", &["add", "--intent-to-add", "generated.nix"]);
    // What git exports to `pre-commit` during `git commit seance.toml`: an index of that commit.
    let partial = repository.path(".git/next-index-1.lock");
    let read_tree = Command::new("git")
        .args(["read-tree", "HEAD"])
        .env("GIT_INDEX_FILE", &partial)
        .current_dir(repository.0.path())
        .status();
    assert!(read_tree.expect("git runs").success());
    let text = again(
        "child_prints_what_git_knows",
        &repository.root(),
        &|command| {
            command
                .env("GIT_INDEX_FILE", &partial)
                .env("GIT_DIR", ".git")
                .env("GIT_PREFIX", "deploy/");
        },
    );
    assert!(text.contains("(\"generated.nix\", IntentToAdd)"), "{text}");
}

#[test]
fn a_real_pre_commit_hook_sees_the_same_as_the_person() {
    let repository = Repository::new();
    repository
        .write("deploy/seance.toml", "version = 1\n")
        .write("deploy/generated.nix", "{ }\n");
    repository.git(".", &["add", "deploy/seance.toml"]);
    repository.commit("first");
    repository.git("deploy", &["add", "generated.nix"]);
    let program = std::env::current_exe().expect("this program");
    let log = repository.path("hook.log");
    repository.write(
        ".git/hooks/pre-commit",
        &format!(
            "#!/bin/sh\nSEANCE_TEST_FOLDER='{}' '{}' --exact child_prints_what_git_knows --ignored \
             --nocapture > '{}'\n",
            repository.root().display(),
            program.display(),
            log.display()
        ),
    );
    make_executable(&repository.path(".git/hooks/pre-commit"));
    repository.write("deploy/seance.toml", "version = 1\n# changed\n");
    repository.git(
        "deploy",
        &["commit", "--quiet", "--message", "partial", "seance.toml"],
    );
    let text = fs::read_to_string(log).expect("the hook ran");
    assert!(text.contains("(\"generated.nix\", Tracked)"), "{text}");
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
}

#[cfg(not(unix))]
fn make_executable(_: &Path) {}

#[test]
fn without_git_the_error_says_so() {
    let repository = Repository::new();
    repository.write("deploy/generated.nix", "{ }\n");
    let empty = tempfile::tempdir().expect("a temporary folder");
    let text = again(
        "child_prints_what_git_knows",
        &repository.root(),
        &|command| {
            command.env("PATH", empty.path());
        },
    );
    assert!(text.contains("KNOWN Err(Missing)"), "{text}");
}

#[test]
fn a_repository_of_another_user_is_an_error_with_the_command() {
    let repository = Repository::new();
    repository.write("deploy/generated.nix", "{ }\n");
    // Git's own switch for its tests: believe that someone else owns the repository.
    let text = again(
        "child_prints_what_git_knows",
        &repository.root(),
        &|command| {
            command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
            command.env("GIT_CONFIG_GLOBAL", "/dev/null");
            command.env("GIT_CONFIG_SYSTEM", "/dev/null");
        },
    );
    assert!(text.contains("KNOWN Err(Untrusted"), "{text}");
    let error = GitError::Untrusted {
        folder: "/srv/my repo".into(),
    };
    assert_eq!(
        error.help(),
        "run `git config --global --add safe.directory '/srv/my repo'` if you trust it"
    );
}

#[test]
fn old_versions_are_read_from_a_subfolder() {
    let repository = Repository::new();
    repository
        .write("seance.toml", "root")
        .write("deploy/seance.toml", "one\n");
    repository.git(".", &["add", "."]);
    let first = repository.commit("first");
    repository.git(".", &["tag", "v1.0"]);
    repository
        .write("deploy/seance.toml", "two\n")
        .write("deploy/new.nix", "new");
    repository.git(".", &["add", "."]);
    repository.commit("second");
    let show = |revision: &str, path: &str| git::show(&repository.root(), revision, path);

    assert_eq!(
        show(&first, "seance.toml").expect("text").as_deref(),
        Some("one\n")
    );
    assert_eq!(
        show("v1.0", "seance.toml").expect("text").as_deref(),
        Some("one\n")
    );
    assert_eq!(
        show("HEAD", "seance.toml").expect("text").as_deref(),
        Some("two\n")
    );
    assert_eq!(show("HEAD~1", "new.nix").expect("no such file then"), None);
    assert_eq!(show("HEAD", "never.nix").expect("no such file"), None);
}

#[test]
fn a_wrong_revision_is_refused_with_a_way_out() {
    let repository = Repository::new();
    repository.write("deploy/seance.toml", "one\n");
    repository.git(".", &["add", "."]);
    repository.commit("first");
    repository.git(".", &["branch", "feature/ports"]);
    let fail = |revision: &str| {
        git::show(&repository.root(), revision, "seance.toml").expect_err("it is wrong")
    };

    let error = fail("mian");
    assert_eq!(
        error.to_string(),
        "`mian` names no commit of this repository"
    );
    let error = fail("mainn");
    assert_eq!(
        error.help(),
        "write `main`, or run `git fetch` if it is on the remote only"
    );
    assert!(fail("feature/port").help().contains("`feature/ports`"));
    assert!(fail("0123456789abcdef").help().contains("git fetch"));
    let pwned = repository.path("pwned");
    for revision in [
        "",
        "--help",
        &format!("--output={}", pwned.display()),
        "a..b",
        "^main",
        "HEAD:x",
    ] {
        assert!(
            matches!(fail(revision), GitError::NotARevision { .. }),
            "{revision}"
        );
    }
    assert!(!pwned.exists());
}

#[test]
fn the_newest_fitting_version_is_found() {
    let repository = Repository::new();
    for (index, text) in ["base\n", "edited\n", "base\nnewer\n", "edited again\n"]
        .iter()
        .enumerate()
    {
        repository
            .write("deploy/nix/a.nix", text)
            .write("other", &index.to_string());
        repository.git(".", &["add", "."]);
        repository.commit("step");
    }
    let find =
        |fits: &dyn Fn(&str) -> bool| git::blob_by_body(&repository.root(), "nix/a.nix", fits);
    assert_eq!(
        find(&|text| text.starts_with("base")).as_deref(),
        Some("base\nnewer\n")
    );
    assert_eq!(find(&|text| text == "base\n").as_deref(), Some("base\n"));
    assert_eq!(find(&|_| false), None);
    let empty = Repository::new();
    empty.write("deploy/x", "");
    assert_eq!(git::blob_by_body(&empty.root(), "x", &|_| true), None);
}
