//! Every stage of a login, each by a real sshd or something that is none.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use seance::remote::ssh::{Host, HostKeys, KeyProblem, Ssh, Stage, Stream};
use seance::remote::system::{Kind, Question, inspect, inspect_kind};

use super::sshd::{Sshd, fingerprint, free_port, make_key};
use crate::support::{enabled, program, repository, succeed};

const PATIENCE: Duration = Duration::from_secs(20);

/// A login at this port of loopback, where there is no sshd.
fn elsewhere(port: u16) -> Ssh {
    let host = Host {
        address: "127.0.0.1".into(),
        port,
        user: "root".into(),
        known_hosts: "/dev/null".into(),
        identity: Some("/dev/null".into()),
    };
    Ssh::new(host)
        .without_user_configuration()
        .connect_timeout(Duration::from_secs(1))
}

async fn stage(ssh: Ssh) -> Stage {
    let failure = ssh.script("true", PATIENCE).await.unwrap_err();
    failure.stage
}

#[tokio::test]
async fn a_script_its_input_and_its_output() {
    if !enabled("scripts over ssh") {
        return;
    }
    let sshd = Sshd::start("Banner /etc/passwd\n");
    let ssh = sshd.ssh();
    let output = ssh
        .script("echo one\necho two >&2", PATIENCE)
        .await
        .unwrap();
    assert_eq!(output.stdout, "one\n");
    assert!(output.stderr.ends_with("two\n"), "{}", output.stderr);
    assert!(!output.stderr.contains("debug1"), "{}", output.stderr);

    let secret = b"line 1\nline 2\0\xff";
    let output = ssh.command("wc -c", secret, PATIENCE).await.unwrap();
    assert_eq!(output.stdout.trim(), secret.len().to_string());

    let much = "head -c 3000000 /dev/zero | tr '\\0' x; echo done >&2";
    let output = ssh.script(much, PATIENCE).await.unwrap();
    assert_eq!(output.stdout.len(), 1024 * 1024);
    assert!(output.stderr.ends_with("done\n"));
}

#[tokio::test]
async fn lines_come_while_it_runs() {
    if !enabled("lines over ssh") {
        return;
    }
    let sshd = Sshd::start("");
    let (mut lines, start) = (Vec::new(), Instant::now());
    let script = "echo first; sleep 1; echo second >&2; exit 9";
    let ended = sshd
        .ssh()
        .stream(script, PATIENCE, |stream, line| {
            lines.push((stream, line.to_owned(), start.elapsed()));
        })
        .await;
    let expected = Stage::CommandFailed {
        status: 9,
        said: vec!["second".into()],
    };
    assert_eq!(ended.unwrap_err().stage, expected);
    assert_eq!((lines[0].0, &*lines[0].1), (Stream::Stdout, "first"));
    assert_eq!((lines[1].0, &*lines[1].1), (Stream::Stderr, "second"));
    assert!(lines[1].2 > lines[0].2 + Duration::from_millis(800));
}

#[tokio::test]
async fn a_command_that_fails_like_ssh_itself() {
    if !enabled("exit status 255 over ssh") {
        return;
    }
    let sshd = Sshd::start("");
    for status in [1, 255] {
        let script = format!("echo reason >&2; exit {status}");
        let failure = sshd.ssh().script(&script, PATIENCE).await.unwrap_err();
        let said = vec!["reason".into()];
        assert_eq!(failure.stage, Stage::CommandFailed { status, said });
    }
}

#[tokio::test]
async fn a_command_that_hangs_or_loses_its_connection() {
    if !enabled("hanging commands over ssh") {
        return;
    }
    let sshd = Sshd::start("");
    let start = Instant::now();
    let slow = sshd.ssh().script("sleep 60", Duration::from_secs(2)).await;
    assert_eq!(slow.unwrap_err().stage, Stage::TooSlow { seconds: 2 });
    assert!(start.elapsed() < Duration::from_secs(4));
    let killed = sshd.ssh().script("kill -9 $$", PATIENCE).await;
    let (status, said) = (-1, Vec::new());
    assert_eq!(
        killed.unwrap_err().stage,
        Stage::CommandFailed { status, said }
    );
    // The parent of the script's shell is the process that serves this one connection.
    let lost = sshd.ssh().script("kill -9 $PPID; sleep 5", PATIENCE).await;
    assert_eq!(lost.unwrap_err().stage, Stage::Lost);
}

