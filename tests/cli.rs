//! The program as a person runs it: arguments in, streams, files and an exit code out.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cli {
    mod allow;
    mod check;
    mod deploy;
    mod describe;
    mod diff;
    mod exit;
    mod faults;
    mod fix;
    mod generate;
    mod imports;
    mod init;
    mod manifest;
    mod messages;
    mod support;
}
