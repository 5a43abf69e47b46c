//! seance and the engine killed in the middle: `--resume` reaches what was wanted, and nothing is
//! made twice.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::faults::everything_once;
use super::life::wait_for;
use super::project::{EXAMPLE, Project, enabled};
use super::small;

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Victim {
    /// The program itself; the engine goes on.
    Seance,
    /// The engine, while seance watches.
    Engine,
    /// Both at once, as when the power fails.
    Both,
}

/// An apply that runs, and what it says.
struct Running {
    child: Child,
    /// The engine that was killed, and its group with it in the end.
    engine: Option<Pid>,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Running {
    fn start(project: &Project) -> Self {
        let mut child = project.apply(&[]).start();
        let lines = lines(child.stderr.take().unwrap());
        Self {
            child,
            engine: None,
            lines,
            said: Vec::new(),
        }
    }

    /// Waits for a line that begins like this.
    #[track_caller]
    fn wait_for(&mut self, begin: &str) {
        loop {
            let line = self.lines.recv_timeout(Duration::from_mins(1));
            let Ok(line) = line else {
                panic!("`{begin}` was never said: {:#?}", self.said);
            };
            self.said.push(line);
            if self.said.last().unwrap().starts_with(begin) {
                return;
            }
        }
    }

    /// The engine that carries the plan out, while there is one.
    fn engine(&self) -> Option<Pid> {
        let parent = self.child.id();
        children(parent)
            .into_iter()
            .find(|pid| {
                let path = format!("/proc/{pid}/cmdline");
                let words = fs::read(path).unwrap_or_default();
                words.split(|byte| *byte == 0).nth(1) == Some(b"apply")
            })
            .and_then(Pid::from_raw)
    }

    fn kill(&mut self, victim: Victim) {
        let engine = self.engine();
        if victim != Victim::Seance {
            // It may have come to its end by itself in this very moment.
            if let Some(engine) = engine {
                let _gone = kill_process(engine, Signal::KILL);
                self.engine = Some(engine);
            }
        }
        if victim == Victim::Engine {
            let status = self.child.wait().unwrap();
            assert!(
                engine.is_none() || status.code() != Some(0),
                "{:#?}",
                self.said
            );
            return;
        }
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _reaped = self.child.wait();
        // Providers wait for ever for an engine that cannot tell them to end.
        if let Some(engine) = self.engine {
            let _gone = kill_process_group(engine, Signal::KILL);
        }
    }
}

fn lines(stderr: ChildStderr) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines() {
            let Ok(line) = line else { return };
            // Nobody listens any more, but the pipe has to be emptied.
            let _unheard = sender.send(line);
        }
    });
    receiver
}

/// The processes that a process has started.
fn children(parent: u32) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in fs::read_dir(format!("/proc/{parent}/task")).unwrap() {
        let mut text = String::new();
        let path = entry.unwrap().path().join("children");
        if let Ok(mut file) = fs::File::open(path) {
            file.read_to_string(&mut text).unwrap();
        }
        found.extend(
            text.split_whitespace()
                .map(|pid| pid.parse::<i32>().unwrap()),
        );
    }
    found
}

/// Goes on with what was killed, and looks at everything.
#[track_caller]
fn resume(project: &Project) {
    let done = project.apply(&["--resume"]).run();
    assert_eq!(done.code, Some(0), "{}\n{}", done.stdout, done.stderr);
    everything_once(project);
    assert!(!project.path(".seance/apply.json").exists());
    assert!(!project.path("terraform/seance_override.tf").exists());
}

#[test]
fn seance_is_killed_while_the_droplet_is_made() {
    if !enabled("seance killed while the droplet is made") {
        return;
    }
    let project = Project::new(EXAMPLE);
    let mut running = Running::start(&project);
    running.wait_for("creating digitalocean_droplet.server");
    running.kill(Victim::Seance);
    // The engine goes on by itself, so nothing of what it makes is forgotten.
    resume(&project);
    assert_eq!(project.records().of("nixos-anywhere").len(), 1);
}

