//! Which format version the file is written in.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Document, rules};
use crate::finding::{Finding, Origin, Patch};

/// The format version that this seance reads and writes.
const CURRENT: i64 = 1;

/// The refusal of a version that this seance does not read. A missing version or one of the wrong
/// type is the shape walk's business.
pub(super) fn check(document: &Document, table: &Spanned<DeTable<'_>>) -> Option<Finding> {
    let value = table.get_ref().get("version")?;
    let DeValue::Integer(number) = value.get_ref() else {
        return None;
    };
    if i64::from_str_radix(number.as_str(), number.radix()) == Ok(CURRENT) {
        return None;
    }
    let written = number.as_str();
    let finding = Finding::new(
        &rules::MANIFEST_VERSION,
        Origin::Manifest,
        format!("this file says version {written}, but this seance reads version {CURRENT} only"),
        format!("write `version = {CURRENT}`, or install the seance that wrote this file"),
    );
    let patch = Patch {
        file: document.file().to_owned(),
        range: value.span(),
        replacement: CURRENT.to_string(),
    };
    Some(
        finding
            .at(document.location(&["version"]))
            .labelled("not a version that this seance reads")
            .patched(patch),
    )
}
