//! Looking at the server once it is there.

use std::time::Duration;

use super::{Carry, Verification};
use crate::cli::deploy::follow::Follow;
use crate::cli::deploy::verify;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::deploy::recovery::Found;
use crate::deploy::{health, passes, trouble};
use crate::remote::Advice;

impl Carry<'_> {
    /// Looks whether the server does what was promised.
    pub(super) async fn verify(
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

    /// What the machine itself shows after its installation or its switch failed.
    pub(super) async fn diagnose(&mut self, address: &str, follow: &Follow<'_>) -> Option<Advice> {
        let is_on_machine = [passes::INSTALL, passes::SYSTEM].contains(&address);
        if !is_on_machine || self.setting.verification != Verification::Real {
            return None;
        }
        if let Some(known) = trouble::of_lines(&follow.last_lines(address)) {
            return Some(known);
        }
        let state = self.ready.module().state(&mut self.interrupts).await.ok()?;
        let droplet = state.resource(passes::DROPLET)?;
        let address = droplet.values["ipv4_address"].as_str()?.parse().ok()?;
        self.console
            .note(&format!("looking at {address}: why did it fail?"));
        match self.probe(address).await.ok()? {
            Found::Unknown(advice) => Some(advice),
            Found::Installed => Some(Advice {
                what: format!("{address} runs NixOS and lets you in"),
                cause: "the installation succeeded, and what came after it did not".to_owned(),
                next: "read the lines above".to_owned(),
            }),
            Found::NothingToLose(what) => Some(Advice {
                what: format!("{address} still runs {what}"),
                cause: "NixOS did not come onto the disk".to_owned(),
                next: "read the last lines of the installer above".to_owned(),
            }),
        }
    }
}
