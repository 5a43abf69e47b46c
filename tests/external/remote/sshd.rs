//! An sshd on loopback with keys of its own, ended with the test.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use seance::remote::ssh::{Host, Ssh};
use tempfile::TempDir;

use crate::support::{program, succeed};

/// A port that was free a moment ago.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until something listens there.
#[track_caller]
pub(super) fn wait_for(port: u16, child: &mut Child) {
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended: {ended:?}");
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it does not listen"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub(super) struct Sshd {
    pub(super) folder: TempDir,
    pub(super) port: u16,
    child: Child,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Sshd {
    /// One key is let in as root: `id`. `extra` is more configuration, with `@` for the folder.
    #[track_caller]
    pub(super) fn start(extra: &str) -> Self {
        // OpenSSH insists on this folder when root runs it.
        fs::create_dir_all("/run/sshd").unwrap();
        let folder = tempfile::tempdir().unwrap();
        for name in ["host", "id", "other"] {
            make_key(&folder.path().join(name), "");
        }
        let port = free_port();
        let at = folder.path().display().to_string();
        let extra = extra.replace('@', &at);
        let configuration = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\n\
             AuthorizedKeysFile {at}/id.pub\nStrictModes no\nUsePAM no\nPidFile none\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin prohibit-password\n{extra}"
        );
        fs::write(folder.path().join("sshd_config"), configuration).unwrap();
        let mut child = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(folder.path().join("sshd_config"))
            .stderr(fs::File::create(folder.path().join("log")).unwrap())
            .stdin(Stdio::null())
            .spawn()
            .expect("`/usr/sbin/sshd` is not installed: run `tests/scripts/tools`");
        wait_for(port, &mut child);
        let sshd = Self {
            folder,
            port,
            child,
        };
        sshd.know("host");
        sshd
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Pins this key as the machine's.
    pub(super) fn know(&self, name: &str) {
        let key = fs::read_to_string(self.path(name).with_extension("pub")).unwrap();
        let line = format!("# pinned\n{} {key}", self.host("id").known_as());
        fs::write(self.path("known_hosts"), line).unwrap();
    }

    pub(super) fn host(&self, identity: &str) -> Host {
        Host {
            address: "127.0.0.1".into(),
            port: self.port,
            user: "root".into(),
            known_hosts: self.path("known_hosts"),
            identity: Some(self.path(identity)),
        }
    }

    /// A login that this machine's own configuration has no part in.
    pub(super) fn ssh(&self) -> Ssh {
        Ssh::new(self.host("id")).without_user_configuration()
    }
}

#[track_caller]
pub(super) fn make_key(path: &Path, passphrase: &str) {
    let mut command = program("ssh-keygen");
    command.args(["-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f"]);
    succeed(command.arg(path));
}

#[track_caller]
pub(super) fn fingerprint(path: &Path) -> String {
    let line = succeed(program("ssh-keygen").arg("-lf").arg(path));
    line.split(' ').nth(1).unwrap().to_owned()
}
