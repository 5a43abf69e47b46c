//! What a plan would do, in one pull-request comment: the dangers first.

use std::fmt::Write as _;

use super::human::{shown, shown_place};
use super::{Entry, Outline, summary};
use crate::report::markdown::{Card, code, prose};

/// The card.
pub(super) fn report(outline: &Outline) -> String {
    let heading = format!(
        "**seance plan** of {}: {}",
        code(&outline.server),
        summary(outline)
    );
    let mut card = Card::new(
        "plan",
        &heading,
        "run `seance plan` locally to see all of it",
    );
    for note in &outline.notes {
        card.push(&format!("\n> {}\n", prose(note)));
    }
    let (grave, mild): (Vec<&Entry>, Vec<&Entry>) = outline
        .entries
        .iter()
        .partition(|entry| entry.change.danger.is_grave());
    card.push(&table("Dangers", &grave, &outline.manifest));
    card.push(&table("Changes", &mild, &outline.manifest));
    card.push(&outside(outline));
    if !outline.is_empty() {
        card.push(&format!(
            "\n**Cost:** {}\n",
            prose(&outline.cost.sentence())
        ));
    }
    card.finish()
}

fn table(title: &str, entries: &[&Entry], manifest: &str) -> String {
    let mut table = String::new();
    for entry in entries {
        if table.is_empty() {
            let head = "| effect | what | because | manifest |\n|---|---|---|---|";
            let _ = writeln!(table, "\n### {title}\n\n{head}");
        }
        let change = &entry.change;
        let because: Vec<String> = change.because.iter().map(|reason| prose(reason)).collect();
        let place = entry.manifest.as_ref();
        let place = place.map_or_else(String::new, |wanted| code(&shown_place(wanted, manifest)));
        let _ = writeln!(
            table,
            "| {} | {} {} | {} | {place} |",
            change.danger.effect(),
            change.what.verb(),
            code(&change.address),
            because.join("; "),
        );
    }
    table
}

fn outside(outline: &Outline) -> String {
    let mut text = String::new();
    for change in &outline.outside {
        if text.is_empty() {
            text.push_str("\n### Changed outside of seance\n\n");
        }
        let differences: Vec<String> = change.differences.iter().map(shown).collect();
        let differences = if differences.is_empty() {
            "gone".to_owned()
        } else {
            prose(&differences.join("; "))
        };
        let _ = writeln!(text, "- {}: {differences}", code(&change.address));
    }
    text
}
