//! The JSON documents, version 1. Fields are only ever added; `docs/json.md` lists them.

use serde::Serialize;

use super::access::{ChainRecord, records};
use super::{Check, Diff, FileDiff, Summary, positions, sorted};
use crate::finding::{Finding, Origin, Position, Severity};

/// The version of every JSON document of this seance.
pub(crate) const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct CheckDocument<'a> {
    schema_version: u32,
    command: &'static str,
    server: Option<&'a str>,
    findings: Vec<FindingRecord<'a>>,
    summary: Summary,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    access: Vec<ChainRecord<'a>>,
}

#[derive(Serialize)]
struct FindingRecord<'a> {
    rule: &'static str,
    severity: Severity,
    message: &'a str,
    help: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    origin: Origin,
    label: &'a str,
    related: Vec<RelatedRecord<'a>>,
    patch: Option<PatchRecord<'a>>,
}

#[derive(Serialize)]
struct RelatedRecord<'a> {
    label: &'a str,
    #[serde(flatten)]
    place: PlaceRecord<'a>,
}

#[derive(Serialize)]
struct PatchRecord<'a> {
    #[serde(flatten)]
    place: PlaceRecord<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct PlaceRecord<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl<'a> PlaceRecord<'a> {
    fn new(file: &'a str, place: Option<(Position, Position)>) -> Self {
        Self {
            file,
            line: place.map(|(start, _)| start.line),
            column: place.map(|(start, _)| start.column),
            end_line: place.map(|(_, end)| end.line),
            end_column: place.map(|(_, end)| end.column),
        }
    }
}

#[derive(Serialize)]
struct DiffDocument<'a> {
    schema_version: u32,
    command: &'static str,
    server: &'a str,
    drift: bool,
    files: Vec<&'a FileDiff>,
}

/// The document of `check`.
pub(super) fn check(check: &Check<'_>) -> String {
    let findings = sorted(check.findings)
        .into_iter()
        .map(|finding| {
            let place = positions(finding, check.sources);
            FindingRecord {
                rule: finding.rule.id,
                severity: finding.severity,
                message: &finding.message,
                help: &finding.help,
                file: finding.location.as_ref().map(|at| at.file.as_str()),
                line: place.map(|(start, _)| start.line),
                column: place.map(|(start, _)| start.column),
                end_line: place.map(|(_, end)| end.line),
                end_column: place.map(|(_, end)| end.column),
                origin: finding.origin,
                label: &finding.label,
                related: related(finding, check),
                patch: patch(finding, check),
            }
        })
        .collect();
    document(&CheckDocument {
        schema_version: SCHEMA_VERSION,
        command: "check",
        server: check.server,
        findings,
        summary: Summary::of(check.findings),
        notes: check.notes,
        access: records(check.access, check.sources),
    })
}

fn related<'a>(finding: &'a Finding, check: &Check<'_>) -> Vec<RelatedRecord<'a>> {
    let records = finding.related.iter().map(|related| RelatedRecord {
        label: &related.label,
        place: PlaceRecord::new(
            &related.location.file,
            super::place(&related.location, check.sources),
        ),
    });
    records.collect()
}

/// The edit, unless its place cannot be counted.
fn patch<'a>(finding: &'a Finding, check: &Check<'_>) -> Option<PatchRecord<'a>> {
    let patch = finding.patch.as_ref()?;
    let place = super::place(&super::edited(patch), check.sources)?;
    Some(PatchRecord {
        place: PlaceRecord::new(&patch.file, Some(place)),
        replacement: &patch.replacement,
    })
}

/// The document of `diff`.
pub(super) fn diff(diff: &Diff<'_>) -> String {
    let mut files: Vec<&FileDiff> = diff.files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    document(&DiffDocument {
        schema_version: SCHEMA_VERSION,
        command: "diff",
        server: diff.server,
        drift: diff.drifted(),
        files,
    })
}

/// One document, indented, with a final line feed.
#[expect(
    clippy::expect_used,
    reason = "serializing strings, numbers and booleans into memory cannot fail"
)]
pub(crate) fn document(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain data serializes");
    text.push('\n');
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Value;

    /// Asserts that `docs/json.md` names every key of a document.
    #[track_caller]
    pub(crate) fn assert_documented(document: &str) {
        let page = include_str!("../../docs/json.md");
        let mut values = vec![serde_json::from_str::<Value>(document).expect("a JSON document")];
        while let Some(value) = values.pop() {
            match value {
                Value::Object(entries) => {
                    for (key, value) in entries {
                        assert!(
                            page.contains(&format!("`{key}`")),
                            "docs/json.md lacks `{key}`"
                        );
                        values.push(value);
                    }
                }
                Value::Array(entries) => values.extend(entries),
                _ => {}
            }
        }
    }
}
