//! The units that run the application, and its processes.

use super::Check;
use crate::evaluation::Value;
use crate::facts::{Facts, Step, Unit};
use crate::finding::Finding;
use crate::nixos::{System, View};
use crate::reading::{Place, Read};

mod account_incomplete;
mod arguments_unused;
mod cache_not_trusted;
mod capabilities;
mod clone_incomplete;
mod code_change_no_restart;
mod command_not_found;
mod container_left_behind;
mod detached;
mod directory_variable;
mod docker_inside;
mod env_secrets;
mod folders;
mod gc_eats_env;
mod git_ownership;
mod home_missing;
mod home_unset;
mod host_key_unknown;
mod interactive_hooks;
mod keep_project;
mod linger;
mod lock_missing;
mod low_port;
mod memory_limits;
mod mode_before;
mod network_online;
mod never_started;
mod no_restart;
mod nothing_to_run;
mod path_missing;
mod port_drift;
mod private_tmp;
mod process_without_exec;
mod profile_missing;
mod program_without_package;
mod programs;
mod protect_home;
mod pull_on_start;
mod readonly_project;
mod requires_missing;
mod restart_budget;
mod runs_as_root;
mod runtime_folder;
mod script_broken;
mod script_variable_unset;
mod secret_prompt;
mod source_never_delivered;
mod stale_pid;
mod start_limit;
mod start_without_install;
mod stop_timeout;
mod timer_incomplete;
mod tty_process_compose;
mod unit_missing;
mod unknown_key;
mod variable_undefined;
mod version_skew;
mod waits_for_nothing;
mod watch_in_prod;
mod workdir_missing;

pub(super) const CHECKS: &[&Check] = &[
    &account_incomplete::CHECK,
    &cache_not_trusted::CHECK,
    &capabilities::CHECK,
    &code_change_no_restart::CHECK,
    &command_not_found::CHECK,
    &detached::CHECK,
    &docker_inside::CHECK,
    &env_secrets::CHECK,
    &gc_eats_env::CHECK,
    &git_ownership::CHECK,
    &home_unset::CHECK,
    &interactive_hooks::CHECK,
    &keep_project::CHECK,
    &linger::CHECK,
    &lock_missing::CHECK,
    &low_port::CHECK,
    &memory_limits::CHECK,
    &mode_before::CHECK,
    &network_online::CHECK,
    &never_started::CHECK,
    &no_restart::CHECK,
    &path_missing::CHECK,
    &port_drift::CHECK,
    &private_tmp::CHECK,
    &process_without_exec::CHECK,
    &profile_missing::CHECK,
    &program_without_package::CHECK,
    &protect_home::CHECK,
    &pull_on_start::CHECK,
    &readonly_project::CHECK,
    &requires_missing::CHECK,
    &restart_budget::CHECK,
    &runtime_folder::CHECK,
    &secret_prompt::CHECK,
    &source_never_delivered::CHECK,
    &stale_pid::CHECK,
    &start_limit::CHECK,
    &start_without_install::CHECK,
    &stop_timeout::CHECK,
    &tty_process_compose::CHECK,
    &unit_missing::CHECK,
    &unknown_key::CHECK,
    &version_skew::CHECK,
    &watch_in_prod::CHECK,
    &workdir_missing::CHECK,
    &script_broken::CHECK,
    &directory_variable::CHECK,
    &nothing_to_run::CHECK,
    &timer_incomplete::CHECK,
    &variable_undefined::CHECK,
    &host_key_unknown::CHECK,
    &container_left_behind::CHECK,
    &runs_as_root::CHECK,
    &home_missing::CHECK,
    &arguments_unused::CHECK,
    &waits_for_nothing::CHECK,
    &clone_incomplete::CHECK,
    &script_variable_unset::CHECK,
];

/// The place where process-compose is chosen with its interface on; `None` when that is not
/// certain.
fn process_compose(shell: &System) -> Option<Place> {
    let manager = shell.at("process.manager.implementation").string();
    let tui = shell
        .at("process.managers.process-compose.tui.enable")
        .boolean();
    let is_on = tui.is_absent() || tui.is(&true);
    let is_chosen = manager.is(&"process-compose".to_owned());
    manager.place().filter(|_| is_chosen && is_on).cloned()
}

/// Whether a unit certainly runs as an ordinary user who may not bind low ports.
fn is_powerless(facts: &Facts<'_>, unit: &Unit) -> bool {
    let is_ordinary = match unit.service("User").string() {
        Read::Known(user, _) => user != "root",
        _ => unit.service("DynamicUser").boolean().is(&true),
    };
    let sysctl = [
        "boot",
        "kernel",
        "sysctl",
        "net.ipv4.ip_unprivileged_port_start",
    ];
    let options = ["AmbientCapabilities", "PAMName"];
    is_ordinary
        && options
            .iter()
            .all(|name| gives_nothing(&unit.service(name)))
        && facts.system_of(unit).at(&sysctl).is_defined() == Some(false)
}

/// Whether an option is certainly left out, or an empty list.
fn gives_nothing(view: &View) -> bool {
    let items = || view.list();
    view.is_defined() == Some(false)
        || matches!(view.value(), Read::Known(Value::List(_), _))
            && items().complete
            && items().items.is_empty()
}

/// The finding with the unit's command as its second place.
fn with_unit(finding: Finding, step: &Step) -> Finding {
    match &step.place {
        Some(place) => finding.related(place.location(), "the unit runs devenv here"),
        None => finding,
    }
}

/// Each place once: profiles share what they do not change.
fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        if !kept.iter().any(|it| it.location == finding.location) {
            kept.push(finding);
        }
    }
    kept
}

/// Whether devenv may start a process again as often as it likes.
fn never_gives_up(process: &View) -> bool {
    let most = process.at("restart.max").value();
    !(most.is_absent() || matches!(most.value(), Some(Value::Integer(_))))
        || process.at("restart.window").is_defined() != Some(false)
}

/// Whether devenv's runtime folder is certainly in `/tmp`.
fn has_no_runtime_folder(unit: &Unit) -> bool {
    let names = ["XDG_RUNTIME_DIR", "DEVENV_RUNTIME", "TMPDIR"];
    unit.complete
        && names.iter().all(|name| unit.variable(name).is_absent())
        && unit.service("PAMName").is_defined() == Some(false)
}

/// A span of time in seconds, also as systemd writes it; `None` when it cannot be told.
fn seconds(view: &View, default: Option<f64>) -> Option<f64> {
    match view.value() {
        Read::Known(Value::Integer(seconds), _) => u32::try_from(seconds).ok().map(f64::from),
        Read::Known(Value::Text(text), _) => {
            let text = text.known()?.trim();
            let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
            let factor = match text[digits.len()..].trim() {
                "" | "s" | "sec" => 1.0,
                "ms" => 0.001,
                "m" | "min" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
            digits.parse::<f64>().ok().map(|number| number * factor)
        }
        Read::Absent => default,
        _ => None,
    }
}
