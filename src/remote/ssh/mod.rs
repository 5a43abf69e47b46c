//! Commands on the machine through the system's own `ssh`, so that agents, jump hosts and hardware
//! keys work as they do for the person.

mod advice;
mod log;
mod process;
mod stage;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

pub use process::Stream;
pub use stage::{Failure, KeyProblem, Stage};

use super::port::{Greeting, Port, greeting};
use super::printable;
use log::Log;
use process::Lines;

/// Where to log in, and by which keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// An address, or a name.
    pub address: String,
    /// ssh's port.
    pub port: u16,
    /// The account.
    pub user: String,
    /// The only file that says which host keys are right.
    pub known_hosts: PathBuf,
    /// The one private key to use; otherwise the agent's and the usual files.
    pub identity: Option<PathBuf>,
}

impl Host {
    /// The name under which `known_hosts` has the machine.
    pub fn known_as(&self) -> String {
        match self.port {
            22 => self.address.clone(),
            port => format!("[{}]:{port}", self.address),
        }
    }
}

/// Which host keys are accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HostKeys {
    /// Only those in `known_hosts`.
    #[default]
    Pinned,
    /// The first one seen as well, which is then written down: for a stock image that nobody knows.
    AcceptNew,
}

/// What a command wrote, each stream cut off at a mebibyte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// The data.
    pub stdout: String,
    /// Everything else, the server's banner included.
    pub stderr: String,
}

/// Environment variables that ssh has no business with, lest a user's `SendEnv *` gives them away.
const WITHHELD: &[&str] = &[
    "CLOUDFLARE_API_KEY",
    "CLOUDFLARE_API_TOKEN",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "DIGITALOCEAN_TOKEN",
    "SSH_KEY",
];

const MEBIBYTE: usize = 1024 * 1024;

/// The way to log in to one host.
#[derive(Debug, Clone)]
pub struct Ssh {
    host: Host,
    host_keys: HostKeys,
    program: Option<PathBuf>,
    user_configuration: bool,
    connect_timeout: Duration,
}

impl Ssh {
    /// Pinned host keys, the person's own configuration, ten seconds to connect.
    pub fn new(host: Host) -> Self {
        Self {
            host,
            host_keys: HostKeys::default(),
            program: None,
            user_configuration: true,
            connect_timeout: Duration::from_secs(10),
        }
    }

    /// Which host keys are accepted.
    #[must_use]
    pub fn host_keys(mut self, host_keys: HostKeys) -> Self {
        self.host_keys = host_keys;
        self
    }

    /// How long a connection may take to come about; full seconds.
    #[must_use]
    pub fn connect_timeout(mut self, patience: Duration) -> Self {
        self.connect_timeout = patience.max(Duration::from_secs(1));
        self
    }

    /// Leaves `~/.ssh/config` and the system's unread.
    #[must_use]
    pub fn without_user_configuration(mut self) -> Self {
        self.user_configuration = false;
        self
    }

    /// Another program than the `ssh` on PATH.
    #[must_use]
    pub fn program(mut self, program: PathBuf) -> Self {
        self.program = Some(program);
        self
    }

    /// Where it logs in.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Runs a script with `sh` and gives what it wrote. A status other than 0 is a failure.
    ///
    /// The script is read while it runs: a command in it that reads standard input eats the rest,
    /// so give such a command `</dev/null`.
    pub async fn script(&self, script: &str, patience: Duration) -> Result<Output, Failure> {
        self.command("sh -s", script.as_bytes(), patience).await
    }

    /// Runs a command with this standard input, which is the place for a secret.
    pub async fn command(
        &self,
        command: &str,
        input: &[u8],
        patience: Duration,
    ) -> Result<Output, Failure> {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let collect = |stream, part: &[u8]| {
            let all = match stream {
                Stream::Stdout => &mut stdout,
                Stream::Stderr => &mut stderr,
            };
            let room = MEBIBYTE.saturating_sub(all.len());
            all.extend_from_slice(&part[..part.len().min(room)]);
        };
        let ended = self.run(command, input, patience, collect).await;
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        match ended? {
            0 => Ok(Output {
                stdout: String::from_utf8_lossy(&stdout).into_owned(),
                stderr,
            }),
            status => Err(self.command_failed(status, stderr.lines())),
        }
    }

