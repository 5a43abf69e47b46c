//! What `gen` writes, refuses, keeps and leaves alone.

use std::collections::BTreeSet;

use proptest::prelude::*;
use seance::drift::header::stamp;
use seance::drift::rules::{findings, interrupted_finding};
use seance::drift::{
    Action, GenerateError, Interrupted, OnEdit, Request, State, compare, generate,
};
use seance::workspace::{MemoryWorkspace, Workspace as _};

use super::common::*;

fn actions(done: &seance::drift::Generation) -> Vec<(&str, Action)> {
    let files = done.files.iter();
    files
        .map(|file| (file.path.as_str(), file.action))
        .collect()
}

#[test]
fn the_first_generation_writes_everything_and_the_second_nothing() {
    let workspace = MemoryWorkspace::new();
    let done = run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(
        actions(&done),
        [
            ("Caddyfile", Action::Created),
            ("flake.nix", Action::Seeded),
            ("nix/a.nix", Action::Created),
            ("nix/b.nix", Action::Created),
            ("old/deep/orphan.tf", Action::Created),
            ("terraform/main.tf", Action::Created),
        ]
    );
    assert_eq!(visible(&workspace), texts(&first_tree()));
    assert_eq!(workspace.text(".seance/.gitignore").unwrap(), "*\n");
    assert_eq!(
        workspace.text(".seance/base/nix/a.nix"),
        workspace.text("nix/a.nix")
    );

    let (before, operations) = (workspace.files(), workspace.operations());
    for on_edit in [OnEdit::Refuse, OnEdit::Force, OnEdit::Merge] {
        assert!(run(&first_tree(), on_edit, &workspace).unwrap().is_idle());
    }
    assert_eq!(workspace.files(), before);
    // One look at each of the six files, the journal and the stage.
    assert_eq!(workspace.operations() - operations, 3 * 8);
}

#[test]
fn a_generation_that_has_nothing_to_do_makes_no_folder_and_takes_no_lock() {
    let workspace = workspace(&texts(&first_tree()));
    workspace.put(".seance/lock", "");
    let _lock = workspace.lock(".seance/lock").unwrap().unwrap();
    assert!(
        run(&first_tree(), OnEdit::Refuse, &workspace)
            .unwrap()
            .is_idle()
    );
    let error = run(&second_tree(), OnEdit::Refuse, &workspace).unwrap_err();
    assert!(matches!(error, GenerateError::Locked), "{error}");
    assert_eq!(visible(&workspace), texts(&first_tree()));
}

