//! The same on a real disk: two at once, links, modes, and folders in the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Barrier;

use seance::drift::{GenerateError, OnEdit, compare};
use seance::render::Tree;
use seance::workspace::OsWorkspace;

use super::common::*;

/// Every file below a folder with its content, seance's own folder left out.
fn files(root: &Path) -> Files {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if name == ".seance" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_generation_an_update_and_nothing_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = OsWorkspace::new(folder.path());
    run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(files(folder.path()), texts(&first_tree()));
    run(&second_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(files(folder.path()), texts(&second_tree()));
    assert!(!folder.path().join("old").exists());
    assert!(!folder.path().join(".seance/stage").exists());
    assert!(
        run(&second_tree(), OnEdit::Refuse, &workspace)
            .unwrap()
            .is_idle()
    );
}

#[test]
fn nothing_to_do_makes_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = OsWorkspace::new(folder.path());
    run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    fs::remove_dir_all(folder.path().join(".seance")).unwrap();
    assert!(
        run(&first_tree(), OnEdit::Refuse, &workspace)
            .unwrap()
            .is_idle()
    );
    assert!(!folder.path().join(".seance").exists());
}

fn generate_until_unlocked(tree: &Tree, workspace: &OsWorkspace) {
    loop {
        match run(tree, OnEdit::Refuse, workspace) {
            Ok(done) => {
                assert_eq!(done.refused, []);
                assert_eq!(done.recovery, None, "the other one was still at work");
                return;
            }
            Err(GenerateError::Locked) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn two_at_once_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let trees = [first_tree(), second_tree()];
    for _ in 0..20 {
        let barrier = Barrier::new(trees.len());
        std::thread::scope(|scope| {
            for tree in &trees {
                scope.spawn(|| {
                    let workspace = OsWorkspace::new(folder.path());
                    barrier.wait();
                    generate_until_unlocked(tree, &workspace);
                });
            }
        });
        let workspace = OsWorkspace::new(folder.path());
        let clean: Vec<bool> = trees
            .iter()
            .map(|tree| {
                let drift = compare(tree, &BTreeSet::new(), OWNED_EVER, &workspace).unwrap();
                !drift.is_drifted()
            })
            .collect();
        assert_eq!(
            clean.iter().filter(|is_clean| **is_clean).count(),
            1,
            "{clean:?}"
        );
    }
}

#[test]
fn a_folder_or_a_file_in_the_way_is_named_and_nothing_changes() {
    for (obstacle, is_folder) in [("Caddyfile", true), ("nix", false)] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(obstacle);
        if is_folder {
            fs::create_dir(&place).unwrap();
        } else {
            fs::write(&place, "mine").unwrap();
        }
        let error = run(
            &first_tree(),
            OnEdit::Force,
            &OsWorkspace::new(folder.path()),
        );
        let error = error.unwrap_err();
        assert!(
            error.to_string().contains(&format!("`{obstacle}`")),
            "{error}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_file_where_our_folder_should_be_is_named_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".seance"), "mine").unwrap();
    let error = run(
        &first_tree(),
        OnEdit::Refuse,
        &OsWorkspace::new(folder.path()),
    )
    .unwrap_err();
    assert!(error.to_string().contains("`.seance`"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_is_read_but_neither_replaced_nor_written_through() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let workspace = OsWorkspace::new(folder.path());
    run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    let place = folder.path().join("Caddyfile");
    fs::rename(&place, folder.path().join("real")).unwrap();
    symlink("real", &place).unwrap();
    assert!(
        run(&first_tree(), OnEdit::Refuse, &workspace)
            .unwrap()
            .is_idle()
    );

    let before = files(folder.path());
    for on_edit in [OnEdit::Refuse, OnEdit::Force, OnEdit::Merge] {
        let error = run(&second_tree(), on_edit, &workspace).unwrap_err();
        assert!(
            error.to_string().contains("`Caddyfile` is a symbolic link"),
            "{error}"
        );
        assert!(error.help().contains("skip"), "{}", error.help());
        assert!(place.is_symlink());
        assert_eq!(files(folder.path()), before);
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_neither_read_nor_written() {
    use std::os::unix::fs::symlink;

    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "token").unwrap();
    let folder = tempfile::tempdir().unwrap();
    symlink(
        outside.path().join("secret"),
        folder.path().join("Caddyfile"),
    )
    .unwrap();
    let workspace = OsWorkspace::new(folder.path());
    let drift = compare(&first_tree(), &BTreeSet::new(), OWNED_EVER, &workspace).unwrap();
    assert_eq!(drift.files[0].actual, None, "the link was followed");
    let error = run(&first_tree(), OnEdit::Force, &workspace).unwrap_err();
    assert!(error.to_string().contains("symbolic link"), "{error}");

    fs::remove_file(folder.path().join("Caddyfile")).unwrap();
    symlink(outside.path(), folder.path().join("nix")).unwrap();
    let error = run(&first_tree(), OnEdit::Force, &workspace).unwrap_err();
    assert!(error.to_string().contains("`nix"), "{error}");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_when_it_is_updated() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let workspace = OsWorkspace::new(folder.path());
    run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    let place = folder.path().join("nix/a.nix");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
    run(&second_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(
        fs::metadata(&place).unwrap().permissions().mode() & 0o777,
        0o640
    );
}
