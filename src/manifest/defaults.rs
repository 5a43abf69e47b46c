//! What an absent key means. The schema, the reference and `resolve` read the same constants.

/// `project.branch`.
pub(crate) const BRANCH: &str = "main";
/// `server.image`.
pub(crate) const IMAGE: &str = "ubuntu-24-04-x64";
/// `server.profile`.
pub(crate) const PROFILE: &str = "prod";
/// The base environment; not a devenv profile, never missing.
pub(crate) const BASE_PROFILE: &str = "default";
/// `server.nixos_release` and `server.state_version`.
pub(crate) const RELEASE: &str = "26.05";
/// `server.timezone`.
pub(crate) const TIMEZONE: &str = "UTC";
/// `server.disk.device`: the only disk of a droplet.
pub(crate) const DEVICE: &str = "/dev/vda";
/// `server.disk.swap`.
pub(crate) const SWAP: &str = "2G";
/// What `server.disk.swap` says for "none".
pub(crate) const NO_SWAP: &str = "0";
/// `CADDY_DOMAIN` of the base environment.
pub(crate) const LOCAL_SITE: &str = "localhost:8080";
/// `[ports]` when it is absent, by name.
pub(crate) const PORTS: [(&str, u16); 3] = [("ssh", 22), ("http", 80), ("https", 443)];
/// Where a checkout lies when `project.directory` is absent, before the project's name.
pub(crate) const DIRECTORY_PARENT: &str = "/opt/";
