//! The command line: one thin file per verb.
//!
//! Everything that prints goes through [`console`]; everything that ends a run early is a
//! [`failure::Failure`], and only [`main`] turns it into an exit code.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

mod arguments;
mod check;
mod console;
mod diff;
mod exit;
mod explain;
mod failure;
mod generate;
mod init;
mod manual;
mod project;

use arguments::{Arguments, Verb};
use console::Console;
use exit::Exit;
use failure::Failure;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => run(&arguments).into(),
        Err(error) => usage(&error).into(),
    }
}

/// The command as clap sees it, for completions and manual pages.
pub fn command() -> clap::Command {
    Arguments::command()
}

fn run(arguments: &Arguments) -> Exit {
    let global = &arguments.global;
    let console = Console::new(global.color, global.quiet, global.verbose);
    let result = match &arguments.verb {
        Verb::Init(init) => init::run(global, init, &console),
        Verb::Gen(generate) => generate::run(global, generate, &console),
        Verb::Check(check) => check::run(global, check, &console),
        Verb::Diff(diff) => diff::run(global, diff, &console),
        Verb::Explain(explain) => explain::run(explain),
        Verb::Schema => manual::schema(),
        Verb::Completions { shell } => manual::completions(*shell),
        Verb::Man { directory } => manual::man(directory.as_deref()),
    };
    result.unwrap_or_else(|failure: Failure| {
        console.failure(&failure);
        failure.exit
    })
}

/// clap exits with 2 on a wrong command line, which here means differences.
fn usage(error: &clap::Error) -> Exit {
    // Help and version go to stdout and are no errors; a closed pipe is none either.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Fine
    }
}
