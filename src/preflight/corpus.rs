//! Projects written by hand in the styles that people use. Nothing is wrong with any of them.

use std::fmt::Write as _;
use std::path::Path;

use super::testing::{tree, with_facts};
use crate::facts::Facts;
use crate::finding::{Finding, Position, Severity};
use crate::handwritten::Files;

/// Every project of the corpus by its name.
pub(super) fn projects() -> Vec<(String, Files)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let entries = std::fs::read_dir(corpus).expect("the corpus");
    let mut projects: Vec<(String, Files)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let mut files = Files::new();
            tree(&path, "", &mut files);
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), files)
        })
        .collect();
    projects.sort_by(|(one, _), (other, _)| one.cmp(other));
    projects
}

/// A finding in one line, for a person who has to decide who is wrong.
fn line(files: &Files, finding: &Finding) -> String {
    let place = finding.location.as_ref().map_or_else(String::new, |it| {
        let position = it
            .range
            .as_ref()
            .and_then(|range| Some(Position::of(files.get(&it.file)?, range.start)));
        let line = position.map_or(0, |position| position.line);
        format!("{}:{line}", it.file)
    });
    let severity = finding.severity.word();
    let id = finding.rule.id;
    format!("{place}: {severity} {id}: {}", finding.message)
}

#[test]
fn sound_configurations_pass_every_check() {
    let projects = projects();
    assert!(projects.len() >= 20, "only {} projects", projects.len());
    let mut wrong = Vec::new();
    for (name, files) in projects {
        let broken = crate::handwritten::syntax(&files);
        let mut found = broken;
        found.extend(super::judge(&files, None, &super::Known::default(), false).findings);
        found.retain(|finding| finding.severity > Severity::Advice);
        let lines = found.iter().map(|it| line(&files, it));
        wrong.extend(lines.map(|line| format!("{name}/{line}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// How much of a project was read: its systems, and the imports that nobody could follow.
fn reading(facts: &Facts<'_>) -> String {
    let mut text = String::new();
    for system in facts.systems() {
        let droplet = facts
            .droplet_systems()
            .iter()
            .any(|it| std::ptr::eq(*it, system));
        let _ = writeln!(
            text,
            "  {}{}: {} files, {} unread",
            system.name.as_deref().unwrap_or(&system.place.file),
            if droplet { " (a droplet)" } else { "" },
            system.files.len(),
            system.unread.len(),
        );
        for place in &system.unread {
            let source = facts.files.get(&*place.file).map_or("", String::as_str);
            let position = Position::of(source, place.range().start);
            let _ = writeln!(text, "    {}:{}", place.file, position.line);
        }
    }
    let tofu = facts.tofu().modules.len();
    let droplets = facts.tofu().resources("digitalocean_droplet").count();
    let _ = writeln!(text, "  {tofu} tofu modules, {droplets} droplets");
    text
}

#[test]
fn the_corpus_is_really_read() {
    let mut text = String::new();
    for (name, files) in projects() {
        let systems = with_facts(&files, |facts| facts.systems().len());
        assert_eq!(systems == 0, name == "tofu-only", "{name}");
        let _ = write!(text, "{name}\n{}", with_facts(&files, reading));
    }
    insta::assert_snapshot!(text);
}
