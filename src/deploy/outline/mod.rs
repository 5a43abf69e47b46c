//! What a plan would do, tied to the manifest and priced, in every format.

use serde::Serialize;

use crate::danger::Danger;
use crate::deployment::Deployment;
use crate::engine::gate::{Judgement, OutsideChange, PlannedChange};
use crate::engine::plan::Plan;
use crate::finding::Position;
use crate::manifest::Document;
use crate::report::Format;

mod cause;
mod cost;
mod human;
mod json;
mod markdown;

#[cfg(test)]
mod tests;

pub use cost::Cost;

/// The value of the manifest that wants a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// Line, from 1; absent where a default decides.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// Its key, such as `server.size`.
    pub key: String,
}

/// One change and what wants it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The change.
    #[serde(flatten)]
    pub change: PlannedChange,
    /// The value of the manifest behind it; `None` when it is something else.
    pub manifest: Option<Wanted>,
}

/// What a plan would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The server's name.
    pub server: String,
    /// The manifest's file name.
    pub manifest: String,
    /// What would be done, worst first.
    pub entries: Vec<Entry>,
    /// What was changed outside.
    pub outside: Vec<OutsideChange>,
    /// The monthly price of all droplets.
    pub cost: Cost,
    /// What else a person should know, one sentence each.
    pub notes: Vec<String>,
}

impl Outline {
    /// Ties what a plan would do to the manifest.
    pub fn of(
        plan: &Plan,
        judgement: Judgement,
        deployment: &Deployment,
        document: &Document,
        text: &str,
    ) -> Self {
        let wanted = |change: &PlannedChange| {
            let key = cause::key(change, deployment)?;
            let path: Vec<&str> = key.iter().map(String::as_str).collect();
            let location = document.has(&path).then(|| document.location(&path));
            let range = location.and_then(|location| location.range);
            let place = range.map(|range| Position::of(text, range.start));
            Some(Wanted {
                line: place.map(|place| place.line),
                column: place.map(|place| place.column),
                key: key.join("."),
            })
        };
        let entries = judgement.changes.into_iter().map(|change| Entry {
            manifest: wanted(&change),
            change,
        });
        Self {
            server: deployment.server().name.to_string(),
            manifest: document.file().to_owned(),
            entries: entries.collect(),
            outside: judgement.outside,
            cost: Cost::of(plan),
            notes: Vec::new(),
        }
    }

    /// Takes the danger off the creation of a resource, for a reason that a plan cannot know.
    pub fn excuse(&mut self, address: &str, reason: &str) {
        for entry in &mut self.entries {
            let change = &mut entry.change;
            if change.address == address {
                change.danger = Danger::None;
                change.because = vec![reason.to_owned()];
            }
        }
        self.entries.sort_by(|a, b| {
            let (a, b) = (&a.change, &b.change);
            b.danger
                .cmp(&a.danger)
                .then_with(|| a.address.cmp(&b.address))
        });
    }

    /// The worst that would happen.
    pub fn danger(&self) -> Danger {
        let dangers = self.entries.iter().map(|entry| entry.change.danger);
        dangers.max().unwrap_or(Danger::None)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What would destroy data.
    pub fn losses(&self) -> impl Iterator<Item = &PlannedChange> {
        let changes = self.entries.iter().map(|entry| &entry.change);
        changes.filter(|change| change.danger == Danger::DataLoss)
    }
}

/// The report in one format; `None` for the formats of findings.
pub fn report(format: Format, outline: &Outline) -> Option<String> {
    match format {
        Format::Human(terminal) => Some(human::report(terminal, outline)),
        Format::Json => Some(json::report(outline)),
        Format::Markdown => Some(markdown::report(outline)),
        Format::Sarif | Format::Github => None,
    }
}

/// How much is done, in one line: `2 to create, 1 to change`.
pub fn summary(outline: &Outline) -> String {
    use crate::engine::gate::What;
    if outline.is_empty() {
        return "nothing to do".to_owned();
    }
    let kinds: [(&[What], &str); 6] = [
        (&[What::Create], "to create"),
        (&[What::Change], "to change"),
        (&[What::Replace, What::ForgetAndCreate], "to replace"),
        (&[What::Destroy], "to destroy"),
        (&[What::Move, What::Import], "to take over"),
        (&[What::Forget, What::Unclear], "to look at"),
    ];
    let counted = kinds.iter().filter_map(|(whats, words)| {
        let entries = outline.entries.iter();
        let count = entries
            .filter(|entry| whats.contains(&entry.change.what))
            .count();
        (count > 0).then(|| format!("{count} {words}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}
