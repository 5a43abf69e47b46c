//! What every verb that calls the engine needs first: a project without a finding, an engine,
//! and credentials.

use std::path::{Path, PathBuf};

use super::super::arguments::{Engine as EngineArguments, Global};
use super::super::check;
use super::super::console::Console;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use crate::deploy::needs::{self, Missing};
use crate::deploy::protection;
use crate::deployment::Deployment;
use crate::engine::environment::Environment;
use crate::engine::module::Module;
use crate::engine::program::{self, Engine, Kind};
use crate::workspace::{LockGuard, Workspace as _};

/// The folder of the module, below the manifest's.
const MODULE: &str = "terraform";
/// What seance keeps for itself, below the manifest's folder.
const FOLDER: &str = ".seance";
const LOCK: &str = ".seance/apply.lock";

/// Which programs a verb needs besides the engine.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tools {
    /// None.
    Planning,
    /// The one that reaches the server.
    Looking,
    /// The one that makes a host key.
    Rehearsing,
    /// Those that reach and install the server.
    Deploying,
    /// The same, where the server builds its system itself.
    DeployingThere,
}

impl Tools {
    /// Whether the clouds are asked, or the state alone.
    fn asks_clouds(self) -> bool {
        !matches!(self, Self::Looking | Self::Rehearsing)
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Planning => &[],
            Self::Looking => &["ssh"],
            Self::Rehearsing => &["ssh-keygen"],
            Self::Deploying => &["nix", "ssh", "ssh-keygen"],
            Self::DeployingThere => &["nix", "nixos-rebuild", "ssh", "ssh-keygen"],
        }
    }
}

/// All that is needed to call the engine.
pub(super) struct Ready {
    pub(super) engine: Engine,
    pub(super) environment: Environment,
    pub(super) folder: PathBuf,
}

impl Ready {
    /// The module, for one command after the other.
    pub(super) fn module(&self) -> Module<'_> {
        Module {
            engine: &self.engine,
            folder: &self.folder,
            environment: &self.environment,
        }
    }
}

/// Opens the project and refuses one that `check` finds an error in, or whose files drifted.
/// `None` when what is wrong has been reported.
pub(super) fn checked(global: &Global, console: &Console) -> Result<Option<Project>, Failure> {
    let project = Project::open(global)?;
    if project.deployment().is_none() {
        check::report_invalid(&project, console);
        return Ok(None);
    }
    let is_fine = check::refuse_errors(&project, console)?;
    Ok(is_fine.then_some(project))
}

/// Finds the engine and the credentials, and says all that is missing at once.
pub(super) fn find(
    project: &Project,
    deployment: &Deployment,
    arguments: &EngineArguments,
    tools: Tools,
    console: &Console,
) -> Result<Ready, Failure> {
    let environment = environment(console);
    let credentials = needs::credentials(deployment, &environment, tools.asks_clouds());
    let engine = engine(arguments, tools, &environment, &credentials)?;
    refuse_encryption(&engine, deployment)?;
    let folder = absolute(&project.folder)?.join(MODULE);
    Ok(Ready {
        engine,
        environment,
        folder,
    })
}

/// What a child gets to see, after saying what it does not.
pub(super) fn environment(console: &Console) -> Environment {
    let environment = Environment::inherited();
    for removed in environment.removed() {
        console.note(&format!(
            "note: `{}` is not handed on: {}",
            removed.name, removed.why
        ));
    }
    environment
}

/// The engine, when nothing is missing: neither a credential, as the caller found, nor a program.
pub(super) fn engine(
    arguments: &EngineArguments,
    tools: Tools,
    environment: &Environment,
    credentials: &[Missing],
) -> Result<Engine, Failure> {
    let engine = program::find(arguments.engine.as_deref(), environment);
    let mut missing: Vec<String> = Vec::new();
    if let Err(error) = &engine {
        missing.push(format!("{error}: {}", error.help()));
    }
    for needed in credentials {
        missing.push(format!(
            "{}, {}: {}",
            needed.what, needed.purpose, needed.help
        ));
    }
    for program in tools.programs() {
        if !has(program, environment) {
            let help = match *program {
                "nixos-rebuild" => {
                    "install nixpkgs' nixos-rebuild-ng, or set `server.build_on` to \"local\""
                }
                "nix" => "install Nix from https://nixos.org/download",
                _ => "install OpenSSH's client",
            };
            missing.push(format!("`{program}`: {help}"));
        }
    }
    match engine {
        Ok(engine) if missing.is_empty() => Ok(engine),
        _ => Err(lacking(&missing)),
    }
}

fn has(program: &str, environment: &Environment) -> bool {
    let here = std::env::current_dir().unwrap_or_default();
    which::which_in(program, environment.get("PATH"), here).is_ok()
}

/// One message for all that is missing.
fn lacking(missing: &[String]) -> Failure {
    let list: Vec<String> = missing.iter().map(|what| format!("\n  - {what}")).collect();
    Failure::new(
        Exit::Missing,
        format!("what this needs is not there:{}", list.concat()),
        "",
    )
}

/// Terraform cannot read what OpenTofu encrypts.
fn refuse_encryption(engine: &Engine, deployment: &Deployment) -> Result<(), Failure> {
    if engine.kind == Kind::Terraform && deployment.state.encrypt {
        return Err(Failure::new(
            Exit::Invalid,
            "`state.encrypt` is on, and only OpenTofu encrypts its state; this is Terraform",
            "install OpenTofu, or name it with `--engine PATH`",
        ));
    }
    Ok(())
}

/// The engine runs in the module's folder, so nothing may hang on the current one.
fn absolute(folder: &Path) -> Result<PathBuf, Failure> {
    Ok(std::path::absolute(folder)?)
}

/// The lock against a second apply on this machine, held as long as this lives. The state
/// backend's own lock is against other people.
///
/// Under the lock nobody needs the protection lifted, so what a killed run left is removed.
pub(super) fn lock(project: &Project, console: &Console) -> Result<Box<dyn LockGuard>, Failure> {
    let workspace = &project.workspace;
    workspace.create_folder(FOLDER)?;
    let lock = workspace.lock(LOCK)?.ok_or_else(|| {
        Failure::new(
            Exit::Locked,
            "another seance is deploying from this folder",
            "wait until it is done",
        )
    })?;
    if protection::remove(workspace)? {
        console.note(&format!(
            "note: removed `{}`, which a run that was killed had left behind",
            protection::PATH
        ));
    }
    Ok(lock)
}

/// Removes what a killed run left behind, unless a run is at work that needs it: for verbs that
/// change nothing and never wait for a lock.
pub(super) fn tidy(project: &Project, console: &Console) -> Result<(), Failure> {
    if project.workspace.kind(protection::PATH)?.is_none() {
        return Ok(());
    }
    match lock(project, console) {
        Err(failure) if failure.exit == Exit::Locked => Ok(()),
        result => result.map(|_| ()),
    }
}
