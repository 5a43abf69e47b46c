//! `seance plan`: what an apply would do, in words, without doing it.

use super::super::arguments::{Global, Plan, PlanFormat};
use super::super::console::{self, Console};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::block_on;
use super::ready::{self, Ready, Tools};
use crate::deploy::nix::Flake;
use crate::deploy::outline::{self, Outline};
use crate::deploy::planning::{self, Prepared, Stage};
use crate::deploy::scratch;
use crate::deployment::{Deployment, StateBackend};
use crate::engine::run::Interrupts;
use crate::report::Format;

pub(in super::super) fn run(
    global: &Global,
    plan: &Plan,
    console: &Console,
) -> Result<Exit, Failure> {
    let Some(project) = ready::checked(global, console)? else {
        return Ok(Exit::Invalid);
    };
    let Some(deployment) = project.deployment() else {
        return Ok(Exit::Invalid);
    };
    ready::tidy(&project, console)?;
    let ready = ready::find(&project, deployment, &plan.engine, Tools::Planning, console)?;
    let scratch = scratch::folder()?;
    let file = scratch.path().join("plan");
    let prepared = block_on(async {
        let mut interrupts = Interrupts::listen()?;
        evaluate(&project, deployment, &ready, console, &mut interrupts).await?;
        prepare(&ready, &file, &[], console, &mut interrupts).await
    })?;
    let mut outline = outline(&project, deployment, &prepared);
    if outline.losses().next().is_some() {
        outline.notes.push(format!(
            "`seance apply` refuses this unless it is given `--confirm {}`",
            outline.server
        ));
    }
    if matches!(deployment.state.backend, StateBackend::Local) {
        outline.notes.push(
            "the state is on this machine only: `[state]` in seance.toml moves it to a bucket"
                .to_owned(),
        );
    }
    let text = outline::report(format(plan.format, console), &outline);
    console::data(&text.unwrap_or_default())?;
    Ok(if plan.detailed_exitcode && !outline.is_empty() {
        Exit::Differences
    } else {
        Exit::Fine
    })
}

/// Lets Nix say what it thinks of the system, where it is installed.
async fn evaluate(
    project: &Project,
    deployment: &Deployment,
    ready: &Ready,
    console: &Console,
    interrupts: &mut Interrupts,
) -> Result<(), Failure> {
    let folder = std::path::absolute(&project.folder)?;
    let server = deployment.server().name.as_str();
    let Some(flake) = Flake::find(&folder, server, &ready.environment) else {
        console.note("note: Nix is not installed here, so the system was not evaluated");
        return Ok(());
    };
    console.note("nix eval: does the system evaluate?");
    flake.evaluate(interrupts, |_| ()).await?;
    Ok(())
}

/// Plans, telling a person what is going on.
pub(super) async fn prepare(
    ready: &Ready,
    file: &std::path::Path,
    options: &[&str],
    console: &Console,
    interrupts: &mut Interrupts,
) -> Result<Prepared, Failure> {
    let program = ready.engine.kind.program();
    let on_stage = |stage| match stage {
        Stage::Initializing => console.note(&format!("{program} init: fetching the providers")),
        Stage::Planning => console.note(&format!("{program} plan: asking the clouds")),
    };
    let module = ready.module();
    let prepared = planning::prepare(&module, file, options, interrupts, on_stage, |_| ()).await?;
    Ok(prepared)
}

/// What a plan would do, in the words of this project.
pub(super) fn outline(project: &Project, deployment: &Deployment, prepared: &Prepared) -> Outline {
    Outline::of(
        &prepared.plan,
        prepared.judgement.clone(),
        deployment,
        project.document(),
        &project.text,
    )
}

fn format(format: PlanFormat, console: &Console) -> Format {
    match format {
        PlanFormat::Human => Format::Human(console.stdout_terminal()),
        PlanFormat::Json => Format::Json,
        PlanFormat::Markdown => Format::Markdown,
    }
}
