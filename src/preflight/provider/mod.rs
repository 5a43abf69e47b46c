//! What nixpkgs' modules for DigitalOcean do unasked.

use super::Check;

use super::host::{is_on, replacing, report};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::rules::Rule;

mod account_keys;
mod console_serial;
mod panic_loop;
mod rebuild_from_user_data;
mod root_password;
mod web_console;

/// Every check of this subject.
pub(super) const CHECKS: &[&Check] = &[
    &rebuild_from_user_data::CHECK,
    &account_keys::CHECK,
    &root_password::CHECK,
    &web_console::CHECK,
    &console_serial::CHECK,
    &panic_loop::CHECK,
];

/// An option of the module that is certainly on, in every system that imports it.
fn module_option(
    facts: &Facts<'_>,
    rule: &'static Rule,
    option: &str,
    message: &str,
) -> Vec<Finding> {
    let systems = facts.systems().iter();
    systems
        .filter_map(|system| {
            let import = system.imports("digital-ocean-config")?;
            if !is_on(system, option) {
                return None;
            }
            let value = system.at(option).boolean();
            let verb = if value.place().is_some() {
                "write"
            } else {
                "add"
            };
            let help = format!("{verb} `{option} = false;`");
            let place = value.place().unwrap_or(import);
            let finding = report(facts, rule, system, Some(place), message, help);
            Some(replacing(facts, finding, value.place(), "false"))
        })
        .collect()
}
