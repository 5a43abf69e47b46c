//! One annotation per grave change, and one with the summary.

use super::{Change, Danger, human, summary};
use crate::report::github::annotate;

/// The annotations.
pub(super) fn report(change: &Change, revision: &str, prefix: &str) -> String {
    let mut out = String::new();
    let file = crate::report::from_root(prefix, "seance.toml");
    for grave in change.grave() {
        let command = match grave.danger {
            Danger::DataLoss | Danger::Irreversible => "error",
            _ => "warning",
        };
        let title = format!("{}: {}", grave.danger.word(), grave.key);
        let text = format!("{}\n{}", human::values(grave), grave.because.join("\n"));
        annotate(
            &mut out,
            command,
            &[("file", file.clone()), ("title", title)],
            &text,
        );
    }
    let text = format!(
        "against {revision}: {}\n{}",
        summary(change),
        change.cost.sentence()
    );
    let properties = [
        ("file", file),
        ("title", format!("seance diff of {}", change.server)),
    ];
    annotate(&mut out, "notice", &properties, &text);
    out
}
