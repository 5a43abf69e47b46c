//! `seance.toml`: parsed, checked for shape, resolved into a [`Deployment`].
//!
//! ```text
//! text -syntax-> tree -shape-> pruned tree -serde-> v1::Manifest -resolve-> Draft -relations-> Deployment
//! ```
//!
//! Every stage reports all it finds and hands on what it could read, so that one mistake never
//! hides another.

mod allow;
mod defaults;
mod document;
mod draft;
mod patterns;
mod reference;
mod relations;
mod resolve;
pub mod rules;
mod schema;
mod shape;
mod syntax;
mod v1;
mod version;

pub use allow::unused as unused_allowances;
pub use document::Document;
pub use reference::{defaults, reference};
pub use schema::{schema, schema_text, shape};

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::deployment::Deployment;
use crate::finding::{Finding, Location, Origin, Severity};

/// Less memory than this, in MiB, and the installer does not fit.
pub const MINIMUM_MEMORY_MIB: u32 = 2048;

/// What came out of one `seance.toml`.
#[derive(Debug)]
pub struct Loaded {
    /// The deployment; `None` exactly when a finding is an error.
    pub deployment: Option<Deployment>,
    /// Everything that is wrong or doubtful, in the order of the file.
    pub findings: Vec<Finding>,
    /// Where every key and value stands.
    pub document: Document,
    /// The rules with a finding about the manifest that `[check] allow` silenced.
    pub silenced: BTreeSet<&'static str>,
}

/// Reads a manifest and reports everything that can be known from its text alone.
pub fn load(file_name: &str, text: &str) -> Loaded {
    let parsed = syntax::parse(file_name, text);
    let document = Document::new(file_name, &parsed.table);
    let mut findings = parsed.findings;
    let mut deployment = None;
    let mut silenced = BTreeSet::new();
    if parsed.trusted {
        if let Some(refusal) = version::check(&document, &parsed.table) {
            findings.push(refusal);
        } else {
            let found = load_version_1(text, &document, parsed.table, &mut silenced);
            findings.extend(found.0);
            deployment = found.1;
        }
    }
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        deployment = None;
    }
    findings.sort_by_key(|finding| {
        let range = finding
            .location
            .as_ref()
            .and_then(|location| location.range.clone());
        range.map_or((0, 0), |range| (range.start, range.end))
    });
    Loaded {
        deployment,
        findings,
        document,
        silenced,
    }
}

fn load_version_1(
    text: &str,
    document: &Document,
    mut table: Spanned<DeTable<'_>>,
    silenced: &mut BTreeSet<&'static str>,
) -> (Vec<Finding>, Option<Deployment>) {
    let shape = shape::check(document.file(), text, schema::embedded(), &mut table);
    let mut findings = shape.findings;
    let span = table.span();
    let value = Spanned::new(span, DeValue::Table(table.into_inner()));
    let raw = match v1::Manifest::deserialize(ValueDeserializer::from(value)) {
        Ok(raw) => raw,
        Err(error) => {
            findings.push(unreadable(document, &error));
            return (findings, None);
        }
    };
    let (draft, found) = resolve::resolve(document, shape.emptied, &raw);
    findings.extend(found);
    findings.extend(relations::check(document, &draft));
    let findings = allow::apply(document, &raw, findings, silenced);
    let failed = findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    let deployment = if failed { None } else { draft.finish() };
    if deployment.is_none() && !failed {
        return (vec![incomplete(document)], None);
    }
    (findings, deployment)
}

/// What serde still refuses after the shape was right.
fn unreadable(document: &Document, error: &toml::de::Error) -> Finding {
    let location = match error.span() {
        Some(span) => Location::span(document.file(), span),
        None => Location::file(document.file()),
    };
    Finding::new(
        &rules::MANIFEST_TYPE,
        Origin::Manifest,
        error.message().replace('\n', ", "),
        "write the value as `seance schema` describes it",
    )
    .at(location)
}

/// The last net: no deployment without an error that says so.
fn incomplete(document: &Document) -> Finding {
    Finding::new(
        &rules::MANIFEST_VALUE,
        Origin::Manifest,
        "the manifest does not describe a whole deployment",
        "please report this manifest: `seance` should have said what is missing",
    )
    .at(Location::file(document.file()))
}

/// A path as a person writes it, such as `services.app.port`; elements are counted from one.
fn dotted<T: AsRef<str>>(path: &[T]) -> String {
    let mut text = String::new();
    for key in path.iter().map(AsRef::as_ref) {
        if !text.is_empty() {
            text.push('.');
        }
        let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !key.is_empty() && key.chars().all(bare) {
            text.push_str(key);
        } else {
            text.push_str(&format!("\"{}\"", key.escape_debug()));
        }
    }
    text
}

/// `a`, `a or b`, `a, b or c`.
fn either<T: AsRef<str>>(words: &[T], joint: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {joint} {}", first.join(", "), last.as_ref())
        }
    }
}