#[test]
fn an_update_writes_what_changed_and_removes_what_is_gone() {
    let workspace = workspace(&generated());
    let done = run(&second_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(
        actions(&done),
        [
            ("Caddyfile", Action::Updated),
            ("devenv.nix", Action::Seeded),
            ("nix/a.nix", Action::Updated),
            ("nix/new/c.nix", Action::Created),
            ("old/deep/orphan.tf", Action::Removed),
        ]
    );
    assert_eq!(visible(&workspace), texts(&second_tree()));
    let folders = visible_folders(&workspace);
    assert!(
        !folders.iter().any(|folder| folder.starts_with("old")),
        "{folders:?}"
    );
    assert_eq!(workspace.text(".seance/base/old/deep/orphan.tf"), None);
}

#[test]
fn a_folder_with_other_files_stays_when_an_orphan_goes() {
    let mut files = generated();
    files.insert("old/own.tf".to_owned(), b"mine".to_vec());
    let workspace = workspace(&files);
    run(&second_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(workspace.text("old/own.tf").unwrap(), "mine");
    assert!(!workspace.folders().contains("old/deep"));
}

#[test]
fn seeded_files_are_the_users_after_the_first_time() {
    let mut files = generated();
    files.insert("flake.nix".to_owned(), b"mine".to_vec());
    let workspace = workspace(&files);
    assert!(
        run(&first_tree(), OnEdit::Force, &workspace)
            .unwrap()
            .is_idle()
    );
    let drift = compare(&first_tree(), &BTreeSet::new(), OWNED_EVER, &workspace).unwrap();
    assert!(!drift.is_drifted());
}

#[test]
fn one_refusal_stops_everything_with_the_command_to_continue() {
    let mut files = edited();
    files.insert("nix/new/c.nix".to_owned(), b"foreign\n".to_vec());
    files
        .entry("old/deep/orphan.tf".to_owned())
        .or_default()
        .extend(b"# mine\n");
    let workspace = workspace(&files);
    let done = run(&second_tree(), OnEdit::Refuse, &workspace).unwrap();
    let refused: Vec<_> = done
        .refused
        .iter()
        .map(|refusal| (refusal.path.as_str(), refusal.state, refusal.help.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            ("nix/a.nix", State::Edited, "run `seance gen --merge`"),
            ("nix/new/c.nix", State::Foreign, "run `seance gen --force`"),
            (
                "old/deep/orphan.tf",
                State::Edited,
                "run `seance gen --force`"
            ),
        ]
    );
    assert!(
        done.refused[0]
            .diff
            .contains("-  first = 99;\n+  first = 1;\n")
    );
    assert_eq!(done.files, []);
    assert_eq!(workspace.files(), files, "something was written");
}

#[test]
fn force_keeps_every_old_text_under_its_own_number() {
    let mut files = edited();
    files.insert("nix/new/c.nix".to_owned(), b"foreign \xff\n".to_vec());
    let orphan = stamp("# one\n") + "# mine\n";
    files.insert("old/deep/orphan.tf".to_owned(), orphan.clone().into_bytes());
    let workspace = workspace(&files);
    let done = run(&second_tree(), OnEdit::Force, &workspace).unwrap();
    assert_eq!(visible(&workspace), texts(&second_tree()));
    let kept: Vec<_> = done
        .kept
        .iter()
        .map(|kept| (kept.path.as_str(), kept.copy.as_str()))
        .collect();
    assert_eq!(
        kept,
        [
            ("nix/a.nix", ".seance/kept/nix/a.nix.1"),
            ("nix/new/c.nix", ".seance/kept/nix/new/c.nix.1"),
            ("old/deep/orphan.tf", ".seance/kept/old/deep/orphan.tf.1"),
        ]
    );
    assert_eq!(
        workspace.text(".seance/kept/nix/a.nix.1").unwrap(),
        edited_text()
    );
    assert_eq!(
        workspace.files()[".seance/kept/nix/new/c.nix.1"],
        b"foreign \xff\n"
    );
    assert_eq!(
        workspace.text(".seance/kept/old/deep/orphan.tf.1").unwrap(),
        orphan
    );

    workspace.put("nix/a.nix", "another\n");
    let done = run(&second_tree(), OnEdit::Force, &workspace).unwrap();
    assert_eq!(done.kept[0].copy, ".seance/kept/nix/a.nix.2");
    assert_eq!(
        workspace.text(".seance/kept/nix/a.nix.1").unwrap(),
        edited_text()
    );
    assert_eq!(
        workspace.text(".seance/kept/nix/a.nix.2").unwrap(),
        "another\n"
    );

    workspace.put("nix/a.nix", edited_text());
    let done = run(&second_tree(), OnEdit::Force, &workspace).unwrap();
    assert_eq!(
        done.kept[0].copy, ".seance/kept/nix/a.nix.1",
        "the same text is kept once"
    );
}

#[test]
fn force_leaves_own_files_beside_ours_alone() {
    let workspace = workspace(&generated());
    workspace.put("terraform/own.tf", "mine");
    workspace.put("nix/b.nix", "foreign");
    run(&first_tree(), OnEdit::Force, &workspace).unwrap();
    assert_eq!(workspace.text("terraform/own.tf").unwrap(), "mine");
}

#[test]
fn a_skipped_path_is_neither_written_nor_removed() {
    let workspace = workspace(&edited());
    let skip = [
        "nix/a.nix",
        "nix/new/c.nix",
        "old/deep/orphan.tf",
        "devenv.nix",
    ];
    let skip: BTreeSet<String> = skip.map(str::to_owned).into();
    let request = Request {
        tree: &second_tree(),
        skip: &skip,
        owned_ever: OWNED_EVER,
        on_edit: OnEdit::Force,
        history: &|_, _| None,
    };
    let done = generate(&request, &workspace).unwrap();
    assert_eq!(actions(&done), [("Caddyfile", Action::Updated)]);
    assert_eq!(workspace.text("nix/a.nix").unwrap(), edited_text());
    assert!(workspace.text("old/deep/orphan.tf").is_some());
}

#[test]
fn a_checkout_with_crlf_is_clean() {
    let workspace = MemoryWorkspace::new();
    for (path, content) in texts(&first_tree()) {
        let text = String::from_utf8(content).unwrap();
        workspace.put(&path, text.replace('\n', "\r\n"));
    }
    let drift = compare(&first_tree(), &BTreeSet::new(), OWNED_EVER, &workspace).unwrap();
    assert!(!drift.is_drifted(), "{drift:?}");
    assert!(
        run(&first_tree(), OnEdit::Refuse, &workspace)
            .unwrap()
            .is_idle()
    );
}

#[test]
fn a_folder_or_a_file_in_the_way_is_named_and_nothing_changes() {
    for (obstacle, named) in [
        ("Caddyfile/x", "`Caddyfile`"),
        ("nix", "`nix`"),
        ("nix/new", "`nix/new`"),
    ] {
        for on_edit in [OnEdit::Refuse, OnEdit::Force, OnEdit::Merge] {
            let workspace = MemoryWorkspace::with([(obstacle, "mine")]);
            let error = run(&second_tree(), on_edit, &workspace).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
            assert!(
                error.help().contains(&format!("move {named}")),
                "{}",
                error.help()
            );
            assert_eq!(workspace.files().len(), 1, "{error}");
            assert!(!workspace.folders().contains(".seance"));
        }
    }
}

#[test]
fn every_drifted_file_has_one_finding_with_one_command() {
    let mut files = edited();
    files.insert("nix/new/c.nix".to_owned(), b"foreign\n".to_vec());
    files.remove("nix/b.nix");
    let workspace = workspace(&files);
    let drift = compare(&second_tree(), &BTreeSet::new(), OWNED_EVER, &workspace).unwrap();
    let findings = findings(&drift);
    let listed: Vec<_> = findings
        .iter()
        .map(|finding| {
            let file = finding.location.as_ref().unwrap().file.as_str();
            (finding.rule.id, file, finding.help.as_str())
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("drift-stale", "Caddyfile", "run `seance gen`"),
            (
                "drift-edited",
                "nix/a.nix",
                "move the edit to `nix/extra.nix`, an own `.tf` file or `caddy/`, then run \
                 `seance gen --force`"
            ),
            ("drift-missing", "nix/b.nix", "run `seance gen`"),
            ("drift-foreign", "nix/new/c.nix", "run `seance gen --force`"),
            ("drift-orphan", "old/deep/orphan.tf", "run `seance gen`"),
        ]
    );
    for finding in &findings {
        assert!(seance::rules::find(finding.rule.id).is_some());
        assert!(!finding.message.ends_with('.'), "{}", finding.message);
    }
    let paths = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
    let finding = interrupted_finding(&Interrupted { paths });
    assert_eq!(
        finding.message,
        "the generation of `a` and 2 more was interrupted"
    );
    assert_eq!(finding.rule.id, "generation-interrupted");
}

proptest! {
    #[test]
    fn any_bytes_have_a_state_and_force_replaces_them(
        bytes: Vec<u8>,
        is_stamped: bool,
        path in prop::sample::select(vec!["Caddyfile", "nix/a.nix", "terraform/main.tf"]),
    ) {
        let head = if is_stamped { "# seance:1 sha256:0123456789abcdef ·\n" } else { "" };
        let content = [head.as_bytes(), &bytes].concat();
        let mut files = generated();
        files.insert(path.to_owned(), content.clone());
        let workspace = workspace(&files);
        let drift = compare(&first_tree(), &BTreeSet::new(), OWNED_EVER, &workspace).unwrap();
        let file = drift.drifted().next().unwrap();
        let wanted = if is_stamped { State::Edited } else { State::Foreign };
        prop_assert_eq!((file.path.as_str(), file.state), (path, wanted));
        prop_assert!(!file.diff().is_empty());

        let done = run(&first_tree(), OnEdit::Force, &workspace).unwrap();
        prop_assert_eq!(visible(&workspace), texts(&first_tree()));
        prop_assert_eq!(&workspace.files()[&done.kept[0].copy], &content);
    }
}
