//! What a change means, for a person.

use std::fmt::Write as _;

use super::network::sources;
use super::{AttributeChange, Change, Danger, summary};
use crate::report::Terminal;
use crate::report::terminal::{Paint, sanitize};
use crate::report::unified::count_lines;

/// The report.
pub(super) fn report(terminal: Terminal, change: &Change, revision: &str) -> String {
    let mut page = Page {
        terminal,
        text: String::new(),
    };
    let heading = format!("{} against {revision}", change.server);
    let heading = Paint::Bold.apply(terminal, &heading);
    page.line(&format!("{heading}: {}", summary(change)));
    if let Some(note) = &change.note {
        page.line(&format!(
            "{}: {}",
            Paint::Yellow.apply(terminal, "note"),
            sanitize(note)
        ));
    }
    if change.is_empty() {
        return page.text;
    }
    page.attributes("dangers", change.grave());
    page.attributes("changes", change.mild());
    page.ports(change);
    page.records(change);
    page.services(change);
    page.files(change);
    page.cost(change);
    page.text
}

struct Page {
    terminal: Terminal,
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        let title = Paint::Bold.apply(self.terminal, title);
        let _ = write!(self.text, "\n{title}\n");
    }

    fn added(&mut self, text: &str) {
        let line = Paint::Green.apply(self.terminal, &format!("+ {text}"));
        self.line(&format!("  {line}"));
    }

    fn removed(&mut self, text: &str) {
        let line = Paint::Red.apply(self.terminal, &format!("- {text}"));
        self.line(&format!("  {line}"));
    }

    fn changed(&mut self, text: &str) {
        let line = Paint::Yellow.apply(self.terminal, &format!("~ {text}"));
        self.line(&format!("  {line}"));
    }

    fn attributes<'a>(&mut self, title: &str, changes: impl Iterator<Item = &'a AttributeChange>) {
        for (index, change) in changes.enumerate() {
            if index == 0 {
                self.heading(title);
            }
            let paint = match change.danger {
                Danger::DataLoss | Danger::Irreversible => Paint::Red,
                Danger::Downtime | Danger::Restart => Paint::Yellow,
                Danger::None => Paint::Green,
            };
            let key = Paint::Bold.apply(self.terminal, &change.key);
            let danger = paint.apply(self.terminal, change.danger.effect());
            self.line(&format!(
                "  {key}: {} [{danger}]",
                sanitize(&values(change))
            ));
            for reason in &change.because {
                self.line(&format!("      {}", sanitize(reason)));
            }
        }
    }

    fn ports(&mut self, change: &Change) {
        let ports = &change.ports;
        if ports.is_empty() {
            return;
        }
        self.heading("public ports");
        for port in &ports.opened {
            self.added(&format!("{} from {}", port.label(), sources(&port.from)));
        }
        for port in &ports.closed {
            self.removed(&format!("{} from {}", port.label(), sources(&port.from)));
        }
        for port in &ports.changed {
            let before = sources(&port.from_before);
            let after = sources(&port.port.from);
            self.changed(&format!("{} from {before} -> {after}", port.port.label()));
        }
    }

    fn records(&mut self, change: &Change) {
        if change.domains.is_empty() {
            return;
        }
        self.heading("DNS records");
        for record in &change.domains.added {
            self.added(&format!("{} {}", record.kind, record.name));
        }
        for record in &change.domains.removed {
            self.removed(&format!("{} {}", record.kind, record.name));
        }
    }

    fn services(&mut self, change: &Change) {
        let services = &change.services;
        if services.is_empty() {
            return;
        }
        self.heading("services");
        services.added.iter().for_each(|name| self.added(name));
        services.removed.iter().for_each(|name| self.removed(name));
        for name in &services.restarted {
            let why = if services.changed.contains(name) {
                "changes and restarts"
            } else {
                "restarts"
            };
            self.changed(&format!("{name} {why}"));
        }
    }

    fn files(&mut self, change: &Change) {
        if change.files.is_empty() {
            return;
        }
        self.heading("files");
        for file in &change.files {
            let (added, removed) = count_lines(&file.diff);
            let mut line = format!("{} (+{added} -{removed})", file.path);
            if !file.because.is_empty() {
                let _ = write!(line, ", {}", file.because);
            }
            match file.state {
                "added" => self.added(&line),
                "removed" => self.removed(&line),
                _ => self.changed(&line),
            }
        }
    }

    fn cost(&mut self, change: &Change) {
        self.heading("cost");
        self.line(&format!(
            "  {}, {}",
            change.cost.sentence(),
            change.cost.source()
        ));
        if let Some(transfer) = change.transfer.sentence() {
            self.line(&format!("  {transfer}"));
        }
        for note in &change.cost.notes {
            self.line(&format!("  {note}"));
        }
    }
}

/// `a -> b`, `+ b`, `- a`.
pub(super) fn values(change: &AttributeChange) -> String {
    let shown = |value: &str| {
        if value.is_empty() {
            "\"\"".to_owned()
        } else {
            short(value)
        }
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} -> {}", shown(before), shown(after)),
        (None, Some(after)) => format!("none -> {}", shown(after)),
        (Some(before), None) => format!("{} -> none", shown(before)),
        (None, None) => String::new(),
    }
}

/// The first line of a value, cut at sixty characters.
fn short(value: &str) -> String {
    let line = value.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(60).collect();
    if cut.len() < value.len() {
        format!("{cut}…")
    } else {
        cut
    }
}
