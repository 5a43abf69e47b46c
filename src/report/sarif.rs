//! SARIF 2.1.0: findings for code scanning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Check, from_root, positions, sorted};
use crate::finding::{Finding, Origin, Position, Severity};
use crate::rules::Rule;

/// The SARIF log of `check`.
pub(super) fn check(check: &Check<'_>) -> String {
    let findings = sorted(check.findings);
    let ids: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.id).collect();
    let rules: BTreeMap<&str, &Rule> = findings.iter().map(|f| (f.rule.id, f.rule)).collect();
    let mut occurrences: BTreeMap<String, usize> = BTreeMap::new();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let index = ids.iter().position(|id| *id == finding.rule.id);
            result(finding, index, check, &mut occurrences)
        })
        .collect();
    let mut log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "seance",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Which order serde_json keeps depends on what else is built beside it.
    log.sort_all_objects();
    super::json::document(&log)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// The record of a rule.
fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": help(rule),
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

/// Everything that the record says: a code scanning page shows this and nothing else of it.
fn help(rule: &Rule) -> Value {
    let Rule {
        id,
        title,
        why,
        fix,
        evidence,
        ..
    } = rule;
    let source = match evidence {
        &"" => String::new(),
        evidence => format!("\n\nEvidence: {evidence}"),
    };
    json!({
        "text": format!("{fix}{source}"),
        "markdown": format!(
            "**{title}**\n\n{why}\n\n**Fix:** {fix}{source}\n\n`seance explain {id}` prints this."
        ),
    })
}

/// One finding.
fn result(
    finding: &Finding,
    rule_index: Option<usize>,
    check: &Check<'_>,
    occurrences: &mut BTreeMap<String, usize>,
) -> Value {
    let mut text = finding.message.clone();
    if !finding.help.is_empty() {
        let _ = write!(text, "\nhelp: {}", finding.help);
    }
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": locations(finding, check),
        "partialFingerprints": { "seance/v1": fingerprint(finding, check, occurrences) },
    });
    if !finding.related.is_empty() {
        result["relatedLocations"] = related(finding, check);
    }
    if let Some(fix) = fix(finding, check) {
        result["fixes"] = json!([fix]);
    }
    result
}

/// Where it is. Code scanning shows nothing without a place, so a finding about the manifest as
/// a whole points at the manifest.
fn locations(finding: &Finding, check: &Check<'_>) -> Value {
    let file = match (&finding.location, finding.origin) {
        (Some(location), _) => location.file.as_str(),
        (None, Origin::Manifest) => "seance.toml",
        (None, _) => return json!([]),
    };
    json!([{ "physicalLocation": physical(file, positions(finding, check.sources), check) }])
}

/// Further places with what each of them is.
fn related(finding: &Finding, check: &Check<'_>) -> Value {
    let places = finding.related.iter().enumerate().map(|(index, related)| {
        let place = super::place(&related.location, check.sources);
        json!({
            "id": index,
            "message": { "text": related.label },
            "physicalLocation": physical(&related.location.file, place, check),
        })
    });
    places.collect()
}

fn physical(file: &str, place: Option<(Position, Position)>, check: &Check<'_>) -> Value {
    let mut physical = json!({ "artifactLocation": artifact(file, check) });
    if let Some((start, end)) = place {
        physical["region"] = region(start, end);
    }
    physical
}

fn artifact(file: &str, check: &Check<'_>) -> Value {
    json!({ "uri": percent_encode(&from_root(check.prefix, file)) })
}

fn region(start: Position, end: Position) -> Value {
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// The mechanical edit.
fn fix(finding: &Finding, check: &Check<'_>) -> Option<Value> {
    let patch = finding.patch.as_ref()?;
    let text = check.sources.get(&patch.file)?;
    let start = Position::of(text, patch.range.start);
    let end = Position::of(text, patch.range.end).max(start);
    Some(json!({
        "description": { "text": finding.help },
        "artifactChanges": [{
            "artifactLocation": artifact(&patch.file, check),
            "replacements": [{
                "deletedRegion": region(start, end),
                "insertedContent": { "text": patch.replacement },
            }],
        }],
    }))
}

/// What stays the same when lines move: the rule, the file, the text of the line, and which of
/// several equal ones it is.
fn fingerprint(
    finding: &Finding,
    check: &Check<'_>,
    occurrences: &mut BTreeMap<String, usize>,
) -> String {
    let file = finding
        .location
        .as_ref()
        .map_or("", |location| location.file.as_str());
    let line = positions(finding, check.sources)
        .and_then(|(start, _)| check.sources.get(file)?.lines().nth(start.line - 1))
        .filter(|_| !finding.is_secret)
        .unwrap_or("");
    let identity = format!("{}\0{file}\0{}", finding.rule.id, line.trim());
    let occurrence = occurrences.entry(identity.clone()).or_default();
    *occurrence += 1;
    let digest = Sha256::digest(format!("{identity}\0{occurrence}"));
    digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A relative URI: everything but unreserved characters and `/` as `%XX`.
fn percent_encode(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
