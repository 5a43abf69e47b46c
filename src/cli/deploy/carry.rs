//! Carrying an apply out, from the first plan to the last pass.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::console::{self, Console};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::follow::Follow;
use super::plan;
use super::question;
use super::ready::Ready;
use super::verify;
use crate::deploy::health;
use crate::deploy::installation::{
    ACTIVATE, Commands, HostKey, INSTALL, REHEARSE_ACTIVATE, REHEARSE_INSTALL,
};
use crate::deploy::journal::{Installation, Journal, Step};
use crate::deploy::nix::{Built, Flake, NixError};
use crate::deploy::outline::{self, Outline};
use crate::deploy::passes::{self, Pass};
use crate::deploy::planning::Prepared;
use crate::deploy::protection;
use crate::deployment::{BuildOn, Deployment};
use crate::engine::events::Event;
use crate::engine::gate::PlannedChange;
use crate::engine::run::{Interrupts, Log};
use crate::report::Format;

/// Where the engine writes what it says, below the manifest's folder.
const LOG: &str = ".seance/engine.log";
/// Where the server's host key is written down.
pub(super) const KNOWN_HOSTS: &str = ".seance/known_hosts";

/// Why an installation on a droplet that is there destroys nothing.
const GOES_ON: &str = "the earlier apply made this droplet and did not begin to install; nothing \
                       but the stock image is on its disk";

/// A server that ran before answers soon.
const SOON: Duration = Duration::from_mins(3);
/// The first start builds the shell, prepares the application and asks for certificates.
const FIRST_START: Duration = Duration::from_mins(20);
const STAYS_LARGE: &str = "note: the droplet keeps its installation size until it is healthy; mend \
                           it, then run `seance apply --resume`";

/// What the person said in advance.
pub(super) struct Answers {
    /// Do what the plan says, unless it destroys data.
    pub(super) yes: bool,
    /// The name of the server whose data may be destroyed.
    pub(super) confirm: Option<String>,
    /// Go on with an apply that did not come to its end.
    pub(super) resume: bool,
}

/// What differs between the real thing and a rehearsal.
pub(super) struct Setting {
    /// Replaces the stock image by NixOS.
    pub(super) install: &'static str,
    /// Switches the installed system.
    pub(super) activate: &'static str,
    /// Whether Nix builds the system before anything costs money.
    pub(super) builds: bool,
    /// What is done to know whether the server does what was promised.
    pub(super) verification: Verification,
}

/// How the end of an apply is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verification {
    /// From outside, as visitors and owners see it.
    Real,
    /// Not at all.
    Skipped,
    /// There is nothing to look at.
    Rehearsed,
}

impl Setting {
    /// A droplet that costs money.
    pub(super) const REAL: Self = Self {
        install: INSTALL,
        activate: ACTIVATE,
        builds: true,
        verification: Verification::Real,
    };
    /// Simulated clouds, where nothing can be installed.
    pub(super) const REHEARSAL: Self = Self {
        install: REHEARSE_INSTALL,
        activate: REHEARSE_ACTIVATE,
        builds: false,
        verification: Verification::Rehearsed,
    };
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
        let earlier = Journal::read(&self.project.workspace)?;
        self.tell_of(earlier.as_ref());
        let built = self.build().await?;
        let host_key = HostKey::make(&self.ready.environment, &mut self.interrupts).await?;
        let folder = std::path::absolute(&self.project.folder)?;
        let commands = Commands {
            install: self.setting.install,
            activate: self.setting.activate,
            host_key: Some(&host_key),
            built: built.as_ref(),
            known_hosts: folder.join(KNOWN_HOSTS),
        };
        commands.tell(&mut self.ready.environment);
        let scratch = tempfile::tempdir()?;
        let file = scratch.path().join("plan");
        let prepared = self.plan(&file, &[]).await?;
        let outline = self.outline(&prepared, earlier.as_ref());
        let human = Format::Human(self.console.stdout_terminal());
        console::data(&outline::report(human, &outline).unwrap_or_default())?;
        let system = built.as_ref().map(|built| built.system.clone());
        if outline.is_empty() {
            Journal::clear(&self.project.workspace)?;
            return self.verify(system, SOON).await;
        }
        self.gate(&outline)?;
        question::agree(self.console, self.answers.yes)?;
        let lifted = match &prepared.protected {
            Some(_) => Some(protection::lift(&self.project.workspace)?),
            None => None,
        };
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

