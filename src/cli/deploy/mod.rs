//! The verbs that call the engine. Nothing else in seance starts a runtime.

mod apply;
mod carry;
mod destroy;
mod follow;
mod plan;
mod question;
mod ready;
mod rehearse;
mod verify;

use std::future::Future;

pub(super) use apply::run as apply;
pub(super) use destroy::run as destroy;
pub(super) use plan::run as plan;
pub(super) use rehearse::run as rehearse;
pub(super) use verify::run as verify;

use super::exit::Exit;
use super::failure::Failure;
use crate::deploy::trouble;
use crate::engine::module::ModuleError;

/// Runs a verb to its end on this thread.
fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(future)
}

impl From<ModuleError> for Failure {
    fn from(error: ModuleError) -> Self {
        let (exit, help) = match &error {
            ModuleError::Interrupted(_) => (Exit::Interrupted, String::new()),
            ModuleError::Start { .. } => (Exit::Missing, String::new()),
            ModuleError::Plan(_) => (
                Exit::Failed,
                "name another engine with `--engine PATH`, or install a newer seance".to_owned(),
            ),
            ModuleError::Failed(failed) => {
                let exit = if trouble::is_locked(failed) {
                    Exit::Locked
                } else {
                    Exit::Failed
                };
                let help = trouble::explain(failed)
                    .map(|trouble| format!("{}: {}", trouble.cause, trouble.next));
                (exit, help.unwrap_or_default())
            }
        };
        Self::new(exit, error.to_string(), help)
    }
}
