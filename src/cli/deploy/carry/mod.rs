//! Carrying an apply out, from the first plan to the last pass.

mod gate;
mod look;
mod passes;
mod recover;
mod setting;

use std::path::Path;
use std::time::Duration;

pub(super) use setting::{Setting, Verification};

use super::super::console::{self, Console};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::plan;
use super::question;
use super::ready::Ready;
use crate::deploy::installation::{Commands, HostKey};
use crate::deploy::journal::{INSTALLATION, Journal};
use crate::deploy::nix::{Built, Flake, NixError};
use crate::deploy::outline::{self, Outline};
use crate::deploy::passes::{INSTALL, Pass};
use crate::deploy::planning::Prepared;
use crate::deploy::{protection, scratch};
use crate::deployment::{BuildOn, Deployment};
use crate::engine::run::Interrupts;
use crate::report::Format;

/// Where the server's host key is written down.
pub(super) const KNOWN_HOSTS: &str = ".seance/known_hosts";

/// How often something may be found on the account that an earlier apply made: the droplet, then
/// what has its address, and a last look.
const ROUNDS: usize = 3;
/// A server that ran before answers soon.
const SOON: Duration = Duration::from_mins(3);
/// The first start builds the shell, prepares the application and asks for certificates.
const FIRST_START: Duration = Duration::from_mins(20);
/// What the person said in advance.
pub(super) struct Answers {
    /// Do what the plan says, unless it destroys data.
    pub(super) yes: bool,
    /// The name of the server whose data may be destroyed.
    pub(super) confirm: Option<String>,
    /// Go on with an apply that did not come to its end.
    pub(super) resume: bool,
}

/// One apply.
pub(super) struct Carry<'a> {
    pub(super) project: &'a Project,
    pub(super) deployment: &'a Deployment,
    pub(super) ready: Ready,
    pub(super) console: &'a Console,
    pub(super) answers: Answers,
    pub(super) setting: Setting,
    pub(super) interrupts: Interrupts,
}

