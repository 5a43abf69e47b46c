//! Rendered files, read back by the parsers and shells that will read them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod render {
    mod literals;
    mod properties;
    mod roundtrip;
    mod scripts;
    mod support;
    mod wiring;
}
