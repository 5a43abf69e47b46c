//! What must hold of any text. The fuzz targets search for a text that breaks it, and
//! `tests/fuzz_regressions.rs` tries every text that once did.
#![allow(dead_code, reason = "each fuzz target uses one of them")]

use std::ops::Range;

/// A manifest either becomes a deployment that renders, or there is a finding that says why not.
pub(crate) fn manifest(text: &str) {
    let loaded = seance::manifest::load("seance.toml", text);
    for finding in &loaded.findings {
        assert!(!finding.message.is_empty(), "a finding without words");
        if let Some(range) = finding
            .location
            .as_ref()
            .and_then(|place| place.range.clone())
        {
            inside(text, &range);
        }
    }
    match &loaded.deployment {
        Some(deployment) => {
            if let Err(error) = seance::render::render(deployment) {
                panic!("a valid manifest does not render: {error}");
            }
        }
        None => assert!(!loaded.findings.is_empty(), "no deployment and no finding"),
    }
}

/// Nix text is read or refused, and every place that is named lies in it.
pub(crate) fn nix_reader(text: &str) {
    match seance::nix::parse(text) {
        Ok(root) => {
            for free in seance::nix::free_names(&root) {
                inside(text, &free.range);
            }
            for duplicate in seance::nix::duplicates(&root) {
                inside(text, &duplicate.first);
                inside(text, &duplicate.second);
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without an error");
            for error in errors {
                inside(text, &error.range);
            }
        }
    }
    // A quoted text is one string, whatever it holds.
    if let Some(literal) = seance::nix::string::quote(text)
        && let Err(errors) = seance::nix::parse(&literal)
    {
        panic!("a quoted text is not Nix: {errors:?}");
    }
}

/// A stamped body is recognised as clean, and any text has some header or none.
pub(crate) fn ownership_header(text: &str) {
    let _ = seance::drift::header::parse(text);
    let stamped = seance::drift::header::stamp(text);
    assert!(
        seance::drift::header::parse(&stamped).fits(),
        "a stamped body is not clean"
    );
}

fn inside(text: &str, range: &Range<usize>) {
    assert!(
        text.get(range.clone()).is_some(),
        "{range:?} is no place in the text"
    );
}
