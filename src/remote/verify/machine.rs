//! What the machine's owner sees: the login, the system, the units.

use super::{Check, Expectation};
use crate::remote::Advice;
use crate::remote::ssh::{Failure, Stage};
use crate::remote::system::{Kind, Question, System, Unit, inspect};

/// The checks over one login, and what the machine said.
pub(super) async fn checks(expectation: &Expectation) -> (Vec<Check>, Option<System>) {
    let question = Question {
        units: expectation.units.clone(),
        checkout: None,
    };
    match inspect(&expectation.ssh, &question, expectation.patience).await {
        Ok(system) => (inside(expectation, &system), Some(system)),
        Err(failure) => {
            let mut checks = vec![Check::failed("login", failure.advice())];
            let names = ["system".to_owned(), "units".to_owned()].into_iter();
            let units = expectation.units.iter().map(|unit| format!("unit {unit}"));
            checks.extend(
                names
                    .chain(units)
                    .map(|name| Check::skipped(name, "needs a login")),
            );
            (checks, None)
        }
    }
}

fn inside(expectation: &Expectation, system: &System) -> Vec<Check> {
    let host = expectation.ssh.host();
    let login = format!("{}@{} with the pinned host key", host.user, host.address);
    let mut checks = vec![
        Check::passed("login", login),
        active_system(expectation, system),
        failed_units(system),
    ];
    checks.extend(system.units.iter().map(|found| unit(found, system)));
    checks
}

fn active_system(expectation: &Expectation, system: &System) -> Check {
    let name = "system";
    if system.kind != Kind::Nixos {
        let stage = Stage::WrongSystem(system.kind.clone());
        return Check::failed(name, Failure::new(stage, expectation.ssh.host()).advice());
    }
    let active = system.current.as_ref().map(|current| current.path.as_str());
    match (&expectation.system, active) {
        (Some(wanted), Some(active)) if wanted != active => Check::failed(
            name,
            Advice::new(
                format!("{active} is active, not {wanted}"),
                if system
                    .profile
                    .as_ref()
                    .is_some_and(|next| next.path == *wanted)
                {
                    "the new system is installed and was not activated, or its activation was undone"
                } else {
                    "the new system was not copied to the machine, or was rolled back"
                },
                "run `seance apply`",
            ),
        ),
        _ if system.boots_another() => Check::failed(
            name,
            Advice::new(
                "the next start boots another system than the one that is active",
                "the active system was only tried out, or the machine was rolled back by hand",
                "run `seance apply`",
            ),
        ),
        _ => {
            let generation = system
                .profile
                .as_ref()
                .and_then(|profile| profile.generation);
            let mut detail = system.release.clone();
            if let Some(number) = generation {
                detail.push_str(&format!(", generation {number}"));
            }
            if system.needs_reboot() {
                detail.push_str(", a restart would bring a new kernel");
            }
            Check::passed(name, detail)
        }
    }
}

fn failed_units(system: &System) -> Check {
    match system.failed.as_slice() {
        [] => Check::passed("units", "none has failed"),
        failed => Check::failed(
            "units",
            Advice::new(
                format!("failed: {}", failed.join(", ")),
                memory_or(system, "the unit's own log says it"),
                format!("run `seance logs --unit {}`", failed[0]),
            ),
        ),
    }
}

fn unit(unit: &Unit, system: &System) -> Check {
    let name = format!("unit {}", unit.name);
    if unit.is_active() && unit.load_state == "loaded" {
        return Check::passed(name, unit.state());
    }
    let status = unit.exit_status.unwrap_or(0);
    let cause = match (&*unit.load_state, &*unit.result, &*unit.sub_state) {
        ("loaded", "oom-kill", _) => "the machine ran out of memory".to_owned(),
        ("loaded", _, "auto-restart") => memory_or(
            system,
            &format!(
                "it ends again and again: status {status}, started {} times",
                unit.restarts + 1
            ),
        ),
        ("loaded", "success", _) if unit.active_state == "activating" => {
            "it is still starting; a first start builds the environment and takes minutes"
                .to_owned()
        }
        ("loaded", "success", _) => "it was stopped, or nothing started it".to_owned(),
        ("loaded", _, _) => memory_or(system, &format!("it ended with status {status}")),
        _ => "the active system has no such unit".to_owned(),
    };
    let next = if unit.load_state == "loaded" {
        format!("run `seance logs --unit {}`", unit.name)
    } else {
        "run `seance apply`".to_owned()
    };
    Check::failed(name, Advice::new(unit.state(), cause, next))
}

fn memory_or(system: &System, otherwise: &str) -> String {
    match system.oom_kills {
        0 => otherwise.to_owned(),
        kills => {
            format!("{otherwise}; since the start {kills} processes were killed for want of memory")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(load_state: &str, active_state: &str, sub_state: &str, result: &str) -> Check {
        let found = Unit {
            name: "web.service".into(),
            load_state: load_state.into(),
            active_state: active_state.into(),
            sub_state: sub_state.into(),
            result: result.into(),
            restarts: 3,
            exit_status: Some(1),
            ..Unit::default()
        };
        unit(&found, &crate::remote::system::recorded())
    }

    #[test]
    fn states_of_a_unit() {
        let states = [
            ("loaded", "active", "running", "success"),
            ("loaded", "active", "running", "exit-code"),
            ("loaded", "activating", "auto-restart", "exit-code"),
            ("loaded", "activating", "start-pre", "success"),
            ("loaded", "failed", "failed", "oom-kill"),
            ("loaded", "failed", "failed", "exit-code"),
            ("loaded", "inactive", "dead", "success"),
            ("not-found", "inactive", "dead", ""),
            ("masked", "active", "running", "success"),
        ];
        let mut page = String::new();
        for (load, active, sub, result) in states {
            let seen = check(load, active, sub, result);
            let cause = seen.cause.unwrap_or_default();
            let next = seen.next.unwrap_or_default();
            page.push_str(&format!(
                "{:?}: {} | {cause} | {next}\n",
                seen.outcome, seen.detail
            ));
        }
        insta::assert_snapshot!(page);
    }
}
