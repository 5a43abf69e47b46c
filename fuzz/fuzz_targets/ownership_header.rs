//! Any bytes are read as a file with an ownership header, and a stamped text is known again.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use seance::drift::header::{self, Header};
use seance::drift::{State, compare};
use seance::render::{Ownership, RenderedFile, Tree};
use seance::workspace::MemoryWorkspace;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let stamped = header::stamp(&text);
    let known = header::parse(&stamped);
    assert!(known.fits() && matches!(known, Header::Valid { .. }));
    assert!(header::parse(&stamped.replace('\n', "\r\n")).fits());

    for path in ["a.nix", "a.tf"] {
        let body = "{\n  a = 1;\n}\n".to_owned();
        let ownership = Ownership::Owned;
        let files = [(path.to_owned(), RenderedFile { ownership, body })];
        let tree = Tree {
            files: files.into(),
        };
        let workspace = MemoryWorkspace::new();
        workspace.put(path, bytes);
        let drift = compare(&tree, &BTreeSet::new(), &[path], &workspace);
        let file = &drift.as_ref().map(|drift| &drift.files[0]);
        let file = file.as_ref().expect("a file in memory can be read");
        assert_eq!(file.state == State::Clean, file.diff().is_empty());
    }
});