#[tokio::test]
async fn host_keys() {
    if !enabled("host keys over ssh") {
        return;
    }
    let sshd = Sshd::start("");
    let right = fingerprint(&sshd.path("host.pub"));
    sshd.know("other");
    let changed = Stage::HostKeyChanged {
        known: Some(fingerprint(&sshd.path("other.pub"))),
        offered: Some(right.clone()),
    };
    assert_eq!(stage(sshd.ssh()).await, changed);
    // A first key is accepted where that is told, another one is not.
    let accepting = || sshd.ssh().host_keys(HostKeys::AcceptNew);
    assert_eq!(stage(accepting()).await, changed);

    fs::write(sshd.path("known_hosts"), "").unwrap();
    let unknown = Stage::HostKeyUnknown {
        offered: Some(right),
    };
    assert_eq!(stage(sshd.ssh()).await, unknown);
    accepting().script("true", PATIENCE).await.unwrap();
    sshd.ssh().script("true", PATIENCE).await.unwrap();
}

#[tokio::test]
async fn a_known_hosts_file_with_a_strange_name() {
    if !enabled("strange paths with ssh") {
        return;
    }
    let sshd = Sshd::start("");
    let folder = sshd.path("a \"folder\" 100%h \\");
    fs::create_dir(&folder).unwrap();
    let known_hosts = folder.join("known_hosts");
    fs::copy(sshd.path("known_hosts"), &known_hosts).unwrap();
    let host = Host {
        known_hosts,
        ..sshd.host("id")
    };
    let ssh = Ssh::new(host).without_user_configuration();
    ssh.script("true", PATIENCE).await.unwrap();
}

#[tokio::test]
async fn keys_that_are_refused() {
    if !enabled("refused keys over ssh") {
        return;
    }
    let sshd = Sshd::start("MaxAuthTries 1\n");
    let with = |name: &str| Ssh::new(sshd.host(name)).without_user_configuration();
    let refused = |shown, problem| Stage::KeyRefused {
        methods: vec!["publickey".into()],
        shown,
        problem,
    };
    assert_eq!(
        stage(with("other")).await,
        refused(1, Some(KeyProblem::TooMany))
    );
    let sshd = Sshd::start("");
    let with = |name: &str| Ssh::new(sshd.host(name)).without_user_configuration();
    assert_eq!(stage(with("other")).await, refused(1, None));
    assert_eq!(
        stage(with("missing")).await,
        refused(0, Some(KeyProblem::Missing))
    );

    make_key(&sshd.path("locked"), "a passphrase");
    let locked = fs::read_to_string(sshd.path("locked.pub")).unwrap();
    let mut let_in = fs::OpenOptions::new()
        .append(true)
        .open(sshd.path("id.pub"))
        .unwrap();
    let_in.write_all(locked.as_bytes()).unwrap();
    assert_eq!(problem(stage(with("locked")).await), KeyProblem::Locked);
    let other = fs::read_to_string(sshd.path("other.pub")).unwrap();
    let_in.write_all(other.as_bytes()).unwrap();
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(sshd.path("other"), readable).unwrap();
    assert_eq!(problem(stage(with("other")).await), KeyProblem::Readable);
}

#[track_caller]
fn problem(stage: Stage) -> KeyProblem {
    match stage {
        Stage::KeyRefused {
            problem: Some(problem),
            ..
        } => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn ports_without_an_sshd() {
    if !enabled("ports without sshd") {
        return;
    }
    assert_eq!(stage(elsewhere(free_port())).await, Stage::Refused);

    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    assert_eq!(stage(elsewhere(port)).await, Stage::NotSsh(None));

    for (words, expected) in [
        (
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            Stage::NotSsh(Some("HTTP/1.1 400 Bad Request".into())),
        ),
        ("", Stage::Closed),
    ] {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in server.incoming() {
                let _closed = stream.unwrap().write_all(words.as_bytes());
            }
        });
        assert_eq!(stage(elsewhere(port)).await, expected);
    }
}

