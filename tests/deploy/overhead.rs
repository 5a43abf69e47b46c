//! What seance adds to the engine's own time, as a ratio of one run.
//!
//! `just bench` runs it alone and prints the figures. The simulated cloud takes as long to make a
//! droplet as the real one does; whatever else a real apply waits for only lowers the ratio.

use std::process::Stdio;
use std::time::{Duration, Instant};

use seance::rehearsal::Settings;

use super::project::{EXAMPLE, Project};

/// How long the real cloud takes to make a droplet, at least: its provider looks every ten seconds.
const DROPLET: Duration = Duration::from_secs(10);
const RUNS: usize = 3;
/// What seance is meant to add at most.
const PROMISED: f64 = 0.05;
/// What is held on any machine, however long starting a process takes there.
const GUARDED: f64 = 0.15;

/// How long one whole deployment takes.
fn time(deploy: impl Fn(&Project)) -> Duration {
    let settings = Settings {
        delay: DROPLET,
        ..Settings::default()
    };
    let project = Project::with(EXAMPLE, settings);
    let started = Instant::now();
    deploy(&project);
    started.elapsed()
}

/// What a person types without seance.
fn bare(project: &Project) {
    for arguments in [
        &["init", "-input=false"][..],
        &["apply", "-input=false", "-auto-approve"],
    ] {
        let mut command = project.engine_command(arguments);
        let status = command.stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "{arguments:?}");
    }
}

fn with_seance(project: &Project) {
    project.apply(&[]).exits(0);
}

#[test]
fn seance_adds_little_to_the_engine() {
    if std::env::var_os("SEANCE_BENCH").is_none() {
        eprintln!("not run without SEANCE_BENCH=1: the overhead of an apply");
        return;
    }
    let best = |deploy: fn(&Project)| (0..RUNS).map(|_| time(deploy)).min().unwrap();
    let (engine, seance) = (best(bare), best(with_seance));
    let share = seance.as_secs_f64() / engine.as_secs_f64() - 1.0;
    eprintln!("tofu init and apply   {:6.2} s", engine.as_secs_f64());
    eprintln!(
        "seance apply          {:6.2} s, {:+.1} %",
        seance.as_secs_f64(),
        share * 100.0
    );
    let asserts = std::env::var_os("SEANCE_BENCH_ASSERT").is_some_and(|value| value == "1");
    if share >= PROMISED {
        eprintln!("short of the promised {:.0} %", PROMISED * 100.0);
    }
    let percent = share * 100.0;
    assert!(!asserts || share < GUARDED, "seance adds {percent:.1} %");
}
