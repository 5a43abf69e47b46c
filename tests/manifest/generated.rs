//! The checked-in schema and reference are those that the types make.

use std::path::Path;

use seance::manifest;

/// Compares a checked-in file with its text; `UPDATE=1` writes it.
fn assert_current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folder");
        std::fs::write(&file, text).expect("writable");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == text,
        "{path} is not what the types make; run `UPDATE=1 cargo test --test manifest`"
    );
}

#[test]
fn schema_is_current() {
    let text = serde_json::to_string_pretty(&manifest::schema()).expect("JSON");
    assert_current("schema/seance.schema.json", &format!("{text}\n"));
}

#[test]
fn shape_is_current() {
    assert_current("schema/shape.json", &format!("{}\n", manifest::shape()));
}

#[test]
fn reference_is_current() {
    assert_current("docs/manifest.md", &manifest::reference());
}
