//! Why a verb could not do its work: what happened, the one way out, the exit code.

use super::exit::Exit;

/// An error that ends the run. Findings about a manifest are no failures; they are reported.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    /// One sentence, lower case, no final period.
    pub(super) message: String,
    /// The one command or edit that helps; may be empty.
    pub(super) help: String,
}

impl Failure {
    pub(super) fn new(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            help: help.into(),
        }
    }
}

impl From<crate::render::RenderError> for Failure {
    fn from(error: crate::render::RenderError) -> Self {
        Self::new(
            Exit::Bug,
            error.to_string(),
            "report it with the manifest that shows it; no file was changed",
        )
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::Failed, error.to_string(), String::new())
    }
}
