//! One pass after the other, and the engine at work.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Carry, FIRST_START};
use crate::cli::deploy::follow::Follow;
use crate::cli::deploy::plan;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::deploy::journal::{Journal, Step};
use crate::deploy::outline;
use crate::deploy::passes::{self, Pass};
use crate::deploy::planning::Prepared;
use crate::deploy::recovery;
use crate::engine::events::Event;
use crate::engine::run::Log;
use crate::report::Format;

/// Where the engine writes what it says, below the manifest's folder.
pub(super) const LOG: &str = ".seance/engine.log";
/// Longer than every wait of the providers and the installation together.
const LONGEST: Duration = Duration::from_hours(1);
const STAYS_LARGE: &str = "note: the droplet keeps its installation size until it is healthy; mend \
                           it, then run `seance apply --resume`";

impl Carry<'_> {
    /// Where this apply begins, or an earlier one goes on.
    pub(super) fn first_pass(&self, prepared: &Prepared, earlier: Option<&Journal>) -> Pass {
        let resumed = earlier.filter(|_| self.answers.resume);
        match (resumed.map(|journal| journal.step), self.install_size()) {
            (Some(_), Some(size)) if recovery::installs_again(&prepared.plan) => Pass::Raise {
                size: size.to_owned(),
            },
            (_, size) => Pass::first(&prepared.plan, size),
        }
    }

    /// Runs one pass after the other. The first one is the plan that was shown, where it may be.
    pub(super) async fn passes(
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
        let mut journal = match resumed {
            Some(journal) => journal,
            None => Journal::begin(&server, makes_droplet, &self.project.workspace)?,
        };
        journal.write(&self.project.workspace)?;
        let is_shown = pass == Pass::Whole;
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
            self.run(file, &pass.options(), &mut journal).await?;
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
        if makes_droplet {
            self.tell_of_doubles().await;
        }
        Journal::clear(&self.project.workspace)?;
        Ok(Exit::Fine)
    }

    /// A failure with what was done before it, because that is what is there now, and with what the
    /// machine itself shows where the installation or the switch failed.
    async fn stopped(&mut self, failure: &Failure, follow: &Follow<'_>) -> Failure {
        let mut message = failure.message.clone();
        match follow.done() {
            [] => message.push_str("\nnothing was changed"),
            done => message.push_str(&format!("\ndone before it stopped: {}", done.join(", "))),
        }
        let mut help = failure.help.clone();
        if let Some(address) = follow.failed()
            && let Some(advice) = self.diagnose(address, follow).await
        {
            message.push_str(&format!("\nthe machine: {}; {}", advice.what, advice.cause));
            if help.is_empty() {
                help = advice.next;
            }
        }
        if !help.is_empty() {
            help.push_str("; then ");
        }
        help.push_str("`seance apply --resume` goes on from there");
        Failure::new(failure.exit, message, help)
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
    pub(in crate::cli::deploy) async fn run(
        &mut self,
        file: &Path,
        options: &[String],
        journal: &mut Journal,
    ) -> Result<(), Failure> {
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
        let on_event = |event: &Event| follow.event(event);
        let console = self.console;
        let on_interrupt = |count| console.note(interrupted(count));
        let module = self.ready.module();
        self.interrupts.bound(LONGEST);
        let result = module
            .apply(
                file,
                options,
                log,
                &mut self.interrupts,
                on_event,
                on_interrupt,
            )
            .await;
        let is_expired = self.interrupts.unbound();
        match result {
            Ok(()) => {
                journal.step = Step::Applied;
                journal.write(workspace)?;
                Ok(())
            }
            Err(error) => {
                let failure = if is_expired { too_slow() } else { error.into() };
                Err(self.stopped(&failure, &follow).await)
            }
        }
    }
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

fn too_slow() -> Failure {
    Failure::new(
        Exit::Failed,
        "an hour was not enough for all of this, so it was stopped",
        "",
    )
}
