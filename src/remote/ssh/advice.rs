//! What each stage means to a person, and what comes next.

use super::Host;
use super::stage::{KeyProblem, Stage};
use crate::remote::Advice;
use crate::remote::system::Kind;
use crate::shell::quote;

/// The text of a stage at this host.
pub(super) fn of(stage: &Stage, host: &Host) -> Advice {
    match stage.rank() {
        0..=4 => connection(stage, host),
        5..=6 => greeting(stage, host),
        7 => host_key(stage, host),
        8 => key_refused(stage, host),
        _ => after_login(stage, host),
    }
}

fn connection(stage: &Stage, host: &Host) -> Advice {
    let (address, port) = (&host.address, host.port);
    match stage {
        Stage::NoProgram(why) => Advice::new(
            format!("`ssh` cannot be run: {why}"),
            "seance logs in with the system's OpenSSH, so that agent and jump hosts work",
            "install OpenSSH's client so that `ssh -V` answers",
        ),
        Stage::NoName => Advice::new(
            format!("the name `{address}` has no address"),
            "its DNS record does not exist yet, or this machine has no working name server",
            "use the droplet's address, which `tofu -chdir=terraform output ipv4_address` prints",
        ),
        Stage::NoRoute(why) => Advice::new(
            format!("there is no way to {address}: {why}"),
            "this machine is offline, a VPN or a firewall on it takes the traffic, or the droplet \
             has no network",
            format!("run `ping -c 3 {address}`"),
        ),
        Stage::TimedOut => Advice::new(
            format!("{address} does not answer on port {port}"),
            format!(
                "a firewall drops the packets (your present address may not be in `from` of \
                 `[ports] ssh`), the machine is off or booting, or it came up without network or \
                 with ssh on another port than {port}"
            ),
            "compare `from` of `[ports] ssh` with your address, then look at the droplet's recovery \
             console",
        ),
        Stage::Refused => Advice::new(
            format!("{address} refuses connections to port {port}"),
            format!(
                "the machine is up and sshd is not: it is still booting or being installed, or \
                 sshd listens on another port than {port}"
            ),
            "wait a minute and run the same command again",
        ),
        other => greeting(other, host),
    }
}

fn greeting(stage: &Stage, host: &Host) -> Advice {
    let (address, port) = (&host.address, host.port);
    match stage {
        Stage::NotSsh(Some(said)) => Advice::new(
            format!("what listens on port {port} of {address} is no ssh server: it says `{said}`"),
            "another program has taken ssh's port, or the address belongs to another machine",
            "compare `port` of `[ports] ssh` with `tofu -chdir=terraform output ssh_command`",
        ),
        Stage::NotSsh(None) => Advice::new(
            format!("port {port} of {address} accepts connections and never says a word"),
            "the machine is out of memory or its disk hangs, so that sshd cannot start a session; \
             or another program has taken the port",
            "look at the droplet's recovery console for messages about memory",
        ),
        Stage::Closed => Advice::new(
            format!("{address} closes the connection on port {port} before anybody can log in"),
            "sshd is starting or stopping, has too many logins waiting, or a program such as \
             fail2ban has banned your address",
            "wait a minute and run the same command again",
        ),
        other => Advice::new(
            match other {
                Stage::Unclear(said) if !said.is_empty() => {
                    format!("ssh to {address} failed: {}", said.join("; "))
                }
                _ => format!("ssh to {address} failed without a word"),
            },
            "none that seance knows",
            format!("run `{}` to see the whole conversation", by_hand(host)),
        ),
    }
}

