//! Whole projects, rendered and compared byte for byte with the trees committed beside them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod golden {
    mod coverage;
    mod trees;
}
