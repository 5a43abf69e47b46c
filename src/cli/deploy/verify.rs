//! `seance verify`, and the end of every apply: does the machine do what was promised.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::super::arguments::{Global, Verify};
use super::super::console::{self, Console};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::block_on;
use super::carry::KNOWN_HOSTS;
use super::ready::{self, Ready, Tools};
use crate::deploy::health::{self, Outputs};
use crate::deploy::{planning, trouble};
use crate::deployment::Deployment;
use crate::engine::module::ModuleError;
use crate::engine::run::Interrupts;
use crate::remote::ssh::{HostKeys, Ssh};
use crate::remote::verify::{self, Check, Expectation, Outcome, Report};
use crate::report::Terminal;
use crate::report::terminal::{Paint, sanitize};
use crate::workspace::Workspace as _;

pub(in super::super) fn run(
    global: &Global,
    arguments: &Verify,
    console: &Console,
) -> Result<Exit, Failure> {
    let project = Project::open(global)?;
    let Some(deployment) = project.deployment() else {
        return Ok(super::super::check::report_invalid(&project, console));
    };
    let ready = ready::find(
        &project,
        deployment,
        &arguments.engine,
        Tools::Looking,
        console,
    )?;
    block_on(async {
        let mut interrupts = Interrupts::listen()?;
        let outputs = outputs(&ready, &mut interrupts).await?;
        let ssh = ssh(&project, deployment, &outputs)?;
        let expectation = health::expectation(deployment, &outputs, ssh, None, now());
        let report = verify::verify(&expectation).await;
        console::data(&shown(&report, console.stdout_terminal()))?;
        Ok(exit(&report))
    })
}

/// Waits until everything is as promised, or says what is not.
pub(super) async fn wait(
    expectation: &Expectation,
    patience: Duration,
    console: &Console,
    interrupts: &mut Interrupts,
) -> Result<Exit, Failure> {
    let told = |waiting: &verify::Waiting<'_, Vec<Check>>| {
        if let Some(first) = waiting.seen.first().filter(|_| !waiting.is_same) {
            console.note(&format!(
                "waiting: {}: {}",
                first.name,
                sanitize(&first.detail)
            ));
        }
    };
    let waited = tokio::select! {
        waited = verify::wait_for_health(expectation, patience, told) => waited,
        () = interrupts.next() => {
            let help = "`seance verify` looks again; nothing is half-done";
            return Err(Failure::new(Exit::Interrupted, "stopped before the server was verified", help));
        }
    };
    let report = match waited {
        Ok(report) => report,
        // The last look is the whole picture, what passed included.
        Err(_) => verify::verify(expectation).await,
    };
    console::data(&shown(&report, console.stdout_terminal()))?;
    Ok(exit(&report))
}

/// What the state says of the server.
pub(super) async fn outputs(
    ready: &Ready,
    interrupts: &mut Interrupts,
) -> Result<Outputs, Failure> {
    let module = ready.module();
    let outputs = match module.outputs(interrupts).await {
        // A fresh clone, whose state may be in a bucket.
        Err(ModuleError::Failed(failed)) if trouble::wants_init(&failed) => {
            planning::initialize(&module, interrupts).await?;
            module.outputs(interrupts).await?
        }
        result => result?,
    };
    Outputs::read(&outputs).ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            "the state knows no server",
            "run `seance apply` to make one",
        )
    })
}

/// The way in, with the host key pinned that the installation gave the server.
pub(super) fn ssh(
    project: &Project,
    deployment: &Deployment,
    outputs: &Outputs,
) -> Result<Ssh, Failure> {
    let path: PathBuf = std::path::absolute(&project.folder)?.join(KNOWN_HOSTS);
    let ssh = health::ssh(deployment, outputs, path);
    let Some(key) = &outputs.host_key else {
        // Plain OpenTofu installed it, and nobody wrote the key down.
        return Ok(ssh.host_keys(HostKeys::AcceptNew));
    };
    let line = format!("{} {key}\n", ssh.host().known_as());
    let workspace = &project.workspace;
    if workspace.read(KNOWN_HOSTS)?.as_deref() != Some(line.as_bytes()) {
        workspace.create_folder(".seance")?;
        workspace.write_synced(KNOWN_HOSTS, line.as_bytes())?;
    }
    Ok(ssh)
}

/// Seconds since 1970, for what a certificate says of its end.
pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |elapsed| {
        i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
    })
}

fn exit(report: &Report) -> Exit {
    if report.is_healthy() {
        Exit::Fine
    } else {
        Exit::Unhealthy
    }
}

/// Every check on a line, and below a failed one what to do about it.
fn shown(report: &Report, terminal: Terminal) -> String {
    let mut text = String::new();
    for check in &report.checks {
        let word = match check.outcome {
            Outcome::Passed => Paint::Green.apply(terminal, "ok"),
            Outcome::Failed => Paint::Red.apply(terminal, "FAILED"),
            Outcome::Skipped => Paint::Yellow.apply(terminal, "skipped"),
        };
        text.push_str(&format!("{word} {}", sanitize(&check.name)));
        if !check.detail.is_empty() {
            text.push_str(&format!(": {}", sanitize(&check.detail)));
        }
        text.push('\n');
        for (label, advice) in [("likely", &check.cause), ("next", &check.next)] {
            if let Some(advice) = advice {
                text.push_str(&format!("    {label}: {}\n", sanitize(advice)));
            }
        }
    }
    let failed = report.failures().count();
    let verdict = match report.failures().next() {
        None if report.is_healthy() => "healthy".to_owned(),
        None => "not everything could be looked at".to_owned(),
        Some(first) => format!(
            "not healthy: {} failed; begin with {}",
            crate::report::counted(failed, "check", "checks"),
            sanitize(&first.name)
        ),
    };
    text.push_str(&format!("{verdict}\n"));
    text
}