    /// Looks whether the server does what was promised.
    async fn verify(
        &mut self,
        system: Option<String>,
        patience: Duration,
    ) -> Result<Exit, Failure> {
        match self.setting.verification {
            Verification::Skipped => return Ok(Exit::Fine),
            Verification::Rehearsed => return self.rehearse_health(),
            Verification::Real => {}
        }
        let outputs = verify::outputs(&self.ready, &mut self.interrupts).await?;
        let ssh = verify::ssh(self.project, self.deployment, &outputs)?;
        let now = verify::now();
        let expectation = health::expectation(self.deployment, &outputs, ssh, system, now);
        self.console
            .note("verifying: login, system, units, records, sites, certificates");
        verify::wait(&expectation, patience, self.console, &mut self.interrupts).await
    }

    fn rehearse_health(&self) -> Result<Exit, Failure> {
        let fails = self.ready.environment.get("SEANCE_REHEARSAL_FAILS");
        if fails.is_some_and(|step| step == "health") {
            return Err(Failure::new(
                Exit::Unhealthy,
                "rehearsal: the server does not answer as promised, as asked",
                "`seance verify` would say what it lacks",
            ));
        }
        self.console
            .note("rehearsal: login, units, records, sites and certificates would be verified");
        Ok(Exit::Fine)
    }

