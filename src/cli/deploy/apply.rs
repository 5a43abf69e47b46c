//! `seance apply`: from a manifest to a machine that answers.

use super::super::arguments::{Apply, Global};
use super::super::console::Console;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::block_on;
use super::carry::{Answers, Carry, Setting, Verification};
use super::ready::{self, Tools};
use crate::deployment::BuildOn;
use crate::engine::run::Interrupts;

pub(in super::super) fn run(
    global: &Global,
    apply: &Apply,
    console: &Console,
) -> Result<Exit, Failure> {
    let Some(project) = ready::checked(global, console)? else {
        return Ok(Exit::Invalid);
    };
    let _lock = ready::lock(&project, console)?;
    let Some(deployment) = project.deployment() else {
        return Ok(Exit::Invalid);
    };
    let tools = match deployment.server().build_on {
        BuildOn::Local => Tools::Deploying,
        BuildOn::Server => Tools::DeployingThere,
    };
    let ready = ready::find(&project, deployment, &apply.engine, tools, console)?;
    block_on(async {
        let mut carry = Carry {
            project: &project,
            deployment,
            ready,
            console,
            answers: Answers {
                yes: apply.yes,
                confirm: apply.confirm.clone(),
                resume: apply.resume,
            },
            setting: Setting {
                verification: if apply.skip_verify {
                    Verification::Skipped
                } else {
                    Verification::Real
                },
                ..Setting::REAL
            },
            interrupts: Interrupts::listen()?,
        };
        carry.apply().await
    })
}