fn host_key(stage: &Stage, host: &Host) -> Advice {
    let address = &host.address;
    let file = host.known_hosts.display();
    let fingerprint = |key: &Option<String>| key.clone().unwrap_or_else(|| "another key".into());
    if let Stage::HostKeyChanged { known, offered } = stage {
        let command = format!(
            "ssh-keygen -f {} -R {}",
            quote(&file.to_string()),
            quote(&host.known_as())
        );
        return Advice::new(
            format!(
                "{address} shows the host key {}, but {} is pinned in `{file}`",
                fingerprint(offered),
                fingerprint(known)
            ),
            "the machine was installed anew, or it is still the stock image, or the address \
             belongs to another machine that should not get your commands",
            format!("if you know that it was installed anew, forget the old key: `{command}`"),
        );
    }
    let offered = match stage {
        Stage::HostKeyUnknown { offered } => fingerprint(offered),
        _ => fingerprint(&None),
    };
    Advice::new(
        format!("the host key of {address} ({offered}) is not in `{file}`"),
        "the key is pinned by the `seance apply` that installs the machine, and that did not \
         happen from this folder",
        "compare it with what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints on the \
         droplet's console, then add the key to that file",
    )
}

fn key_refused(stage: &Stage, host: &Host) -> Advice {
    let Stage::KeyRefused {
        methods,
        shown,
        problem,
    } = stage
    else {
        return after_login(stage, host);
    };
    let (user, address) = (&host.user, &host.address);
    let ways = if methods.is_empty() {
        String::new()
    } else {
        format!(" (it offers {})", methods.join(", "))
    };
    let keys = match shown {
        _ if matches!(problem, Some(KeyProblem::Locked | KeyProblem::Readable)) => {
            "the key that it would accept cannot be used".to_owned()
        }
        0 => "no key was shown to it".to_owned(),
        1 => "it refused the one key it was shown".to_owned(),
        many => format!("it refused all {many} keys it was shown"),
    };
    let identity = host
        .identity
        .as_ref()
        .map(|path| path.display().to_string());
    let file = identity
        .clone()
        .unwrap_or_else(|| "~/.ssh/id_ed25519".to_owned());
    let (cause, next) = match problem {
        Some(KeyProblem::Readable) => (
            "ssh ignores a private key that other users may read".to_owned(),
            format!("run `chmod 600 {file}`"),
        ),
        Some(KeyProblem::Locked) => (
            "the key has a passphrase and no agent holds it, or nobody touched the hardware key"
                .to_owned(),
            format!("run `ssh-add {file}`"),
        ),
        Some(KeyProblem::Missing) => (
            format!("the private key `{file}` does not exist"),
            "name the private half of a key in `server.ssh_keys`".to_owned(),
        ),
        Some(KeyProblem::TooMany) => (
            "the agent holds so many keys that the machine hung up before the right one".to_owned(),
            format!(
                "add `Host {address}` with `IdentitiesOnly yes` and the right `IdentityFile` to `~/.ssh/config`"
            ),
        ),
        None if *shown == 0 => (
            "no agent runs that holds a key, and none lies in `~/.ssh`".to_owned(),
            format!("run `ssh-add {file}`"),
        ),
        None => (
            format!(
                "the private half of no key in `server.ssh_keys` is here, or `{user}` of that machine has other keys"
            ),
            "compare `ssh-add -L` with `server.ssh_keys`".to_owned(),
        ),
    };
    Advice::new(
        format!("{address} does not let `{user}` in: {keys}{ways}"),
        cause,
        next,
    )
}

