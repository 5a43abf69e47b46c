//! The command line: one thin file per verb.
//!
//! Everything that prints goes through [`console`]; everything that ends a run early is a
//! [`failure::Failure`], and only [`main`] turns it into an exit code.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};

mod arguments;
mod check;
mod console;
mod deploy;
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
        Verb::Apply(apply) => deploy::apply(global, apply, &console),
        Verb::Destroy(destroy) => deploy::destroy(global, destroy, &console),
        Verb::Rehearse(rehearse) => deploy::rehearse(global, rehearse, &console),
        Verb::Verify(verify) => deploy::verify(global, verify, &console),
        Verb::Plan(plan) => deploy::plan(global, plan, &console),
        Verb::Explain(explain) => explain::run(explain),
        Verb::Schema => manual::schema(),
        Verb::Completions { shell } => manual::completions(*shell),
        Verb::Man { folder } => manual::man(folder.as_deref()),
    };
    result.unwrap_or_else(|failure: Failure| {
        console.failure(&failure);
        failure.exit
    })
}

/// Verbs of the design that this version does not have; its messages already name some of them.
const LATER: [&str; 10] = [
    "status",
    "logs",
    "ssh",
    "update",
    "rollback",
    "scale",
    "secret",
    "doctor",
    "cost",
    "builder-key",
];

/// clap exits with 2 on a wrong command line, which here means differences.
fn usage(error: &clap::Error) -> Exit {
    if let Some(ContextValue::String(verb)) = error.get(ContextKind::InvalidSubcommand)
        && LATER.contains(&verb.as_str())
    {
        Console::new(arguments::Color::Auto, false, false).failure(&Failure::new(
            Exit::Usage,
            format!("`seance {verb}` is not in this version, which generates, checks and deploys"),
            "run `seance --help` for what there is",
        ));
        return Exit::Usage;
    }
    // Help and version go to stdout and are no errors; a closed pipe is none either.
    let _ = error.print();
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Fine
    }
}