    /// Runs a script and hands over each line as it comes. A status other than 0 is a failure.
    pub async fn stream(
        &self,
        script: &str,
        patience: Duration,
        mut line: impl FnMut(Stream, &str),
    ) -> Result<(), Failure> {
        let (mut stdout, mut stderr) = (Lines::default(), Lines::default());
        let mut last = Vec::new();
        let cut = |stream, part: &[u8]| match stream {
            Stream::Stdout => stdout.take(part, |text| line(stream, text)),
            Stream::Stderr => stderr.take(part, |text| {
                last.push(text.to_owned());
                last.drain(..last.len().saturating_sub(LAST_LINES));
                line(stream, text);
            }),
        };
        match self.run("sh -s", script.as_bytes(), patience, cut).await? {
            0 => Ok(()),
            status => Err(self.command_failed(status, last.iter().map(String::as_str))),
        }
    }

    /// The same login for a person: prompts allowed, this terminal's streams, nothing bounded.
    pub fn interactive(&self, command: &[String]) -> Result<std::process::Command, Failure> {
        let mut ssh = std::process::Command::new(self.find()?);
        ssh.args(self.options(true));
        if !command.is_empty() {
            let words = command.iter().map(String::as_str);
            ssh.arg(crate::shell::command(words));
        }
        for name in WITHHELD {
            ssh.env_remove(name);
        }
        Ok(ssh)
    }

    fn find(&self) -> Result<PathBuf, Failure> {
        match &self.program {
            Some(program) => Ok(program.clone()),
            None => which::which("ssh")
                .map_err(|error| self.failure(Stage::NoProgram(error.to_string()))),
        }
    }

    fn failure(&self, stage: Stage) -> Failure {
        Failure::new(stage, &self.host)
    }