fn after_login(stage: &Stage, host: &Host) -> Advice {
    let address = &host.address;
    match stage {
        Stage::WrongSystem(Kind::Installer) => Advice::new(
            format!("{address} still runs the NixOS installer"),
            "the installation is going on, or it stopped: out of memory, a partition that could \
             not be made, or a download that failed",
            "run `seance apply --resume`",
        ),
        Stage::WrongSystem(Kind::Nixos) => Advice::new(
            format!("{address} already runs NixOS"),
            "the installation is complete",
            "run `seance verify`",
        ),
        Stage::WrongSystem(Kind::Other(name)) => Advice::new(
            format!("{address} still runs {name}, not NixOS"),
            "the installation has not begun, or the installer could not be started",
            "run `seance apply --resume`",
        ),
        Stage::TooSlow { seconds } => Advice::new(
            format!("a command on {address} did not end within {seconds} seconds"),
            "the machine is short of memory or its disk is busy",
            "run `seance ssh -- uptime`",
        ),
        Stage::Lost => Advice::new(
            format!("the connection to {address} broke while a command ran"),
            "the machine restarted, its network was set up anew, or the line is bad",
            "run `seance status`",
        ),
        Stage::CommandFailed {
            status: -1,
            said: _,
        } => Advice::new(
            format!("a command on {address} was killed"),
            "the machine ran out of memory, or is shutting down",
            "run `seance status`",
        ),
        Stage::CommandFailed { status, said } => Advice::new(
            match said.last() {
                Some(last) => format!("a command on {address} ended with status {status}: {last}"),
                None => format!("a command on {address} ended with status {status}"),
            },
            "the machine's own message says it",
            "run `seance logs`",
        ),
        other => greeting(other, host),
    }
}

/// The login as a person would try it.
fn by_hand(host: &Host) -> String {
    let login = format!("{}@{}", host.user, host.address);
    let port = host.port.to_string();
    let known = format!("UserKnownHostsFile={}", host.known_hosts.display());
    crate::shell::command(["ssh", "-v", "-p", &port, "-o", &known, &login])
}

#[cfg(test)]
mod tests {
    use super::super::Failure;
    use super::*;

    /// Every stage with its texts, as a person reads them.
    #[test]
    fn each_stage_says_what_why_and_what_next() {
        let host = Host {
            address: "203.0.113.7".into(),
            port: 22,
            user: "root".into(),
            known_hosts: ".seance/known_hosts".into(),
            identity: None,
        };
        let refused = |shown, problem| Stage::KeyRefused {
            methods: vec!["publickey".into(), "password".into()],
            shown,
            problem,
        };
        let stages = [
            Stage::NoProgram("cannot find binary path".into()),
            Stage::NoName,
            Stage::NoRoute("network is unreachable".into()),
            Stage::TimedOut,
            Stage::Refused,
            Stage::NotSsh(Some("HTTP/1.1 400 Bad Request".into())),
            Stage::NotSsh(None),
            Stage::Closed,
            Stage::Unclear(vec!["kex_exchange: odd".into()]),
            Stage::Unclear(Vec::new()),
            Stage::HostKeyUnknown {
                offered: Some("SHA256:aaaa".into()),
            },
            Stage::HostKeyChanged {
                known: Some("SHA256:aaaa".into()),
                offered: Some("SHA256:bbbb".into()),
            },
            refused(1, None),
            refused(0, None),
            refused(3, Some(KeyProblem::TooMany)),
            refused(0, Some(KeyProblem::Readable)),
            refused(0, Some(KeyProblem::Locked)),
            refused(0, Some(KeyProblem::Missing)),
            Stage::WrongSystem(Kind::Other("Ubuntu 24.04.3 LTS".into())),
            Stage::WrongSystem(Kind::Installer),
            Stage::WrongSystem(Kind::Nixos),
            Stage::CommandFailed {
                status: 4,
                said: vec!["warning: the following units failed: a.service".into()],
            },
            Stage::CommandFailed {
                status: 1,
                said: Vec::new(),
            },
            Stage::CommandFailed {
                status: -1,
                said: Vec::new(),
            },
            Stage::TooSlow { seconds: 30 },
            Stage::Lost,
        ];
        let mut page = String::new();
        for stage in stages {
            let Advice { what, cause, next } = Failure::new(stage, &host).advice();
            for text in [&what, &cause, &next] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{text}");
            }
            page.push_str(&format!("{what}\n  because: {cause}\n  next: {next}\n"));
        }
        insta::assert_snapshot!(page);
    }
}
