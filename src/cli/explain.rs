//! `seance explain`: what is wrong, why it fails, how to fix it.

use super::arguments::Explain;
use super::console;
use super::exit::Exit;
use super::failure::Failure;
use crate::manifest;
use crate::rules::{self, Elsewhere, Rule};

pub(super) fn run(explain: &Explain) -> Result<Exit, Failure> {
    let text = match &explain.rule {
        Some(id) => page(id)?,
        None if explain.list => list(),
        None => manifest::defaults(),
    };
    console::data(&text)?;
    Ok(Exit::Fine)
}

fn page(id: &str) -> Result<String, Failure> {
    if let Some(rule) = rules::find(id) {
        return Ok(rule_page(rule));
    }
    if let Some(entry) = rules::elsewhere().iter().find(|entry| entry.id == id) {
        return Ok(elsewhere_page(entry));
    }
    let known = rules::ids();
    let nearest = crate::deployment::nearest(id, known.iter().copied());
    let help = match nearest {
        Some(nearest) => format!("run `seance explain {nearest}`"),
        None => "run `seance explain --list` for every rule".to_owned(),
    };
    Err(Failure::new(
        Exit::Usage,
        format!("no rule has the id `{id}`"),
        help,
    ))
}

fn rule_page(rule: &Rule) -> String {
    let Rule {
        id,
        title,
        why,
        fix,
        evidence,
        ..
    } = rule;
    let severity = rule.severity.word();
    format!("{id} ({severity}): {title}\n\nWhy: {why}\n\nFix: {fix}\n\nEvidence: {evidence}\n")
}

fn elsewhere_page(entry: &Elsewhere) -> String {
    let Elsewhere {
        id,
        title,
        found_by,
        reason,
        ..
    } = entry;
    let severity = entry.severity.word();
    format!("{id} ({severity}): {title}\n\nFound: {found_by}\n\nWhy there: {reason}\n")
}

/// Every rule, and every failure that somebody else finds.
fn list() -> String {
    let offline = rules::all();
    let offline = offline
        .iter()
        .map(|rule| (rule.id, rule.severity, rule.title.to_owned()));
    let elsewhere = rules::elsewhere().iter().map(|entry| {
        let title = format!("{} ({})", entry.title, entry.found_by);
        (entry.id, entry.severity, title)
    });
    let mut rows: Vec<_> = offline.chain(elsewhere).collect();
    rows.sort_by_key(|(id, ..)| *id);
    let width = rows.iter().map(|(id, ..)| id.len()).max().unwrap_or(0);
    let lines = rows
        .iter()
        .map(|(id, severity, title)| format!("{id:width$}  {:7}  {title}\n", severity.word()));
    lines.collect()
}
