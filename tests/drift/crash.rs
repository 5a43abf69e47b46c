//! A generation stopped at every single step, in every way, each followed by another one.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use seance::drift::{Aftermath, GenerateError, OnEdit, interrupted};
use seance::render::Tree;
use seance::workspace::{Crash, MemoryWorkspace};

use super::common::*;

struct Scenario {
    name: &'static str,
    start: Files,
    tree: Tree,
    on_edit: OnEdit,
    /// Text of a person that must be found somewhere at every moment.
    precious: Option<&'static str>,
}

fn scenarios() -> Vec<Scenario> {
    let scenario = |name, start, tree, on_edit, precious| Scenario {
        name,
        start,
        tree,
        on_edit,
        precious,
    };
    let edit = Some("first = 99;");
    vec![
        scenario("first", Files::new(), first_tree(), OnEdit::Refuse, None),
        scenario("update", generated(), second_tree(), OnEdit::Refuse, None),
        scenario("force", edited(), second_tree(), OnEdit::Force, edit),
        scenario("merge", edited(), second_tree(), OnEdit::Merge, edit),
    ]
}

/// The user's files and folders when nothing goes wrong, and the steps that it takes.
struct End {
    files: Files,
    folders: BTreeSet<String>,
    steps: usize,
}

impl Scenario {
    fn end(&self) -> End {
        let workspace = workspace(&self.start);
        let done = run(&self.tree, self.on_edit, &workspace).unwrap();
        assert!(!done.is_idle() && done.refused.is_empty(), "{}", self.name);
        End {
            files: visible(&workspace),
            folders: visible_folders(&workspace),
            steps: workspace.operations(),
        }
    }

    /// Every file is whole, old or new, and nothing of a person's is lost.
    fn check_moment(&self, workspace: &MemoryWorkspace, end: &End, at: &str) {
        let now = visible(workspace);
        let paths: BTreeSet<_> = now
            .keys()
            .chain(self.start.keys())
            .chain(end.files.keys())
            .collect();
        for path in paths {
            if path.starts_with(".seance/") {
                continue;
            }
            let text = now.get(path);
            assert!(
                text == self.start.get(path) || text == end.files.get(path),
                "{at}: `{path}` is neither old nor new: {:?}",
                text.map(|text| String::from_utf8_lossy(text))
            );
        }
        self.check_precious(workspace, at);
    }

    fn check_precious(&self, workspace: &MemoryWorkspace, at: &str) {
        if let Some(precious) = self.precious {
            let is_found = workspace.files().into_iter().any(|(path, content)| {
                let is_readable = !path.starts_with(".seance/stage");
                is_readable && String::from_utf8_lossy(&content).contains(precious)
            });
            assert!(is_found, "{at}: the person's text is lost");
        }
    }

    /// Generates once more, and everything is as it should be.
    fn check_recovery(&self, workspace: &MemoryWorkspace, end: &End, at: &str) {
        let done = run(&self.tree, self.on_edit, workspace).unwrap();
        assert_eq!(done.refused, [], "{at}");
        assert_eq!(visible(workspace), end.files, "{at}");
        assert_eq!(visible_folders(workspace), end.folders, "{at}");
        self.check_precious(workspace, at);
        for path in workspace.files().keys().chain(&workspace.folders()) {
            assert!(
                !path.starts_with(".seance/stage") && !path.starts_with(".seance/journal"),
                "{at}: `{path}` is left"
            );
        }
        let before = workspace.files();
        let again = run(&self.tree, self.on_edit, workspace).unwrap();
        assert!(again.is_idle(), "{at}: {again:?}");
        assert_eq!(workspace.files(), before, "{at}");
    }
}

fn crashes() -> impl Iterator<Item = Crash> {
    let partial = (0..4).map(Crash::PartialPowerLoss);
    [Crash::Kill, Crash::PowerLoss].into_iter().chain(partial)
}

#[test]
fn a_crash_at_any_step_leaves_whole_files_and_the_next_one_ends_right() {
    let mut with_journal = 0;
    for scenario in scenarios() {
        let end = scenario.end();
        let steps = end.steps;
        for crash in crashes() {
            for step in 1..=steps {
                let at = format!("{} {crash:?} at {step} of {steps}", scenario.name);
                let workspace = workspace(&scenario.start);
                workspace.crash_at(step, crash);
                let _ = run(&scenario.tree, scenario.on_edit, &workspace);
                assert!(workspace.operations() >= step, "{at}");
                workspace.restart();
                scenario.check_moment(&workspace, &end, &at);
                let before = workspace.files();
                let is_reported = interrupted(&workspace).unwrap().is_some();
                with_journal += usize::from(is_reported);
                let now = visible(&workspace);
                let is_mixed =
                    now != visible(&self::workspace(&scenario.start)) && now != end.files;
                assert!(
                    is_reported || !is_mixed,
                    "{at}: a mix that nobody is told of"
                );
                assert_eq!(workspace.files(), before, "{at}: asking wrote something");
                scenario.check_recovery(&workspace, &end, &at);
            }
        }
    }
    assert!(
        with_journal > 50,
        "only {with_journal} crashes left a journal"
    );
}

