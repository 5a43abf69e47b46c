//! GitHub workflow commands: one annotation per finding or drifted file.

use std::fmt::Write as _;

use super::{Check, Diff, counted, from_root, positions, sorted, unified, written};
use crate::finding::Severity;

/// The annotations of `check`.
pub(super) fn check(check: &Check<'_>) -> String {
    let mut out = String::new();
    for finding in sorted(check.findings) {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "notice",
        };
        let mut properties = Vec::new();
        if let Some(location) = &finding.location {
            properties.push(("file", from_root(check.prefix, &location.file)));
        }
        if let Some((start, end)) = positions(finding, check.sources) {
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            // GitHub refuses columns of a range over several lines.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
        properties.push(("title", finding.rule.id.to_owned()));
        let mut text = format!("{}\n{}", finding.message, finding.help);
        for related in &finding.related {
            let place = written(&related.location, check.sources);
            let _ = write!(text, "\n{}: {place}", related.label);
        }
        annotate(&mut out, command, &properties, text.trim_end());
    }
    for note in check.notes {
        annotate(&mut out, "notice", &[("title", "seance".to_owned())], note);
    }
    out
}

/// The annotations of `diff`: one per drifted file.
pub(super) fn diff(diff: &Diff<'_>) -> String {
    let mut out = String::new();
    for file in diff.changed() {
        let (added, removed) = unified::count_lines(&file.diff);
        let because = if file.because.is_empty() {
            String::new()
        } else {
            format!(" ({})", file.because)
        };
        let help = match file.state {
            "edited" | "foreign" => {
                "run `seance diff` to see them; `seance gen` does not overwrite what a person wrote"
            }
            _ => "run `seance gen` and commit the result",
        };
        let text = format!(
            "`{}` is {}{because}: {} to add, {removed} to remove\n{help}",
            file.path,
            file.state,
            counted(added, "line", "lines"),
        );
        let properties = [
            ("file", from_root(diff.prefix, &file.path)),
            ("title", format!("drift: {}", file.state)),
        ];
        annotate(&mut out, "error", &properties, &text);
    }
    out
}

/// Appends one workflow command.
pub(crate) fn annotate(out: &mut String, command: &str, properties: &[(&str, String)], text: &str) {
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", escape_property(value)))
        .collect();
    let _ = writeln!(
        out,
        "::{command} {}::{}",
        properties.join(","),
        escape_data(text)
    );
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
