//! The one question of an apply.

use std::io::IsTerminal as _;

use super::super::console::Console;
use super::super::exit::Exit;
use super::super::failure::Failure;

/// Asks whether the plan that was just shown shall be carried out.
pub(super) fn agree(console: &Console, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    require_terminal("add `--yes` to carry out a plan that destroys no data")?;
    let answer = inquire::Confirm::new("Carry this out?")
        .with_default(false)
        .prompt_skippable();
    match answer {
        Ok(Some(true)) => Ok(()),
        Ok(_) => {
            console.note("nothing was done");
            Err(Failure::new(Exit::Interrupted, "not agreed to", ""))
        }
        Err(error) => Err(unasked(&error)),
    }
}

/// Wants the server's name typed.
pub(super) fn name(server: &str, what: &str) -> Result<(), Failure> {
    require_terminal(&format!("add `--confirm {server}`"))?;
    let question = format!("Type {server} to {what}:");
    match inquire::Text::new(&question).prompt_skippable() {
        Ok(Some(answer)) if answer.trim() == server => Ok(()),
        Ok(_) => Err(Failure::new(
            Exit::Refused,
            "the name was not typed, so nothing was done",
            "",
        )),
        Err(error) => Err(unasked(&error)),
    }
}

fn require_terminal(help: &str) -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        "there is no terminal to ask at, so nothing was done",
        help,
    ))
}

fn unasked(error: &inquire::InquireError) -> Failure {
    Failure::new(Exit::Interrupted, format!("not answered: {error}"), "")
}
