//! What stands between a line of a generated tree and a machine that nobody reaches: every line,
//! binding, block and list item is taken out by itself, and a rule has to say so. Where none does,
//! `tests/lines/unguarded.txt` says why none has to.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod lines {
    mod cuts;
    mod guards;
    mod unguarded;
}
