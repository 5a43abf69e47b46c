//! The review card: what a change means, in one pull-request comment.

use std::fmt::Write as _;

use super::network::sources;
use super::{AttributeChange, Change, human, summary};
use crate::report::markdown::{Card, code, escape, prose};

/// The card.
pub(super) fn report(change: &Change, revision: &str) -> String {
    let heading = format!(
        "**seance diff** of {} against {}: {}",
        code(&change.server),
        code(revision),
        summary(change)
    );
    let mut card = Card::new(
        "diff",
        &heading,
        "run `seance diff --against` locally to see all of it",
    );
    if let Some(note) = &change.note {
        card.push(&format!("\n> {}\n", prose(note)));
    }
    if change.is_empty() {
        return card.finish();
    }
    card.push(&table("Dangers", change.grave()));
    card.push(&ports(change));
    card.push(&records(change));
    card.push(&services(change));
    card.push(&cost(change));
    card.push(&table("Changes", change.mild()));
    for file in &change.files {
        let mut title = format!("{}: {}", file.state, code(&file.path));
        if !file.because.is_empty() {
            let _ = write!(title, " ({})", prose(&file.because));
        }
        card.push_details(&title, &file.diff);
    }
    card.finish()
}

fn table<'a>(title: &str, changes: impl Iterator<Item = &'a AttributeChange>) -> String {
    let mut table = String::new();
    for change in changes {
        if table.is_empty() {
            let _ = write!(
                table,
                "\n### {title}\n\n| effect | key | change | why |\n|---|---|---|---|\n"
            );
        }
        let danger = match change.danger {
            danger if danger.is_grave() => format!("**{}**", danger.effect()),
            danger => danger.effect().to_owned(),
        };
        let because: Vec<String> = change.because.iter().map(|reason| prose(reason)).collect();
        let _ = writeln!(
            table,
            "| {danger} | {} | {} | {} |",
            code(&change.key),
            code(&human::values(change)),
            because.join("<br>")
        );
    }
    table
}

fn ports(change: &Change) -> String {
    let ports = &change.ports;
    let mut list = String::new();
    for port in &ports.opened {
        let from = escape(&sources(&port.from));
        let _ = writeln!(list, "- opened: {} from {from}", code(&port.label()));
    }
    for port in &ports.closed {
        let _ = writeln!(list, "- closed: {}", code(&port.label()));
    }
    for port in &ports.changed {
        let (before, after) = (sources(&port.from_before), sources(&port.port.from));
        let label = code(&port.port.label());
        let _ = writeln!(
            list,
            "- {label}: from {} to {}",
            escape(&before),
            escape(&after)
        );
    }
    section("Public ports", &list)
}

fn records(change: &Change) -> String {
    let mut list = String::new();
    for record in &change.domains.added {
        let _ = writeln!(list, "- added: {} {}", record.kind, code(&record.name));
    }
    for record in &change.domains.removed {
        let _ = writeln!(list, "- removed: {} {}", record.kind, code(&record.name));
    }
    section("DNS records", &list)
}

fn services(change: &Change) -> String {
    let services = &change.services;
    let mut list = String::new();
    for (what, names) in [
        ("added", &services.added),
        ("removed", &services.removed),
        ("changed", &services.changed),
        ("restarted", &services.restarted),
    ] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| code(name)).collect();
            let _ = writeln!(list, "- {what}: {}", names.join(", "));
        }
    }
    section("Services", &list)
}

fn cost(change: &Change) -> String {
    let mut list = format!(
        "- {}, {}\n",
        escape(&change.cost.sentence()),
        escape(&change.cost.source())
    );
    if let Some(transfer) = change.transfer.sentence() {
        let _ = writeln!(list, "- {}", escape(&transfer));
    }
    for note in &change.cost.notes {
        let _ = writeln!(list, "- {note}");
    }
    section("Cost", &list)
}

fn section(title: &str, list: &str) -> String {
    if list.is_empty() {
        String::new()
    } else {
        format!("\n### {title}\n\n{list}")
    }
}
