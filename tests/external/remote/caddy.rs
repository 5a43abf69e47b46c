//! A Caddy on loopback with folders of its own, and certificates made for the purpose.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use seance::remote::certificate::{Trust, look};
use seance::remote::verify::wait_until;
use tempfile::TempDir;

use super::sshd::{free_port, wait_for};
use crate::support::{program, succeed};

pub(super) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub(super) struct Caddy {
    folder: TempDir,
    pub(super) http: u16,
    pub(super) https: u16,
    child: Child,
}

impl Drop for Caddy {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Caddy {
    /// Serves these sites. `@` stands for the folder that `prepare` has filled.
    #[track_caller]
    pub(super) fn start(options: &str, sites: &str, prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let (http, https) = (free_port(), free_port());
        let sites = sites.replace('@', &folder.path().display().to_string());
        let text = format!(
            "{{\n\tadmin off\n\thttp_port {http}\n\thttps_port {https}\n\tdefault_bind 127.0.0.1\n\
             \tskip_install_trust\n\tservers {{\n\t\tprotocols h1 h2\n\t}}\n{options}\n}}\n{sites}"
        );
        fs::write(folder.path().join("Caddyfile"), text).unwrap();
        let log = folder.path().join("log");
        let mut child = program("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(folder.path().join("Caddyfile"))
            .env("HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path().join("data"))
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .stderr(fs::File::create(&log).unwrap())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait_for(https, &mut child);
        Self {
            folder,
            http,
            https,
            child,
        }
    }

    /// Listening comes before the certificate: waits until it is shown for this name.
    pub(super) async fn ready(self, name: &str) -> Self {
        let patience = Duration::from_secs(20);
        let attempt = async || look(self.at_https(), name, &Trust::Public, 0, patience).await;
        let shown = wait_until(patience, attempt, |_| true, |_| ()).await;
        assert!(shown.is_ok(), "{shown:?}");
        self
    }

    pub(super) fn at_https(&self) -> SocketAddr {
        SocketAddr::new(LOOPBACK, self.https)
    }

    pub(super) fn at_http(&self) -> SocketAddr {
        SocketAddr::new(LOOPBACK, self.http)
    }

    /// Its own authority as the one that counts.
    pub(super) fn trust(&self) -> Trust {
        let root = "data/caddy/pki/authorities/local/root.crt";
        trust(&self.folder.path().join(root))
    }

    pub(super) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// A certificate file as the authority that counts.
#[track_caller]
pub(super) fn trust(path: &Path) -> Trust {
    let root = CertificateDer::from_pem_file(path).unwrap();
    Trust::Roots(vec![root])
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// A certificate of this authority for this name, or one that signs itself, as `<file>.crt`.
#[track_caller]
pub(super) fn make_certificate(folder: &Path, file: &str, name: &str, days: u32, by: Option<&str>) {
    let at = |ending: &str| folder.join(format!("{file}.{ending}"));
    let mut command = program("openssl");
    command.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ]);
    command.args([
        "-nodes",
        "-days",
        &days.to_string(),
        "-subj",
        &format!("/O=Test/CN={name}"),
    ]);
    command
        .arg("-keyout")
        .arg(at("key"))
        .arg("-out")
        .arg(at("crt"));
    if let Some(authority) = by {
        command
            .arg("-CA")
            .arg(folder.join(format!("{authority}.crt")));
        command
            .arg("-CAkey")
            .arg(folder.join(format!("{authority}.key")));
        command.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    }
    if !name.contains(' ') {
        command.args(["-addext", &format!("subjectAltName=DNS:{name}")]);
    }
    succeed(&mut command);
}
