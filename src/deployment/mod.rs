//! The resolved model: every default applied, every value a type that cannot hold a bad one.
//!
//! Nothing here knows TOML or the command line. [`crate::manifest::load`] is the only producer.

use std::collections::{BTreeMap, BTreeSet};

pub mod newtype;

mod access;
mod address;
mod domain;
mod identifier;
mod image;
mod name;
mod nearest;
mod network;
mod path;
mod platform;
mod repository;
mod runtime;
mod secret;
mod sites;
mod web;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod testing;

pub use access::{SshFingerprint, SshPublicKey};
pub use address::SiteAddress;
pub use domain::DomainName;
pub use identifier::{BranchName, EnvironmentName, PackageName};
pub use image::ContainerImage;
pub use name::{DomainKey, PortName, ProfileName, ProjectName, ServerName, ServiceName};
pub use nearest::{nearest, only_nearest};
pub use network::{Cidr, Port, Protocol, PublicPort};
pub use newtype::Refusal;
pub(crate) use newtype::shown;
pub use path::{AbsolutePath, DevicePath, RelativePath};
pub use platform::{DigitalOceanProject, ImageSlug, NixosRelease, TimeZone};
pub use repository::GitUrl;
pub use runtime::{DiskSize, ShellCommand};
pub use secret::{looks_like_secret, looks_like_secret_named};
pub use sites::{Site, sites};
pub use web::{Email, UrlPath, ZoneId};

pub use crate::catalog::{DropletSize, Region};

/// One whole deployment.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// The application.
    pub project: Project,
    /// The servers; today exactly one, see [`Deployment::server`].
    pub servers: Vec<Server>,
    /// Where the zone lives.
    pub dns: Dns,
    /// Every host name that gets a record, by its key in `[domains]`.
    pub domains: BTreeMap<DomainKey, DomainName>,
    /// Every port that the world (or `from`) may reach.
    pub ports: BTreeMap<PortName, PublicPort>,
    /// Settings of the web server.
    pub caddy: Caddy,
    /// The processes and containers.
    pub services: BTreeMap<ServiceName, Service>,
    /// Environments by devenv profile; always has `default`, and the server's profile with
    /// `CADDY_DOMAIN` and `APP_DOMAIN` filled in.
    pub profiles: BTreeMap<ProfileName, Profile>,
    /// Where OpenTofu keeps its state.
    pub state: State,
    /// Outputs that a person keeps by hand, as paths relative to the manifest's folder.
    pub skip: BTreeSet<String>,
    /// Rule id to the reason why it is silenced.
    pub allow: BTreeMap<String, String>,
}

impl Deployment {
    /// The one server of this version.
    ///
    /// # Panics
    ///
    /// Never for a value made by [`crate::manifest::load`], which always makes one server.
    pub fn server(&self) -> &Server {
        &self.servers[0]
    }
}

/// The application that runs on the server.
#[derive(Debug, Clone)]
pub struct Project {
    /// Prefix of firewall, key and tag names.
    pub name: ProjectName,
    /// Where the server clones the application from.
    pub repository: GitUrl,
    /// The branch that the first clone checks out.
    pub branch: BranchName,
    /// The checkout on the server.
    pub directory: AbsolutePath,
    /// Whether the server makes a key pair of its own for an ssh repository.
    pub deploy_key: bool,
}

/// One droplet.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent switch of the manifest"
)]
pub struct Server {
    /// Droplet, host name, `nixosConfigurations.<name>`, systemd unit and user.
    pub name: ServerName,
    /// `DigitalOcean` region.
    pub region: &'static Region,
    /// The size it runs at.
    pub size: &'static DropletSize,
    /// The size it has during the installation.
    pub install_size: Option<&'static DropletSize>,
    /// The stock image that nixos-anywhere replaces.
    pub image: ImageSlug,
    /// The devenv profile that the service runs.
    pub profile: ProfileName,
    /// nixpkgs release.
    pub nixos_release: NixosRelease,
    /// `system.stateVersion`, frozen at the first installation.
    pub state_version: NixosRelease,
    /// IANA time zone.
    pub timezone: TimeZone,
    /// Keys that log in as root; never empty.
    pub ssh_keys: Vec<SshPublicKey>,
    /// Where the system is built.
    pub build_on: BuildOn,
    /// Whether the droplet has a public IPv6 address.
    pub ipv6: bool,
    /// Weekly backups of the whole disk by `DigitalOcean`.
    pub backups: bool,
    /// Whether a resize may grow the disk, which can never be undone.
    pub resize_disk: bool,
    /// Whether the address outlives the droplet.
    pub reserved_ip: bool,
    /// A key already on the account, used instead of registering the first of `ssh_keys`.
    pub ssh_key_fingerprint: Option<SshFingerprint>,
    /// The `DigitalOcean` project that the droplet is filed under.
    pub digitalocean_project: Option<DigitalOceanProject>,
    /// The root disk.
    pub disk: Disk,
}

