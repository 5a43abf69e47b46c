//! The `seance` binary: parse, run, turn one result into one exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    seance::cli::main()
}