#[test]
fn a_crash_at_any_step_of_the_recovery_does_no_harm_either() {
    for scenario in scenarios() {
        let end = scenario.end();
        let steps = end.steps;
        for first in (1..=steps).rev().step_by(7) {
            let mut second = 1;
            loop {
                let at = format!("{} at {first}, then at {second}", scenario.name);
                let workspace = workspace(&scenario.start);
                workspace.crash_at(first, Crash::PowerLoss);
                let _ = run(&scenario.tree, scenario.on_edit, &workspace);
                workspace.restart();
                workspace.crash_at(second, Crash::PowerLoss);
                let _ = run(&scenario.tree, scenario.on_edit, &workspace);
                if workspace.operations() < second {
                    break;
                }
                workspace.restart();
                scenario.check_moment(&workspace, &end, &at);
                scenario.check_recovery(&workspace, &end, &at);
                second += 3;
            }
        }
    }
}

#[test]
fn a_failure_at_any_step_changes_nothing_or_nothing_is_missing() {
    for scenario in scenarios() {
        let end = scenario.end();
        let steps = end.steps;
        let start = workspace(&scenario.start);
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
            for step in 1..=steps {
                let at = format!("{} {kind:?} at {step} of {steps}", scenario.name);
                let workspace = workspace(&scenario.start);
                workspace.fail_at(step, kind);
                match run(&scenario.tree, scenario.on_edit, &workspace) {
                    Ok(done) => {
                        // Only clearing the stage, or looking for a base copy, may fail unseen.
                        if done.refused.is_empty() {
                            assert_eq!(visible(&workspace), end.files, "{at}");
                            assert_eq!(visible_folders(&workspace), end.folders, "{at}");
                        } else {
                            assert_eq!(visible(&workspace), visible(&start), "{at}");
                        }
                    }
                    Err(error) => {
                        check_error(&error, &at);
                        assert_eq!(visible(&workspace), visible(&start), "{at}");
                        assert_eq!(visible_folders(&workspace), visible_folders(&start), "{at}");
                        assert_eq!(bases(&workspace), bases(&start), "{at}");
                        assert_eq!(interrupted(&workspace).unwrap(), None, "{at}");
                    }
                }
                scenario.check_precious(&workspace, &at);
                scenario.check_recovery(&workspace, &end, &at);
            }
        }
    }
}

/// The copies of what was generated last.
fn bases(workspace: &MemoryWorkspace) -> Files {
    let mut files = workspace.files();
    files.retain(|path, _| path.starts_with(".seance/base/"));
    files
}

fn check_error(error: &GenerateError, at: &str) {
    let GenerateError::Io { aftermath, source } = error else {
        panic!("{at}: {error}");
    };
    assert_eq!(*aftermath, Aftermath::Unchanged, "{at}");
    assert!(
        source.to_string().contains('`'),
        "{at}: no path in `{error}`"
    );
    assert!(
        error.to_string().ends_with("nothing was changed"),
        "{at}: {error}"
    );
    let wanted = match source.kind() {
        ErrorKind::StorageFull => "free some space",
        _ => "writable",
    };
    assert!(error.help().contains(wanted), "{at}: {}", error.help());
}

#[test]
fn what_a_person_writes_after_a_crash_is_not_overwritten() {
    let scenario = &scenarios()[1];
    let steps = scenario.end().steps;
    let mut left = 0;
    for step in 1..=steps {
        let workspace = workspace(&scenario.start);
        workspace.crash_at(step, Crash::Kill);
        let _ = run(&scenario.tree, scenario.on_edit, &workspace);
        workspace.restart();
        let text = workspace.text("Caddyfile").unwrap() + "# mine\n";
        workspace.put("Caddyfile", &text);
        let done = run(&scenario.tree, OnEdit::Refuse, &workspace).unwrap();
        assert_eq!(done.refused.len(), 1, "step {step}");
        assert_eq!(done.refused[0].path, "Caddyfile");
        assert_eq!(workspace.text("Caddyfile").unwrap(), text, "step {step}");
        left += done.recovery.map_or(0, |recovery| recovery.left.len());
    }
    assert!(left > 0, "no recovery met the edit");
}

#[test]
fn a_journal_that_cannot_be_read_is_reported_and_cleared() {
    let workspace = workspace(&generated());
    workspace.put(".seance/journal.json", "{");
    assert_eq!(interrupted(&workspace).unwrap().unwrap().paths, [""; 0]);
    run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    assert_eq!(interrupted(&workspace).unwrap(), None);
    assert_eq!(visible(&workspace), texts(&first_tree()));
}