    fn command_failed<'a>(&self, status: i32, lines: impl Iterator<Item = &'a str>) -> Failure {
        let mut said: Vec<String> = lines
            .map(printable)
            .filter(|line| !line.is_empty())
            .collect();
        said.drain(..said.len().saturating_sub(LAST_LINES));
        self.failure(Stage::CommandFailed { status, said })
    }

    /// Runs to the remote exit status, or to the stage at which it ended.
    async fn run(
        &self,
        command: &str,
        input: &[u8],
        patience: Duration,
        heard: impl FnMut(Stream, &[u8]),
    ) -> Result<i32, Failure> {
        let broken = |error: std::io::Error| self.failure(Stage::NoProgram(error.to_string()));
        // ssh's own words go into a file, so that they cannot be mistaken for the remote side's.
        let log = tempfile::Builder::new()
            .prefix("seance-ssh-")
            .tempfile()
            .map_err(broken)?;
        let mut ssh = tokio::process::Command::new(self.find()?);
        ssh.args(["-T", "-E"])
            .arg(log.path())
            .args(self.options(false))
            .arg(command);
        ssh.env("LC_ALL", "C");
        for name in WITHHELD {
            ssh.env_remove(name);
        }
        let deadline = Instant::now() + patience;
        let ended = timeout_at(deadline, process::run(ssh, input, heard)).await;
        let text = std::fs::read(log.path()).map_err(broken)?;
        let text = String::from_utf8_lossy(&text);
        let log = Log(&text);
        match ended {
            Ok(Ok(_)) if log.exit_status().is_some() => Ok(log.exit_status().unwrap_or_default()),
            // Without a word about a status: an `ssh` that does not log, or a broken connection.
            Ok(Ok(status)) if log.0.is_empty() && status.code() != Some(255) => {
                Ok(status.code().unwrap_or(255))
            }
            Ok(Ok(_)) => Err(self.failure(self.stage(&log).await)),
            Ok(Err(error)) => Err(broken(error)),
            Err(_) => Err(self.failure(log.cut_off(patience))),
        }
    }

    /// Where a login ended: by ssh's log, and by an own look at the port where that is vague.
    async fn stage(&self, log: &Log<'_>) -> Stage {
        if log.is_authenticated() {
            return Stage::Lost;
        }
        match log.stage() {
            // Behind a jump host the port cannot be looked at from here.
            Some(stage @ (Stage::Closed | Stage::NotSsh(None))) if !log.is_proxied() => {
                match self.look().await {
                    Some(Greeting::Other(said)) => Stage::NotSsh(Some(said)),
                    Some(Greeting::None(Port::Refused)) => Stage::Refused,
                    _ => stage,
                }
            }
            Some(Stage::KeyRefused {
                methods,
                shown: 0,
                problem: None,
            }) => Stage::KeyRefused {
                methods,
                shown: 0,
                problem: self.identity_is_missing().then_some(KeyProblem::Missing),
            },
            Some(stage) => stage,
            None => Stage::Unclear(log.last_words()),
        }
    }

    /// ssh only warns of it, and not in its log.
    fn identity_is_missing(&self) -> bool {
        self.host
            .identity
            .as_ref()
            .is_some_and(|path| !path.exists())
    }

    async fn look(&self) -> Option<Greeting> {
        const PATIENCE: Duration = Duration::from_secs(2);
        let address = (self.host.address.as_str(), self.host.port);
        let found = timeout(PATIENCE, tokio::net::lookup_host(address)).await;
        let address: SocketAddr = found.ok()?.ok()?.next()?;
        Some(greeting(address, PATIENCE).await)
    }

    /// Everything up to the command. What is given here wins over the person's configuration.
    fn options(&self, interactive: bool) -> Vec<OsString> {
        let mut words: Vec<OsString> = Vec::new();
        if !self.user_configuration {
            words.extend(["-F".into(), "none".into()]);
        }
        let strict = match self.host_keys {
            HostKeys::Pinned => "yes",
            HostKeys::AcceptNew => "accept-new",
        };
        let mut options = vec![
            format!("StrictHostKeyChecking={strict}"),
            format!("UserKnownHostsFile={}", quoted_path(&self.host.known_hosts)),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            "UpdateHostKeys=no".to_owned(),
            "VerifyHostKeyDNS=no".to_owned(),
            "ForwardAgent=no".to_owned(),
            "ForwardX11=no".to_owned(),
            format!("ConnectTimeout={}", self.connect_timeout.as_secs()),
            "ServerAliveInterval=10".to_owned(),
            "ServerAliveCountMax=3".to_owned(),
            // A connection that is there already proves nothing about a new one.
            "ControlMaster=no".to_owned(),
            "ControlPath=none".to_owned(),
        ];
        if !interactive {
            options.extend(
                [
                    "BatchMode=yes",
                    "LogLevel=DEBUG1",
                    "ConnectionAttempts=1",
                    "ClearAllForwardings=yes",
                    "PermitLocalCommand=no",
                    "RemoteCommand=none",
                    "RequestTTY=no",
                ]
                .map(str::to_owned),
            );
        }
        for option in options {
            words.extend(["-o".into(), option.into()]);
        }
        if let Some(identity) = &self.host.identity {
            words.extend(["-o".into(), "IdentitiesOnly=yes".into(), "-i".into()]);
            words.push(identity.into());
        }
        let port = self.host.port.to_string();
        let login = ["-p", &port, "-l", &self.host.user, "--", &self.host.address];
        words.extend(login.map(OsString::from));
        words
    }
}

const LAST_LINES: usize = 20;

/// A path as ssh's options read it: several may be given, `%` starts a token.
fn quoted_path(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    let text = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('%', "%%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> Host {
        Host {
            address: "203.0.113.7".into(),
            port: 2222,
            user: "root".into(),
            known_hosts: "/tmp/a folder/100%/known_hosts".into(),
            identity: Some("/home/a/key".into()),
        }
    }

    #[test]
    fn options_leave_nothing_to_chance() {
        let words = Ssh::new(host()).options(false);
        let words: Vec<String> = words
            .into_iter()
            .map(|word| word.into_string().unwrap())
            .filter(|word| word != "-o")
            .collect();
        insta::assert_snapshot!(words.join("\n"));
    }

    #[test]
    fn a_command_for_a_person_may_ask_and_keeps_its_words() {
        let ssh = Ssh::new(host()).program("/usr/bin/ssh".into());
        let words = ["echo".to_owned(), "two words".to_owned()];
        let command = ssh.interactive(&words).unwrap();
        let last = command.get_args().last().unwrap();
        assert_eq!(last, "echo 'two words'");
        assert!(!command.get_args().any(|word| word == "BatchMode=yes"));
    }

    #[tokio::test]
    async fn a_missing_program_is_told() {
        let ssh = Ssh::new(host()).program("/nonexistent/ssh".into());
        let failure = ssh
            .script("true", Duration::from_secs(1))
            .await
            .unwrap_err();
        assert!(matches!(failure.stage, Stage::NoProgram(_)), "{failure}");
    }
}