/// Where the NixOS system is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildOn {
    /// On the machine that runs seance.
    Local,
    /// On the droplet itself.
    Server,
}

/// The root disk and its swap partition.
#[derive(Debug, Clone)]
pub struct Disk {
    /// `/dev/vda` on a droplet.
    pub device: DevicePath,
    /// Size of the swap partition; `None` for a manifest that says `swap = "0"`.
    pub swap: Option<DiskSize>,
}

/// The DNS zone.
#[derive(Debug, Clone)]
pub struct Dns {
    /// Who hosts it.
    pub provider: DnsProvider,
    /// The zone, such as `seance.dev`.
    pub zone: DomainName,
    /// Its Cloudflare id; looked up by name when absent.
    pub zone_id: Option<ZoneId>,
}

/// Who hosts the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DnsProvider {
    /// Cloudflare, provider version 5.
    Cloudflare,
}

/// Settings of the web server.
#[derive(Debug, Clone)]
pub struct Caddy {
    /// Contact address of the ACME account.
    pub email: Option<Email>,
    /// Which Let's Encrypt directory issues the certificates.
    pub ca: CertificateAuthority,
}

/// Which Let's Encrypt directory issues the certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateAuthority {
    /// Trusted by browsers; five certificates per set of names and week.
    Production,
    /// Untrusted, far higher limits: for trials.
    Staging,
}

/// A process or container that devenv supervises.
#[derive(Debug, Clone)]
pub struct Service {
    /// What it runs.
    pub run: Run,
    /// The port it listens on, on the host.
    pub port: Port,
    /// Keys of `[domains]` whose sites lead here, in the order written.
    pub domains: Vec<DomainKey>,
    /// Paths that answer with a success status when it is healthy, in the order written.
    pub health: Vec<UrlPath>,
    /// Names of secrets that reach it through the server's environment file.
    pub secrets: Vec<EnvironmentName>,
    /// Its environment, `PORT` included.
    pub env: BTreeMap<EnvironmentName, String>,
}

/// What a service runs.
#[derive(Debug, Clone)]
pub enum Run {
    /// A process started by a shell command.
    Process {
        /// Runs before the first start and whenever the checkout has moved.
        prepare: Option<ShellCommand>,
        /// The command line.
        command: ShellCommand,
        /// nixpkgs attributes that must be on its PATH.
        packages: Vec<PackageName>,
        /// Folder inside the checkout; the checkout itself when absent.
        directory: Option<RelativePath>,
    },
    /// An OCI container run by docker.
    Container {
        /// Image reference with tag or digest.
        image: ContainerImage,
        /// The port inside the container.
        port: Port,
    },
}

/// One devenv profile's environment.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Variables other than the two site variables.
    pub env: BTreeMap<EnvironmentName, String>,
    /// `CADDY_DOMAIN`, when the profile sets it. `Some(None)` is the empty string.
    pub caddy_domain: Option<Option<SiteAddress>>,
    /// `APP_DOMAIN`, when the profile sets it. `Some(None)` is the empty string.
    pub app_domain: Option<Option<SiteAddress>>,
}

/// Where OpenTofu keeps its state.
#[derive(Debug, Clone)]
pub struct State {
    /// The backend.
    pub backend: StateBackend,
    /// OpenTofu state and plan encryption, passphrase from the environment.
    pub encrypt: bool,
}

/// The backend of the OpenTofu state.
#[derive(Debug, Clone)]
pub enum StateBackend {
    /// A file beside the module, on this machine only.
    Local,
    /// An S3 bucket, usually `DigitalOcean` Spaces.
    S3 {
        /// Bucket name.
        bucket: String,
        /// Object key of the state file.
        key: String,
        /// Endpoint URL, such as `https://fra1.digitaloceanspaces.com`.
        endpoint: String,
        /// Whether to lock with a lock object; only stores that honour `If-None-Match` do.
        lock: bool,
    },
}
