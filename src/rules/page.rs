//! `docs/rules.md`.

use super::{Elsewhere, FoundBy, elsewhere, sections};
use crate::finding::Severity;

/// One line of the page.
struct Row {
    id: &'static str,
    severity: Severity,
    title: &'static str,
    found: String,
}

/// The page that lists every failure that seance knows of, and who finds it.
pub fn page() -> String {
    let rows = rows();
    let mut text = head();
    for title in sections::titles() {
        let rows: Vec<&Row> = rows
            .iter()
            .filter(|row| sections::of(row.id) == title)
            .collect();
        if !rows.is_empty() {
            text += &format!(
                "\n## {title}\n\n| rule | severity | what is wrong | found |\n|---|---|---|---|\n"
            );
            text.extend(rows.into_iter().map(line));
        }
    }
    text += "\n## Not found in files\n\nWhy, and where it shows instead:\n\n";
    for entry in elsewhere() {
        text += &format!("- `{}` ({}): {}\n", entry.id, entry.found_by, entry.reason);
    }
    text
}

fn head() -> String {
    let count = |found: fn(FoundBy) -> bool| {
        elsewhere()
            .iter()
            .filter(|entry| found(entry.found_by))
            .count()
    };
    let verbs = [
        ("plan", count(|by| by == FoundBy::Plan)),
        ("doctor", count(|by| by == FoundBy::Doctor)),
        ("verify", count(|by| by == FoundBy::Verify)),
        ("apply", count(|by| by == FoundBy::Apply)),
    ];
    let verbs: Vec<String> = verbs
        .iter()
        .map(|(verb, count)| format!("{count} by `{verb}`"))
        .collect();
    let offline = super::all().len();
    format!(
        "# Rules\n\nMade from the records in the source, which `seance explain RULE` prints whole. \
         `seance check` finds {offline} kinds of failure in files alone. What needs the state, the \
         provider, a network or a running server is for other verbs, which this version does not \
         have yet: {}. {} for nobody to tell.\n",
        verbs.join(", "),
        match count(|by| by == FoundBy::Nothing) {
            1 => "One is".to_owned(),
            several => format!("{several} are"),
        },
    )
}

fn rows() -> Vec<Row> {
    let offline = super::all().into_iter().map(|rule| Row {
        id: rule.id,
        severity: rule.severity,
        title: rule.title,
        found: "offline".to_owned(),
    });
    let others = elsewhere().iter().map(
        |Elsewhere {
             id,
             severity,
             title,
             found_by,
             ..
         }| Row {
            id,
            severity: *severity,
            title,
            found: found_by.to_string(),
        },
    );
    let mut rows: Vec<Row> = offline.chain(others).collect();
    rows.sort_by_key(|row| row.id);
    rows
}

fn line(row: &Row) -> String {
    let severity = row.severity.word();
    let title = row.title.replace('|', "\\|");
    format!("| `{}` | {severity} | {title} | {} |\n", row.id, row.found)
}
