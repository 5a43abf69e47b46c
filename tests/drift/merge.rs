//! Hand edits that survive a new generation.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use seance::drift::header::{Header, parse, stamp};
use seance::drift::{Action, Drift, OnEdit, State, compare};
use seance::workspace::MemoryWorkspace;

use super::common::*;

fn drift(tree: &seance::render::Tree, workspace: &MemoryWorkspace) -> Drift {
    compare(tree, &BTreeSet::new(), OWNED_EVER, workspace).unwrap()
}

fn state(tree: &seance::render::Tree, path: &str, workspace: &MemoryWorkspace) -> State {
    let drift = drift(tree, workspace);
    drift
        .files
        .iter()
        .find(|file| file.path == path)
        .unwrap()
        .state
}

#[test]
fn an_edit_and_a_new_generation_come_together_and_stay_edited() {
    let workspace = workspace(&edited());
    let done = run(&second_tree(), OnEdit::Merge, &workspace).unwrap();
    assert_eq!(done.refused, []);
    assert!(
        done.files
            .iter()
            .any(|file| file.path == "nix/a.nix" && file.action == Action::Merged)
    );
    assert_eq!(done.edited, ["nix/a.nix"]);
    let merged = workspace.text("nix/a.nix").unwrap();
    assert!(merged.ends_with(&body("99", "2")), "{merged}");
    assert_eq!(merged.lines().next(), stamp(&body("1", "2")).lines().next());

    // It is still the person's edit: reported, refused, and merged without a change.
    assert_eq!(
        state(&second_tree(), "nix/a.nix", &workspace),
        State::Edited
    );
    let before = workspace.files();
    assert_eq!(
        run(&second_tree(), OnEdit::Refuse, &workspace)
            .unwrap()
            .refused
            .len(),
        1
    );
    let again = run(&second_tree(), OnEdit::Merge, &workspace).unwrap();
    assert!(again.is_idle());
    assert_eq!(again.edited, ["nix/a.nix"]);
    assert_eq!(workspace.files(), before);

    // The next change is merged with the right base.
    let next = tree(&[("nix/a.nix", &body("1", "3"))], &[]);
    run(&next, OnEdit::Merge, &workspace).unwrap();
    assert!(
        workspace
            .text("nix/a.nix")
            .unwrap()
            .ends_with(&body("99", "3"))
    );

    // Once the manifest says the same, the edit is over.
    let same = tree(&[("nix/a.nix", &body("99", "3"))], &[]);
    let done = run(&same, OnEdit::Merge, &workspace).unwrap();
    assert_eq!(done.edited, [""; 0]);
    assert_eq!(state(&same, "nix/a.nix", &workspace), State::Clean);
}

#[test]
fn a_clash_is_refused_with_both_sides_shown_and_nothing_written() {
    let workspace = workspace(&edited());
    let clash = tree(
        &[("nix/a.nix", &body("50", "1")), ("nix/b.nix", "{ }\n")],
        &[],
    );
    let before = workspace.files();
    let done = run(&clash, OnEdit::Merge, &workspace).unwrap();
    assert_eq!(workspace.files(), before);
    assert_eq!(done.files, []);
    let [refusal] = done.refused.as_slice() else {
        panic!("{done:?}")
    };
    let conflict = refusal.conflict.as_deref().unwrap();
    assert!(
        conflict.contains(
            "<<<<<<< edited by hand\n  first = 99;\n||||||| generated before\n  first = 1;\n\
             =======\n  first = 50;\n>>>>>>> generated now\n"
        ),
        "{conflict}"
    );
    assert_eq!(refusal.help, "run `seance gen --force`");
}

