//! Every text that a fuzzer broke something with, and the seeds it starts from, tried again.

use std::io;
use std::path::Path;

#[path = "../fuzz/properties.rs"]
mod properties;

/// Runs a property over every file of a target and says how many there were.
fn replay(target: &str, property: fn(&str)) -> io::Result<usize> {
    let mut count = 0;
    for folder in ["seeds", "regressions"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz")
            .join(folder)
            .join(target);
        for entry in path.read_dir()? {
            // A fuzz target sees nothing of bytes that are not UTF-8.
            if let Ok(text) = String::from_utf8(std::fs::read(entry?.path())?) {
                property(&text);
                count += 1;
            }
        }
    }
    Ok(count)
}

#[test]
fn manifest() {
    assert!(replay("manifest", properties::manifest).unwrap() > 1);
}

#[test]
fn nix_reader() {
    assert!(replay("nix_reader", properties::nix_reader).unwrap() > 1);
}

#[test]
fn ownership_header() {
    assert!(replay("ownership_header", properties::ownership_header).unwrap() > 1);
}
