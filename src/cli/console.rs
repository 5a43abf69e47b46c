//! The only place that prints: data to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use super::arguments::Color;
use super::failure::Failure;
use crate::report::{self, Terminal};

/// Where a run prints to.
#[derive(Debug)]
pub(super) struct Console {
    color: Color,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

impl Console {
    pub(super) fn new(color: Color, quiet: bool, verbose: bool) -> Self {
        Self {
            color,
            quiet,
            verbose,
        }
    }

    /// What a report for a person on stdout may use.
    pub(super) fn stdout_terminal(&self) -> Terminal {
        Terminal {
            colour: self.colours(&io::stdout()),
            ..Terminal::PLAIN
        }
    }

    /// What a report for a person on stderr may use.
    pub(super) fn stderr_terminal(&self) -> Terminal {
        Terminal {
            colour: self.colours(&io::stderr()),
            ..Terminal::PLAIN
        }
    }

    /// A sentence for the person; nothing with `--quiet`.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            error_line(text);
        }
    }

    /// Findings, whole lines: `--quiet` does not hide what is wrong.
    #[expect(
        clippy::unused_self,
        reason = "everything that is printed goes through the console"
    )]
    pub(super) fn report(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Why the run ended, and the way out.
    pub(super) fn failure(&self, failure: &Failure) {
        let (red, cyan, reset) = if self.colours(&io::stderr()) {
            ("\x1b[1;31m", "\x1b[1;36m", "\x1b[0m")
        } else {
            ("", "", "")
        };
        error_line(&format!("{red}error{reset}: {}", failure.message));
        if !failure.help.is_empty() {
            error_line(&format!("{cyan}help{reset}: {}", failure.help));
        }
    }

    fn colours(&self, stream: &impl IsTerminal) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                !refused && !dumb && stream.is_terminal()
            }
        }
    }
}

/// Prints data. A reader that went away is no error.
pub(super) fn data(text: &str) -> io::Result<()> {
    report::emit(&mut io::stdout().lock(), text)
}

fn error_line(text: &str) {
    // Nothing is left to tell a person whose stderr is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