#[tokio::test]
async fn addresses_without_a_machine() {
    if !enabled("addresses without a machine") {
        return;
    }
    let at = |address: &str| {
        let host = Host {
            address: address.into(),
            ..elsewhere(22).host().clone()
        };
        Ssh::new(host)
            .without_user_configuration()
            .connect_timeout(Duration::from_secs(1))
    };
    assert_eq!(stage(at("nothing.invalid")).await, Stage::NoName);
    let unreachable = Stage::NoRoute("network is unreachable".into());
    assert_eq!(stage(at("224.0.0.1")).await, unreachable);

    // A listener whose queue is full drops what else arrives, as a firewall does.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(0).unwrap();
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    let patience = Duration::from_millis(300);
    while let Ok(Ok(stream)) =
        tokio::time::timeout(patience, tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream);
    }
    assert_eq!(stage(elsewhere(address.port())).await, Stage::TimedOut);
}

#[tokio::test]
async fn the_persons_own_configuration_counts() {
    if !enabled("ssh_config") {
        return;
    }
    let sshd = Sshd::start("");
    // As `ProxyCommand` in `~/.ssh/config`, given by a program in ssh's place.
    let configuration = sshd.path("config");
    fs::write(
        &configuration,
        "Host *\n  RemoteCommand false\n  ProxyCommand false\n",
    )
    .unwrap();
    let wrapper = sshd.path("ssh");
    let real = which::which("ssh").unwrap();
    let script = format!(
        "#!/bin/sh\nexec {} -F {} \"$@\"\n",
        real.display(),
        configuration.display()
    );
    fs::write(&wrapper, script).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&wrapper, executable).unwrap();
    let ssh = || Ssh::new(sshd.host("id")).program(wrapper.clone());
    assert_eq!(stage(ssh()).await, Stage::Closed);
    fs::write(
        &configuration,
        "Host *\n  RemoteCommand false\n  ForwardAgent yes\n",
    )
    .unwrap();
    let script = "echo \"${SSH_AUTH_SOCK-no agent}\"";
    let output = ssh().script(script, PATIENCE).await.unwrap();
    assert_eq!(output.stdout, "no agent\n");
}

#[tokio::test]
async fn what_the_machine_is() {
    if !enabled("a system over ssh") {
        return;
    }
    let sshd = Sshd::start("");
    let question = Question {
        units: vec!["ssh.service".into()],
        checkout: Some("/nonexistent".into()),
    };
    let start = Instant::now();
    let system = inspect(&sshd.ssh(), &question, PATIENCE).await.unwrap();
    let took = start.elapsed();
    eprintln!("the machine's state took {} ms", took.as_millis());
    assert!(took < Duration::from_secs(2), "{took:?}");
    let Kind::Other(name) = &system.kind else {
        panic!("{:?}", system.kind);
    };
    assert_eq!(name, &system.release);
    assert!(system.listener(sshd.port).is_some());
    assert_eq!(system.units.len(), 1);

    let failure = inspect_kind(&sshd.ssh(), &question, &Kind::Nixos, PATIENCE).await;
    assert_eq!(failure.unwrap_err().stage, Stage::WrongSystem(system.kind));
}

#[test]
fn the_script_is_portable() {
    if !enabled("shellcheck of the script that asks a machine") {
        return;
    }
    let text = fs::read_to_string(repository().join("src/remote/system/script.sh")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.sh");
    let text = text
        .replace("@UNITS@", "'a b'")
        .replace("@CHECKOUT@", "/opt/a");
    fs::write(&path, format!("#!/bin/sh\n{text}")).unwrap();
    succeed(program("shellcheck").arg(&path));
}