#[test]
fn the_base_comes_from_history_when_the_copy_is_gone_but_only_if_it_fits() {
    let mut files = edited();
    files.retain(|path, _| !path.starts_with(".seance/"));
    let good = stamp(&body("1", "1"));
    let Header::Valid { hash: wanted, .. } = parse(&good) else {
        panic!()
    };
    let asked = Cell::new(0);
    for (answer, is_merged) in [
        (Some(good.clone()), true),
        (Some(good.replace('\n', "\r\n")), true),
        (Some(edited_text()), false),
        (Some(stamp("other\n")), false),
        (Some("no header\n".to_owned()), false),
        (None, false),
    ] {
        let workspace = workspace(&files);
        let history = |path: &str, hash: &_| {
            assert_eq!((path, hash), ("nix/a.nix", &wanted));
            asked.set(asked.get() + 1);
            answer.clone()
        };
        let done = run_with(&second_tree(), OnEdit::Merge, &history, &workspace).unwrap();
        assert_eq!(done.refused.is_empty(), is_merged, "{answer:?}");
        if is_merged {
            assert!(
                workspace
                    .text("nix/a.nix")
                    .unwrap()
                    .ends_with(&body("99", "2"))
            );
        } else {
            assert!(done.refused[0].reason.contains("nor in git"), "{done:?}");
            assert_eq!(workspace.files(), files);
        }
    }
    assert_eq!(asked.get(), 6, "asked once for each");
    // A base copy of another generation is passed over as well.
    let workspace = workspace(&files);
    workspace.put(".seance/base/nix/a.nix", stamp("other\n"));
    let history = |_: &str, _: &_| Some(good.clone());
    let done = run_with(&second_tree(), OnEdit::Merge, &history, &workspace).unwrap();
    assert_eq!(done.refused, []);
}

#[test]
fn what_cannot_be_merged_is_refused_and_left_alone() {
    let ours = stamp(&body("1", "1"));
    for (path, content) in [
        ("nix/a.nix", b"foreign\n".to_vec()),
        ("nix/a.nix", format!("# mine\n{ours}").into_bytes()),
        ("nix/a.nix", [ours.as_bytes(), b"\xff"].concat()),
        (
            "nix/a.nix",
            ours.replace("sha256:", "sha256:x").into_bytes(),
        ),
        (
            "old/deep/orphan.tf",
            (stamp("# one\n") + "# mine\n").into_bytes(),
        ),
    ] {
        let mut files = generated();
        files.insert(path.to_owned(), content);
        let workspace = workspace(&files);
        let done = run(&second_tree(), OnEdit::Merge, &workspace).unwrap();
        assert_eq!(done.refused.len(), 1, "{done:?}");
        assert_eq!(done.refused[0].path, path);
        assert_eq!(done.refused[0].help, "run `seance gen --force`");
        assert_eq!(workspace.files(), files);
    }
}

#[test]
fn an_edit_in_a_crlf_checkout_is_merged() {
    let workspace = workspace(&edited());
    workspace.put("nix/a.nix", edited_text().replace('\n', "\r\n"));
    assert_eq!(state(&first_tree(), "nix/a.nix", &workspace), State::Edited);
    let done = run(&second_tree(), OnEdit::Merge, &workspace).unwrap();
    assert_eq!(done.refused, []);
    assert!(
        workspace
            .text("nix/a.nix")
            .unwrap()
            .ends_with(&body("99", "2"))
    );
}

proptest! {
    #[test]
    fn edits_apart_from_each_other_are_all_kept(
        lines in proptest::collection::vec("[a-d]{1,3}", 6..30),
        edit in any::<proptest::sample::Index>(),
        change in any::<proptest::sample::Index>(),
        insert: bool,
    ) {
        let (edit, change) = (edit.index(lines.len()), change.index(lines.len()));
        prop_assume!(edit.abs_diff(change) > 2);
        // Numbered lines: what changes is then the line that was meant, and no equal one.
        let numbered: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(number, line)| format!("{number} {line}\n"))
            .collect();
        let mut by_hand = numbered.clone();
        by_hand[edit] = if insert {
            format!("{}by hand\n", by_hand[edit])
        } else {
            "by hand\n".to_owned()
        };
        let mut anew = numbered.clone();
        anew[change] = "anew\n".to_owned();
        let mut both = by_hand.clone();
        both[change] = "anew\n".to_owned();

        let workspace = MemoryWorkspace::new();
        run(&tree(&[("x.txt", &numbered.concat())], &[]), OnEdit::Refuse, &workspace).unwrap();
        let header = stamp(&numbered.concat()).lines().next().unwrap().to_owned();
        workspace.put("x.txt", format!("{header}\n{}", by_hand.concat()));
        let done = run(&tree(&[("x.txt", &anew.concat())], &[]), OnEdit::Merge, &workspace);
        prop_assert_eq!(done.unwrap().refused, []);
        let merged = workspace.text("x.txt").unwrap();
        prop_assert_eq!(merged.split_once('\n').unwrap().1, both.concat());
    }
}
