//! Going on with an apply that was stopped: waiting for its engine, and looking at the machine
//! before anything is installed on it again.

use std::net::IpAddr;
use std::time::Duration;

use super::passes::LOG;
use super::{Carry, KNOWN_HOSTS, Verification};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::deploy::installation::INSTALLED;
use crate::deploy::journal::{Installation, Journal};
use crate::deploy::passes::DROPLET;
use crate::deploy::recovery::{self, Found};
use crate::deploy::scratch;
use crate::deploy::strays::Clouds;
use crate::engine::plan::Plan;
use crate::engine::run::Log;
use crate::workspace::Workspace;

/// Why an installation on a droplet that is there destroys nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Excuse {
    /// One sentence.
    pub(super) reason: &'static str,
    /// Whether the command that installs is another one now.
    pub(super) changes_plan: bool,
}

const NOT_BEGUN: Excuse = Excuse {
    reason: "the earlier apply made this droplet and did not begin to install; nothing but the \
             stock image is on its disk",
    changes_plan: false,
};
const NOTHING_TO_LOSE: Excuse = Excuse {
    reason: "the machine was looked at: it does not run NixOS yet, so there is nothing to lose",
    changes_plan: false,
};
const IS_THERE: Excuse = Excuse {
    reason: "the machine was looked at: NixOS answers with the right host key, so the installation \
             is only written down and wipes nothing",
    changes_plan: true,
};

impl Carry<'_> {
    /// Waits for the engine of an apply that was killed: it goes on by itself, and the state is
    /// its own until it is done. What only it needed is removed then.
    pub(in crate::cli::deploy) async fn await_engine(&mut self) -> Result<(), Failure> {
        let path = std::path::absolute(&self.project.folder)?.join(LOG);
        let mut is_told = false;
        while path.exists() && Log::open(&path)?.is_none() {
            if !self.answers.resume {
                return Err(Failure::new(
                    Exit::Locked,
                    "the engine of an apply that was killed is still at work here",
                    "`seance apply --resume` waits for it and goes on",
                ));
            }
            if !is_told {
                self.console
                    .note("waiting for the engine of the earlier apply, which is still at work");
                is_told = true;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = self.interrupts.next() => {
                    let text = "stopped while waiting for the engine of the earlier apply";
                    return Err(Failure::new(Exit::Interrupted, text, ""));
                }
            }
        }
        // Only now does nobody need the key any more.
        scratch::sweep(&self.project.workspace)?;
        Ok(())
    }

    /// Takes over what the earlier apply made and could not write down, so that nothing is made
    /// twice; whether there was anything.
    pub(super) async fn take_over(
        &mut self,
        plan: &Plan,
        earlier: Option<&Journal>,
    ) -> Result<bool, Failure> {
        if earlier.is_none() || !self.answers.resume {
            return Ok(false);
        }
        let Some(clouds) = Clouds::of(&self.ready.environment) else {
            return Ok(false);
        };
        let strays = clouds
            .strays(plan, self.deployment)
            .await
            .map_err(|error| {
                let help =
                    "nothing is made again before that is known; run `seance apply --resume` again";
                Failure::new(
                    Exit::Failed,
                    format!("what is on the account is not known: {error}"),
                    help,
                )
            })?;
        for stray in &strays {
            self.console.note(&format!(
                "taking over {}, which the earlier apply made and could not write down",
                stray.what
            ));
            let module = self.ready.module();
            module
                .import(&stray.address, &stray.id, &mut self.interrupts)
                .await?;
        }
        Ok(!strays.is_empty())
    }

    /// Says so when a second droplet came of a lost answer: it costs money and nobody knows it.
    pub(super) async fn tell_of_doubles(&mut self) {
        let Some(clouds) = Clouds::of(&self.ready.environment) else {
            return;
        };
        // What cannot be known now must not spoil an apply that succeeded.
        let Ok(state) = self.ready.module().state(&mut self.interrupts).await else {
            return;
        };
        let droplet = state.resource(DROPLET);
        let Some(id) = droplet.and_then(|droplet| droplet.values["id"].as_str()) else {
            return;
        };
        let doubles = clouds
            .doubles(self.deployment, id)
            .await
            .unwrap_or_default();
        for double in doubles {
            self.console.note(&format!(
                "warning: a second droplet of this name is on the account, number {double}: the \
                 answer to its creation was lost; destroy it in DigitalOcean's control panel, or \
                 it goes on costing"
            ));
        }
    }

    /// Whether an installation on a droplet that is there destroys nothing, which is asked only of
    /// an apply that goes on with another.
    pub(super) async fn look_before_installing(
        &mut self,
        plan: &Plan,
        earlier: Option<&Journal>,
    ) -> Result<Option<Excuse>, Failure> {
        let resumed = earlier.filter(|_| self.answers.resume);
        let (Some(journal), true) = (resumed, recovery::installs_again(plan)) else {
            return Ok(None);
        };
        let installation = Installation::read(&self.project.workspace)?;
        if journal.makes_droplet && installation == Installation::NotBegun {
            return Ok(Some(NOT_BEGUN));
        }
        let Some(address) = recovery::address(plan) else {
            return Ok(None);
        };
        self.console.note(&format!(
            "looking at {address}: how far did the installation come?"
        ));
        match self.probe(address).await? {
            Found::Installed => {
                let environment = &mut self.ready.environment;
                environment.set("TF_VAR_install_command", INSTALLED);
                // The server has the key of the attempt that installed it, not of this one.
                if let Some(key) = installed_key(&self.project.workspace)? {
                    environment.set("TF_VAR_ssh_host_public_key", key);
                }
                Ok(Some(IS_THERE))
            }
            Found::NothingToLose(what) => {
                self.console.note(&format!("{address} runs {what}"));
                Ok(Some(NOTHING_TO_LOSE))
            }
            Found::Unknown(advice) => {
                self.console.note(&format!(
                    "note: {}; likely: {}; next: {}",
                    advice.what, advice.cause, advice.next
                ));
                Ok(None)
            }
        }
    }

    pub(super) async fn probe(&mut self, address: IpAddr) -> Result<Found, Failure> {
        if self.setting.verification == Verification::Rehearsed {
            return Ok(Found::NothingToLose(
                "the stock image, as rehearsed".to_owned(),
            ));
        }
        let ssh = self.deployment.ports.get("ssh");
        let port = ssh.map_or(22, |ssh| ssh.port.number());
        let known_hosts = std::path::absolute(&self.project.folder)?.join(KNOWN_HOSTS);
        Ok(recovery::probe(address, port, &known_hosts).await)
    }
}

/// The host key that the earlier installation wrote down, as `TYPE BASE64`.
fn installed_key(workspace: &dyn Workspace) -> std::io::Result<Option<String>> {
    let text = workspace.read(KNOWN_HOSTS)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let key = text.trim().split_once(' ');
    Ok(key.map(|(_, key)| key.to_owned()))
}
