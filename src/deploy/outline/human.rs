//! What a plan would do, for a person.

use super::{Entry, Outline, Wanted, summary};
use crate::danger::Danger;
use crate::engine::gate::{Difference, Outside, What};
use crate::report::Terminal;
use crate::report::terminal::{Paint, sanitize};

/// The report.
pub(super) fn report(terminal: Terminal, outline: &Outline) -> String {
    let mut page = Page {
        terminal,
        outline,
        text: String::new(),
    };
    let server = Paint::Bold.apply(terminal, &outline.server);
    page.line(&format!("{server}: {}", summary(outline)));
    page.entries();
    page.outside();
    if !outline.is_empty() {
        page.heading("cost");
        page.line(&format!("  {}", outline.cost.sentence()));
    }
    for note in &outline.notes {
        let label = Paint::Yellow.apply(terminal, "note");
        page.line(&format!("{label}: {}", sanitize(note)));
    }
    page.text
}

struct Page<'a> {
    terminal: Terminal,
    outline: &'a Outline,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        let title = Paint::Bold.apply(self.terminal, title);
        self.line("");
        self.line(&title);
    }

    fn entries(&mut self) {
        let mut last = None;
        for entry in &self.outline.entries {
            let danger = entry.change.danger;
            if last != Some(danger) {
                self.heading(danger.effect());
                last = Some(danger);
            }
            self.entry(entry);
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let change = &entry.change;
        let paint = match change.danger {
            Danger::DataLoss | Danger::Irreversible => Paint::Red,
            Danger::Downtime | Danger::Restart => Paint::Yellow,
            Danger::None => Paint::Green,
        };
        let verb = paint.apply(self.terminal, change.what.verb());
        let place = match &entry.manifest {
            Some(wanted) => format!("  ({})", shown_place(wanted, &self.outline.manifest)),
            None => String::new(),
        };
        self.line(&format!("  {verb} {}{place}", sanitize(&change.address)));
        if matches!(change.what, What::Change | What::Replace) {
            let differences = change.differences.iter();
            // Its numbers and hashes say nothing to a person.
            for difference in differences.filter(|_| change.kind != "terraform_data") {
                self.line(&format!("      {}", shown(difference)));
            }
        }
        for reason in &change.because {
            self.line(&format!("      {}", sanitize(reason)));
        }
    }

    fn outside(&mut self) {
        if self.outline.outside.is_empty() {
            return;
        }
        self.heading("changed outside of seance");
        for change in &self.outline.outside {
            let what = match change.what {
                Outside::Changed => "changed",
                Outside::Destroyed => "gone",
            };
            let what = Paint::Yellow.apply(self.terminal, what);
            self.line(&format!("  {what} {}", sanitize(&change.address)));
            for difference in &change.differences {
                self.line(&format!("      {}", shown(difference)));
            }
        }
    }
}

/// `seance.toml:12:10 server.size`.
pub(super) fn shown_place(wanted: &Wanted, manifest: &str) -> String {
    match (wanted.line, wanted.column) {
        (Some(line), Some(column)) => format!("{manifest}:{line}:{column} {}", wanted.key),
        _ => format!("{}, by default", wanted.key),
    }
}

/// `size: a -> b`.
pub(super) fn shown(difference: &Difference) -> String {
    let before = difference.before.as_deref().unwrap_or("(none)");
    let after = difference.after.as_deref().unwrap_or("(none)");
    sanitize(&format!("{}: {before} -> {after}", difference.attribute))
}
