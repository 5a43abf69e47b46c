//! What the machine is and how it is doing, asked with one script over one login.

mod parse;

use std::net::IpAddr;
use std::time::Duration;

use super::printable;
use super::ssh::{Failure, Ssh, Stage};
use crate::shell::quote;

/// What kind of system answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An installed NixOS.
    Nixos,
    /// The system that installs NixOS, running from memory.
    Installer,
    /// Anything else, by its own name, such as the stock image.
    Other(String),
}

/// A system that runs or was booted, by what it consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Store path of the whole.
    pub path: String,
    /// The parts that only a restart replaces: kernel, initial ramdisk, kernel modules.
    pub boot_parts: Vec<String>,
}

/// What the machine boots next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The generation's number.
    pub generation: Option<u32>,
    /// Its store path.
    pub path: String,
}

/// Main memory and swap, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// All of it.
    pub total: u64,
    /// What a new program could get.
    pub available: u64,
    /// All swap.
    pub swap_total: u64,
    /// Swap not in use.
    pub swap_free: u64,
}

/// A file system, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Where it is mounted.
    pub mount: String,
    /// Its size.
    pub size: u64,
    /// What is in use.
    pub used: u64,
    /// What ordinary users may still write.
    pub free: u64,
}

/// The application's checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The branch, unless a commit is checked out by itself.
    pub branch: Option<String>,
    /// The commit.
    pub revision: String,
}

/// Something that waits for connections or datagrams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// TCP, or else UDP.
    pub is_tcp: bool,
    /// The address it is bound to; the unspecified one for all.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// The program, where the machine tells.
    pub program: Option<String>,
}

/// A systemd unit that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its name with suffix.
    pub name: String,
    /// `loaded`, `not-found`, `masked`.
    pub load_state: String,
    /// `active`, `activating`, `failed`, `inactive`.
    pub active_state: String,
    /// The finer state, such as `running` or `auto-restart`.
    pub sub_state: String,
    /// Why it failed: `exit-code`, `oom-kill`, `timeout`; otherwise `success`.
    pub result: String,
    /// How often systemd has started it again by itself.
    pub restarts: u32,
    /// Exit status of its last main process.
    pub exit_status: Option<i32>,
    /// When it came into this state, in seconds since 1970.
    pub since: Option<i64>,
    /// Bytes of memory in use.
    pub memory: Option<u64>,
}

/// The machine, at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// What it runs.
    pub kind: Kind,
    /// The system's own name with its release.
    pub release: String,
    /// Host name.
    pub hostname: String,
    /// Release of the running kernel.
    pub kernel: String,
    /// Its clock, in seconds since 1970.
    pub clock: i64,
    /// Whether its clock follows a time server.
    pub is_synchronized: bool,
    /// When it was started, in seconds since 1970.
    pub boot_time: Option<i64>,
    /// Processes waiting for the processor, over the last minute.
    pub load: Option<f64>,
    /// Memory and swap.
    pub memory: Memory,
    /// Processes killed for want of memory since the start.
    pub oom_kills: u64,
    /// The NixOS system that is active.
    pub current: Option<Generation>,
    /// The NixOS system that was booted.
    pub booted: Option<Generation>,
    /// The NixOS system that the next start boots.
    pub profile: Option<Profile>,
    /// File systems, each once.
    pub disks: Vec<Disk>,
    /// The part of the root file system's inodes that is free, in percent.
    pub inodes_free: Option<u64>,
    /// The application's checkout, when asked for and there.
    pub checkout: Option<Checkout>,
    /// What listens, sorted.
    pub listeners: Vec<Listener>,
    /// systemd's word for the whole: `running`, `degraded`, `starting`, `maintenance`.
    pub state: Option<String>,
    /// Units that failed.
    pub failed: Vec<String>,
    /// The units asked for, in that order.
    pub units: Vec<Unit>,
}

/// What to ask beyond what every machine can tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Units to report on, with suffix.
    pub units: Vec<String>,
    /// The folder of the application's checkout.
    pub checkout: Option<String>,
}

impl Unit {
    /// Running, or done in the way of a oneshot that stays.
    pub fn is_active(&self) -> bool {
        self.active_state == "active"
    }

    /// The state as systemd's own tools show it, with the reason of a failure.
    pub fn state(&self) -> String {
        if self.load_state != "loaded" {
            return self.load_state.clone();
        }
        let mut state = format!("{} ({})", self.active_state, self.sub_state);
        if !self.result.is_empty() && self.result != "success" {
            state.push_str(&format!(", {}", self.result));
        }
        state
    }
}

impl System {
    /// Whether a part of the active system waits for a restart.
    pub fn needs_reboot(&self) -> bool {
        match (&self.current, &self.booted) {
            (Some(current), Some(booted)) => current.boot_parts != booted.boot_parts,
            _ => false,
        }
    }

    /// Whether the next start boots something else than what is active now.
    pub fn boots_another(&self) -> bool {
        match (&self.current, &self.profile) {
            (Some(current), Some(profile)) => current.path != profile.path,
            _ => false,
        }
    }

    /// By how many seconds its clock is ahead of `now`.
    pub fn clock_ahead(&self, now: i64) -> i64 {
        self.clock - now
    }

    /// What serves a TCP port.
    pub fn listener(&self, port: u16) -> Option<&Listener> {
        let serves = |listener: &&Listener| listener.is_tcp && listener.port == port;
        self.listeners.iter().find(serves)
    }
}

/// Asks the machine. Whatever it runs, it is answered for as far as it can tell.
pub async fn inspect(
    ssh: &Ssh,
    question: &Question,
    patience: Duration,
) -> Result<System, Failure> {
    let output = ssh.script(&script(question), patience).await?;
    parse::system(&output.stdout, question).ok_or_else(|| {
        let words = output.stdout.lines().chain(output.stderr.lines());
        let last = words.last().map(printable).unwrap_or_default();
        let said = vec![format!("its answer is not complete: `{last}`")];
        Failure::new(Stage::Unclear(said), ssh.host())
    })
}

/// Like [`inspect`], with another kind of system than this one as a failure.
pub async fn inspect_kind(
    ssh: &Ssh,
    question: &Question,
    kind: &Kind,
    patience: Duration,
) -> Result<System, Failure> {
    let system = inspect(ssh, question, patience).await?;
    if system.kind == *kind {
        Ok(system)
    } else {
        Err(Failure::new(Stage::WrongSystem(system.kind), ssh.host()))
    }
}

fn script(question: &Question) -> String {
    let checkout = question.checkout.as_deref().unwrap_or_default();
    include_str!("script.sh")
        .replace("@UNITS@", &quote(&question.units.join(" ")))
        .replace("@CHECKOUT@", &quote(checkout))
}

/// A recorded answer, for the tests of what follows from one.
#[cfg(test)]
pub(in crate::remote) fn recorded() -> System {
    parse::system(include_str!("recorded/nixos.txt"), &Question::default()).expect("a whole answer")
}

#[cfg(test)]
mod tests;
