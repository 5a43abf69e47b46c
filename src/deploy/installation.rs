//! What the installation of NixOS is given: a host key of its own, the built system, and the
//! commands that use them.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::nix::Built;
use super::scratch;
use crate::engine::environment::Environment;
use crate::engine::run::{Interrupts, Run};

/// The installer that runs where none is installed; the same commit as in the generated module.
const INSTALLER: &str =
    "github:nix-community/nixos-anywhere/91fc9b70fc295258c366cce8627efb6f185fd9fb";
/// Five seconds lie between two attempts to reach the system that boots.
const BOOT_ATTEMPTS: &str = "120";

/// The key by which the server will prove that it is the one that was installed.
///
/// Its private half lies in a folder that only this user can open, for as long as this lives, and
/// on the server.
#[derive(Debug)]
pub struct HostKey {
    folder: tempfile::TempDir,
    /// The public half, as a line of `ssh_host_ed25519_key.pub` without its comment.
    pub public: String,
}

impl HostKey {
    /// Makes a key pair with `ssh-keygen`.
    pub async fn make(environment: &Environment, interrupts: &mut Interrupts) -> io::Result<Self> {
        let here = std::env::current_dir()?;
        let program =
            which::which_in("ssh-keygen", environment.get("PATH"), here).map_err(|_| {
                io::Error::new(io::ErrorKind::NotFound, "`ssh-keygen` is not installed")
            })?;
        let folder = scratch::folder()?;
        let keys = folder.path().join("etc/ssh");
        std::fs::create_dir_all(&keys)?;
        let path = keys.join("ssh_host_ed25519_key");
        let arguments: Vec<OsString> = ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"]
            .into_iter()
            .map(OsString::from)
            .chain([path.clone().into_os_string()])
            .collect();
        let run = Run {
            program: &program,
            arguments: &arguments,
            folder: folder.path(),
            environment,
        };
        let (ended, _, error) = run.capture(interrupts).await?;
        if !ended.is_fine() {
            let text = format!("`ssh-keygen` failed: {}", error.trim());
            return Err(io::Error::other(text));
        }
        let public = std::fs::read_to_string(path.with_extension("pub"))?;
        let public: Vec<&str> = public.split_whitespace().take(2).collect();
        Ok(Self {
            public: public.join(" "),
            folder,
        })
    }

    /// The folder whose content is copied to the root of the new system.
    pub fn files(&self) -> &Path {
        self.folder.path()
    }
}

/// What the commands of the module are told beyond what the module knows itself.
#[derive(Debug)]
pub struct Commands<'a> {
    /// Replaces the stock image by NixOS.
    pub install: &'a str,
    /// Switches the installed system.
    pub activate: &'a str,
    /// The host key, when there may be something to install.
    pub host_key: Option<&'a HostKey>,
    /// What was built; nothing when the server builds.
    pub built: Option<&'a Built>,
    /// The file that says which host key is right.
    pub known_hosts: PathBuf,
    /// The file in which the installation writes down how far it came.
    pub installation: PathBuf,
}

/// Replaces the stock image by what was built.
pub const INSTALL: &str = include_str!("scripts/install.sh");
/// Stands in for [`INSTALL`] where NixOS answers already.
pub const INSTALLED: &str = include_str!("scripts/installed.sh");
/// Switches the server to what was built.
pub const ACTIVATE: &str = include_str!("scripts/activate.sh");
/// Stands in for [`INSTALL`] where there is no machine.
pub const REHEARSE_INSTALL: &str = include_str!("scripts/rehearse-install.sh");
/// Stands in for [`ACTIVATE`] where there is no machine.
pub const REHEARSE_ACTIVATE: &str = include_str!("scripts/rehearse-activate.sh");

impl Commands<'_> {
    /// Hands everything to the engine, whose module runs the commands.
    pub fn tell(&self, environment: &mut Environment) {
        environment.set("TF_VAR_install_command", self.install);
        environment.set("TF_VAR_activate_command", self.activate);
        environment.set("SEANCE_INSTALLER", INSTALLER);
        environment.set("SEANCE_BOOT_ATTEMPTS", BOOT_ATTEMPTS);
        environment.set("SEANCE_KNOWN_HOSTS", &self.known_hosts);
        environment.set("SEANCE_INSTALLATION", &self.installation);
        // A server that plain OpenTofu installed has a host key that nobody wrote down.
        let checking = if self.host_key.is_some() || self.known_hosts.exists() {
            "yes"
        } else {
            "accept-new"
        };
        environment.set("SEANCE_HOST_KEY_CHECKING", checking);
        if let Some(key) = self.host_key {
            environment.set("TF_VAR_ssh_host_public_key", &key.public);
            environment.set("SEANCE_HOST_PUBLIC_KEY", &key.public);
            environment.set("SEANCE_HOST_FILES", key.files());
        }
        if let Some(built) = self.built {
            environment.set("SEANCE_SYSTEM", &built.system);
            environment.set("SEANCE_PARTITIONER", &built.partitioner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_key_is_readable_for_its_maker_alone_and_gone_afterwards() {
        use std::os::unix::fs::PermissionsExt as _;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let environment = Environment::inherited();
        let (_sender, mut interrupts) = Interrupts::none();
        let making = HostKey::make(&environment, &mut interrupts);
        let key = runtime.unwrap().block_on(making).unwrap();
        assert!(key.public.starts_with("ssh-ed25519 AAAA"), "{}", key.public);
        assert_eq!(key.public.split(' ').count(), 2);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(key.files()), 0o700);
        let private = key.files().join("etc/ssh/ssh_host_ed25519_key");
        assert_eq!(mode(&private), 0o600);
        drop(key);
        assert!(!private.exists());
    }

    #[test]
    fn the_installer_is_the_one_of_the_generated_module() {
        let variables = include_str!("../../templates/terraform/variables.tf");
        assert!(variables.contains(INSTALLER));
    }
}