#[test]
fn the_engine_is_killed_while_the_droplet_is_made() {
    if !enabled("the engine killed while the droplet is made") {
        return;
    }
    let project = Project::new(EXAMPLE);
    let mut running = Running::start(&project);
    running.wait_for("creating digitalocean_droplet.server");
    wait_for("the droplet", || !project.cloud.droplets().is_empty());
    running.kill(Victim::Engine);
    resume(&project);
}

#[test]
fn seance_is_killed_while_nixos_is_installed() {
    if !enabled("seance killed while NixOS is installed") {
        return;
    }
    let project = Project::new(EXAMPLE);
    project.order("nixos-anywhere", "hangs");
    let mut running = Running::start(&project);
    wait_for("the installation", || {
        !project.records().of("nixos-anywhere").is_empty()
    });
    running.kill(Victim::Seance);
    let locked = project.apply(&[]).exits(6);
    locked.says(&["is still at work here", "--resume"]);
    project.countermand();
    resume(&project);
    assert_eq!(project.records().of("nixos-anywhere").len(), 1);
}

#[test]
fn both_are_killed_while_nixos_is_installed() {
    if !enabled("seance and the engine killed while NixOS is installed") {
        return;
    }
    let project = Project::new(EXAMPLE);
    project.order("nixos-anywhere", "hangs");
    let mut running = Running::start(&project);
    wait_for("the installation", || {
        !project.records().of("nixos-anywhere").is_empty()
    });
    running.kill(Victim::Both);
    project.countermand();
    resume(&project);
}

#[test]
fn seance_is_killed_between_the_steps_of_a_small_droplet() {
    if !enabled("seance killed between the steps of a small droplet") {
        return;
    }
    for moment in ["raising CPU and memory", "lowering CPU and memory"] {
        let project = Project::new(&small::manifest());
        let mut running = Running::start(&project);
        running.wait_for(moment);
        running.kill(Victim::Seance);
        resume(&project);
        let droplet = project.cloud.droplets().remove(0);
        assert_eq!(
            (droplet.size.as_str(), droplet.disk_gib),
            ("s-1vcpu-1gb", 25)
        );
        assert_eq!(project.records().of("nixos-anywhere").len(), 1, "{moment}");
    }
}

/// `SEANCE_SOAK=N just deploy soak`: N applies, each killed at a random moment.
#[test]
fn soak() {
    let Some(count) = std::env::var("SEANCE_SOAK")
        .ok()
        .and_then(|count| count.parse::<u64>().ok())
    else {
        eprintln!("not run without SEANCE_SOAK=N: applies killed at random moments");
        return;
    };
    let seed = std::env::var("SEANCE_SOAK_SEED").ok();
    let seed = seed.and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        now.as_secs()
    });
    eprintln!("SEANCE_SOAK_SEED={seed}");
    let mut failed = Vec::new();
    for number in 0..count {
        let random = scrambled(seed.wrapping_add(number));
        let victim = [Victim::Seance, Victim::Engine, Victim::Both][(random % 3) as usize];
        let manifest = if random & 8 == 0 {
            EXAMPLE.to_owned()
        } else {
            small::manifest()
        };
        let longest = if random & 8 == 0 { 4_000 } else { 9_000 };
        let moment = Duration::from_millis((random >> 8) % longest);
        let outcome = std::panic::catch_unwind(|| {
            let project = Project::new(&manifest);
            let mut running = Running::start(&project);
            std::thread::sleep(moment);
            running.kill(victim);
            resume(&project);
        });
        let word = if outcome.is_ok() { "reached" } else { "FAILED" };
        eprintln!("{number}: {victim:?} after {moment:?}: {word}");
        if outcome.is_err() {
            failed.push(number);
        }
    }
    assert!(failed.is_empty(), "{} of {count}: {failed:?}", failed.len());
}

/// A number that looks random.
fn scrambled(seed: u64) -> u64 {
    let mut number = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}
