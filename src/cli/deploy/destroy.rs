//! `seance destroy`: everything that the state knows, after the name was typed.

use super::super::arguments::{Destroy, Global};
use super::super::console::{self, Console};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::carry::{Answers, Carry, Setting};
use super::question;
use super::ready::{self, Tools};
use super::{block_on, plan};
use crate::deploy::journal::Journal;
use crate::deploy::outline::{self, Outline};
use crate::deploy::{protection, scratch};
use crate::engine::run::Interrupts;
use crate::report::Format;
use crate::workspace::Workspace as _;

/// What nobody asked seance to make, and nobody is told of by a plan.
const STAYS: &str = "what goes on costing, if you have it: snapshots, and volumes that were not \
                     made here; look at DigitalOcean's control panel";

pub(in super::super) fn run(
    global: &Global,
    destroy: &Destroy,
    console: &Console,
) -> Result<Exit, Failure> {
    let project = Project::open(global)?;
    let Some(deployment) = project.deployment() else {
        return Ok(super::super::check::report_invalid(&project, console));
    };
    let _lock = ready::lock(&project, console)?;
    let ready = ready::find(
        &project,
        deployment,
        &destroy.engine,
        Tools::Planning,
        console,
    )?;
    block_on(async {
        let mut carry = Carry {
            project: &project,
            deployment,
            ready,
            console,
            answers: Answers {
                yes: false,
                confirm: destroy.confirm.clone(),
                resume: false,
            },
            setting: Setting::REAL,
            interrupts: Interrupts::listen()?,
        };
        carry.destroy().await
    })
}

impl Carry<'_> {
    /// Shows what dies, wants the name, destroys.
    pub(super) async fn destroy(&mut self) -> Result<Exit, Failure> {
        self.refuse_other_name()?;
        self.await_engine().await?;
        let scratch = scratch::folder()?;
        let file = scratch.path().join("plan");
        let workspace = &self.project.workspace;
        let lifted = protection::lift(workspace)?;
        let prepared = self.plan(&file, &["-destroy".to_owned()]).await?;
        let outline = plan::outline(self.project, self.deployment, &prepared);
        let outline = Outline {
            notes: vec![STAYS.to_owned()],
            ..outline
        };
        let human = Format::Human(self.console.stdout_terminal());
        console::data(&outline::report(human, &outline).unwrap_or_default())?;
        if outline.is_empty() {
            return Ok(Exit::Fine);
        }
        self.want_name()?;
        let server = self.deployment.server().name.as_str();
        self.console.note(&format!("destroying {server}"));
        let mut journal = Journal::begin(server, false, workspace)?;
        self.run(&file, &[], &mut journal).await?;
        lifted.restore()?;
        Journal::clear(workspace)?;
        workspace.remove(super::carry::KNOWN_HOSTS)?;
        self.console.note(&format!("{server} is destroyed"));
        Ok(Exit::Fine)
    }

    fn want_name(&self) -> Result<(), Failure> {
        if self.answers.confirm.is_some() {
            return Ok(());
        }
        let server = self.deployment.server().name.as_str();
        question::name(server, "destroy all of this")
    }
}