    /// Plans once more and fails when there is still something to do.
    pub(super) async fn expect_nothing_to_do(&mut self) -> Result<(), Failure> {
        let scratch = tempfile::tempdir()?;
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

    fn outline(&self, prepared: &Prepared, earlier: Option<&Journal>) -> Outline {
        let mut outline = plan::outline(self.project, self.deployment, prepared);
        if may_install(earlier, self.answers.resume) {
            outline.excuse(passes::INSTALL, GOES_ON);
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

    /// Where this apply begins, or an earlier one goes on.
    fn first_pass(&self, prepared: &Prepared, earlier: Option<&Journal>) -> Pass {
        let resumed = earlier.filter(|_| self.answers.resume);
        match (resumed.map(|journal| journal.step), self.install_size()) {
            (Some(_), Some(size)) if !passes::makes_droplet(&prepared.plan) => {
                let is_installed =
                    resumed.is_some_and(|journal| journal.installation == Installation::Done);
                if is_installed {
                    Pass::Lower
                } else {
                    Pass::Raise {
                        size: size.to_owned(),
                    }
                }
            }
            (_, size) => Pass::first(&prepared.plan, size),
        }
    }

    /// Refuses what destroys data unless the server is named.
    fn gate(&self, outline: &Outline) -> Result<(), Failure> {
        let losses: Vec<&PlannedChange> = outline.losses().collect();
        let server = self.deployment.server().name.as_str();
        match self.answers.confirm.as_deref() {
            Some(name) if name != server => {
                return Err(Failure::new(
                    Exit::Refused,
                    format!("`--confirm {name}` names another server: this one is `{server}`"),
                    "look which manifest this is before you confirm anything",
                ));
            }
            Some(_) => return Ok(()),
            None if losses.is_empty() => return Ok(()),
            None => {}
        }
        let lost: Vec<String> = losses
            .iter()
            .map(|change| format!("\n  - {} {}", change.what.verb(), change.address))
            .collect();
        Err(Failure::new(
            Exit::Refused,
            format!(
                "this would destroy data, so nothing was done:{}",
                lost.concat()
            ),
            format!(
                "change seance.toml back; or, if {server} and everything on it may go, add \
                 `--confirm {server}`"
            ),
        ))
    }

    /// Runs one pass after the other. The first one is the plan that was shown, where it may be.
    async fn passes(
        &mut self,
        file: &Path,
        prepared: Prepared,
        earlier: Option<Journal>,
        is_lifted: bool,
        system: Option<&str>,
    ) -> Result<Exit, Failure> {
        let mut pass = self.first_pass(&prepared, earlier.as_ref());
        let resumed = earlier.filter(|_| self.answers.resume);
        let makes_droplet = passes::makes_droplet(&prepared.plan);
        let server = self.deployment.server().name.to_string();
        let mut journal = resumed.unwrap_or_else(|| Journal::begin(&server, makes_droplet));
        journal.write(&self.project.workspace)?;
        let is_shown = pass == Pass::Whole && !is_lifted;
        let mut is_first = true;
        loop {
            if !(is_first && is_shown) {
                let prepared = self.plan(file, &pass.options()).await?;
                if !is_lifted && !pass.is_announced(&prepared.plan, &prepared.judgement) {
                    return Err(self.surprise(&pass, &prepared));
                }
            }
            is_first = false;
            self.console.note(&pass.sentence(&server));
            self.run(file, &mut journal).await?;
            if matches!(pass, Pass::Raise { .. }) {
                // While there is memory for it: shell, store and `prepare` are warm afterwards.
                let exit = self.verify(system.map(str::to_owned), FIRST_START).await?;
                if exit != Exit::Fine {
                    self.console.note(STAYS_LARGE);
                    return Ok(exit);
                }
            }
            let size = self.install_size().map(str::to_owned);
            let Some(next) = pass.next(size.as_deref()) else {
                break;
            };
            journal.step = match next {
                Pass::Lower => Step::Installed,
                _ => Step::Made,
            };
            journal.write(&self.project.workspace)?;
            pass = next;
        }
        Journal::clear(&self.project.workspace)?;
        Ok(Exit::Fine)
    }

    /// A later plan that is not what was agreed to.
    fn surprise(&self, pass: &Pass, prepared: &Prepared) -> Failure {
        let outline = plan::outline(self.project, self.deployment, prepared);
        let human = Format::Human(self.console.stderr_terminal());
        self.console
            .report(&outline::report(human, &outline).unwrap_or_default());
        let server = self.deployment.server().name.as_str();
        Failure::new(
            Exit::Refused,
            format!(
                "the next step, {}, would do more than was announced, so it was not begun",
                pass.sentence(server)
            ),
            "look at the plan above; `seance apply` asks about it anew",
        )
    }

    /// Lets the engine carry a plan out and writes down how far it came.
    pub(super) async fn run(&mut self, file: &Path, journal: &mut Journal) -> Result<(), Failure> {
        journal.step = Step::Applying;
        journal.write(&self.project.workspace)?;
        let path: PathBuf = std::path::absolute(&self.project.folder)?.join(LOG);
        let Some(log) = Log::open(&path)? else {
            return Err(Failure::new(
                Exit::Locked,
                "the engine of an apply that was killed is still at work here",
                "wait for it to end, then run `seance apply --resume`",
            ));
        };
        let mut follow = Follow::new(self.console);
        let workspace = &self.project.workspace;
        let mut written = Ok(());
        let on_event = |event: &Event| {
            if notice(event, journal) && written.is_ok() {
                written = journal.write(workspace);
            }
            follow.event(event);
        };
        let console = self.console;
        let on_interrupt = |count| console.note(interrupted(count));
        let module = self.ready.module();
        let result = module
            .apply(file, log, &mut self.interrupts, on_event, on_interrupt)
            .await;
        written?;
        match result {
            Ok(()) => {
                journal.step = Step::Applied;
                journal.write(workspace)?;
                Ok(())
            }
            Err(error) => Err(stopped(&error.into(), follow.done())),
        }
    }
}

/// Whether an installation only goes on with what an earlier apply was agreed to do: the droplet
/// was made for it, and it did not begin.
fn may_install(earlier: Option<&Journal>, resume: bool) -> bool {
    let journal = earlier.filter(|_| resume);
    journal.is_some_and(|journal| {
        journal.makes_droplet && journal.installation == Installation::NotBegun
    })
}

/// Notes what an event says of the installation; whether it says anything.
fn notice(event: &Event, journal: &mut Journal) -> bool {
    let installation = match event {
        Event::Started(hook) if hook.address == passes::INSTALL && hook.action != "delete" => {
            Installation::Begun
        }
        Event::Completed(hook) if hook.address == passes::INSTALL && hook.action != "delete" => {
            Installation::Done
        }
        _ => return false,
    };
    let is_news = journal.installation != installation;
    journal.installation = installation;
    is_news
}

fn interrupted(count: u32) -> &'static str {
    match count {
        1 => {
            "stopping: what is being made is finished first, so that nothing is forgotten; press \
             Ctrl-C again to stop at once"
        }
        _ => "stopping at once: what is being made may be forgotten",
    }
}

/// A failure with what was done before it, because that is what is there now.
fn stopped(failure: &Failure, done: &[String]) -> Failure {
    let state = match done {
        [] => "\nnothing was changed".to_owned(),
        done => format!("\ndone before it stopped: {}", done.join(", ")),
    };
    let help = if failure.help.is_empty() {
        "`seance apply --resume` goes on from there".to_owned()
    } else {
        format!(
            "{}; then `seance apply --resume` goes on from there",
            failure.help
        )
    };
    Failure::new(failure.exit, format!("{}{state}", failure.message), help)
}

impl From<NixError> for Failure {
    fn from(error: NixError) -> Self {
        let (exit, help) = match &error {
            NixError::Start { .. } => (Exit::Missing, ""),
            NixError::Interrupted(_) => (Exit::Interrupted, ""),
            NixError::Failed { .. } | NixError::Strange { .. } => (
                Exit::Failed,
                "nothing was built and nothing costs money yet: mend the configuration",
            ),
        };
        Self::new(exit, error.to_string(), help)
    }
}