impl Carry<'_> {
    /// Plans, asks, applies. What the server says afterwards is for the caller to find out.
    pub(super) async fn apply(&mut self) -> Result<Exit, Failure> {
        self.refuse_other_name()?;
        let earlier = Journal::read(&self.project.workspace)?;
        self.tell_of(earlier.as_ref());
        self.await_engine().await?;
        let built = self.build().await?;
        let host_key = HostKey::make(&self.ready.environment, &mut self.interrupts).await?;
        scratch::write_down(host_key.files(), &self.project.workspace)?;
        let folder = std::path::absolute(&self.project.folder)?;
        let commands = Commands {
            install: self.setting.install,
            activate: self.setting.activate,
            host_key: Some(&host_key),
            built: built.as_ref(),
            known_hosts: folder.join(KNOWN_HOSTS),
            installation: folder.join(INSTALLATION),
        };
        commands.tell(&mut self.ready.environment);
        let scratch = scratch::folder()?;
        let file = scratch.path().join("plan");
        let mut prepared = self.plan(&file, &[]).await?;
        // A record is known to be ours once the address of the droplet is known.
        for _ in 0..ROUNDS {
            if !self.take_over(&prepared.plan, earlier.as_ref()).await? {
                break;
            }
            prepared = self.plan(&file, &[]).await?;
        }
        // A protected plan is not whole, so what is agreed to is planned without the protection.
        let project = self.project;
        let lifted = if prepared.protected.is_some() && self.answers.confirm.is_some() {
            Some(protection::lift(&project.workspace)?)
        } else {
            None
        };
        if lifted.is_some() {
            prepared = self.plan(&file, &[]).await?;
        }
        let excuse = self
            .look_before_installing(&prepared.plan, earlier.as_ref())
            .await?;
        if excuse.is_some_and(|excuse| excuse.changes_plan) {
            prepared = self.plan(&file, &[]).await?;
        }
        let outline = self.outline(&prepared, earlier.as_ref(), excuse);
        let human = Format::Human(self.console.stdout_terminal());
        console::data(&outline::report(human, &outline).unwrap_or_default())?;
        let system = built.as_ref().map(|built| built.system.clone());
        if outline.is_empty() {
            Journal::clear(&self.project.workspace)?;
            return self.verify(system, SOON).await;
        }
        self.gate(&outline)?;
        question::agree(self.console, self.answers.yes)?;
        let is_lifted = lifted.is_some();
        let passes = self.passes(&file, prepared, earlier, is_lifted, system.as_deref());
        let result = passes.await;
        if let Some(lifted) = lifted {
            lifted.restore()?;
        }
        match result? {
            Exit::Fine => self.verify(system, FIRST_START).await,
            exit => Ok(exit),
        }
    }

    /// Plans once more and fails when there is still something to do.
    pub(super) async fn expect_nothing_to_do(&mut self) -> Result<(), Failure> {
        let scratch = scratch::folder()?;
        let prepared = self.plan(&scratch.path().join("plan"), &[]).await?;
        let outline = plan::outline(self.project, self.deployment, &prepared);
        let human = Format::Human(self.console.stdout_terminal());
        console::data(&outline::report(human, &outline).unwrap_or_default())?;
        if outline.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Failed,
            "a second plan right after the apply still has something to do",
            "report it with the manifest that shows it",
        ))
    }

    fn install_size(&self) -> Option<&str> {
        let size = self.deployment.server().install_size?;
        Some(size.slug.as_str())
    }

    /// What a person should know of an apply that did not come to its end.
    fn tell_of(&self, earlier: Option<&Journal>) {
        let Some(journal) = earlier else {
            return;
        };
        let help = if self.answers.resume {
            "going on with it"
        } else {
            "`--resume` goes on with it"
        };
        let words = journal.step.words();
        self.console
            .note(&format!("note: an earlier apply {words}; {help}"));
    }

    /// Evaluates and builds the system before anything costs money.
    async fn build(&mut self) -> Result<Option<Built>, Failure> {
        if !self.setting.builds {
            return Ok(None);
        }
        let folder = std::path::absolute(&self.project.folder)?;
        let server = self.deployment.server().name.as_str();
        let Some(flake) = Flake::find(&folder, server, &self.ready.environment) else {
            return Err(Failure::new(
                Exit::Missing,
                "`nix` is not installed, and nothing may cost money before the system builds",
                "install Nix from https://nixos.org/download",
            ));
        };
        let console = self.console;
        let tell = |line: &str| {
            if console.verbose {
                console.note(line);
            }
        };
        console.note("nix eval: does the system evaluate?");
        flake.evaluate(&mut self.interrupts, tell).await?;
        if self.deployment.server().build_on == BuildOn::Server {
            return Ok(None);
        }
        console.note("nix build: building the system, which takes minutes the first time");
        let built = flake.build(&mut self.interrupts, tell).await?;
        Ok(Some(built))
    }

    pub(super) async fn plan(
        &mut self,
        file: &Path,
        options: &[String],
    ) -> Result<Prepared, Failure> {
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        plan::prepare(
            &self.ready,
            file,
            &options,
            self.console,
            &mut self.interrupts,
        )
        .await
    }

    fn outline(
        &self,
        prepared: &Prepared,
        earlier: Option<&Journal>,
        excuse: Option<recover::Excuse>,
    ) -> Outline {
        let mut outline = plan::outline(self.project, self.deployment, prepared);
        if let Some(excuse) = excuse {
            outline.excuse(INSTALL, excuse.reason);
        }
        if let (Pass::Make { .. }, Some(size)) =
            (self.first_pass(prepared, earlier), self.install_size())
        {
            let server = self.deployment.server();
            outline.notes.push(format!(
                "three steps: {} is made as {}, raised to {size} for the installation with its \
                 disk untouched, and lowered to {} again",
                server.name, server.size.slug, server.size.slug
            ));
        }
        outline
    }
}

impl From<NixError> for Failure {
    fn from(error: NixError) -> Self {
        let (exit, help) = match &error {
            NixError::Start { .. } => (Exit::Missing, ""),
            NixError::Interrupted(_) => (Exit::Interrupted, ""),
            NixError::Failed { .. } | NixError::Strange { .. } => (
                Exit::Failed,
                "mend what `nix` says above; nothing was changed",
            ),
        };
        Self::new(exit, error.to_string(), help)
    }
}
