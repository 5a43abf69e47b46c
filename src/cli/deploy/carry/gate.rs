//! The gate: what destroys data goes through only by name.

use super::Carry;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::deploy::outline::Outline;
use crate::deploy::passes::INSTALL;
use crate::engine::gate::PlannedChange;

impl Carry<'_> {
    /// Refuses a confirmation of another server, whatever there is to confirm.
    pub(in crate::cli::deploy) fn refuse_other_name(&self) -> Result<(), Failure> {
        let server = self.deployment.server().name.as_str();
        match self.answers.confirm.as_deref() {
            Some(name) if name != server => Err(Failure::new(
                Exit::Refused,
                format!("`--confirm {name}` names another server: this one is `{server}`"),
                "look which manifest this is before you confirm anything",
            )),
            _ => Ok(()),
        }
    }

    /// Refuses what destroys data unless the server is named.
    pub(super) fn gate(&self, outline: &Outline) -> Result<(), Failure> {
        self.refuse_other_name()?;
        let losses: Vec<&PlannedChange> = outline.losses().collect();
        if losses.is_empty() || self.answers.confirm.is_some() {
            return Ok(());
        }
        let server = self.deployment.server().name.as_str();
        let lost: Vec<String> = losses
            .iter()
            .map(|change| format!("\n  - {} {}", change.what.verb(), change.address))
            .collect();
        let looks = losses.iter().any(|change| change.address == INSTALL)
            && losses.len() == 1
            && !self.answers.resume;
        let resume = if looks {
            "`seance apply --resume` looks at the machine first and wipes nothing that runs; "
        } else {
            ""
        };
        Err(Failure::new(
            Exit::Refused,
            format!(
                "this would destroy data, so nothing was done:{}",
                lost.concat()
            ),
            format!(
                "{resume}change seance.toml back; or, if {server} and everything on it may go, add \
                 `--confirm {server}`"
            ),
        ))
    }
}
