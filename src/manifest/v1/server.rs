//! `[server]` and `[server.disk]`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::{defaults, patterns};

/// The droplet: place, size, system, and who may log in.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    /// Name of the droplet, its host name, its `nixosConfigurations` entry, the systemd unit and
    /// the user that runs the services. At most 31 characters. Default: project.name. Danger: a new
    /// name makes a new user and unit, and the service's data under /var/lib stays with the old one.
    #[schemars(extend("pattern" = patterns::NAME, "maxLength" = 31))]
    pub(crate) name: Option<String>,
    /// The data centre. Danger: a droplet cannot move, so a new region destroys it with its data
    /// and makes another.
    #[schemars(required, extend(
        "enum" = patterns::region_slugs(),
        "x-taplo" = patterns::region_texts(),
        "examples" = ["nyc3"],
    ))]
    pub(crate) region: Option<String>,
    /// The size it runs at: processors, memory, disk, price. At least 2 GB of memory. Danger: a
    /// change powers the droplet off for some minutes.
    #[schemars(required, extend(
        "enum" = patterns::size_slugs(),
        "x-taplo" = patterns::size_texts(),
        "examples" = ["s-2vcpu-2gb"],
    ))]
    pub(crate) size: Option<String>,
    /// A larger size for the installation only: the droplet is made with `size`, gets the
    /// processors and memory of this one, and goes back when the system is installed. Its disk must
    /// not be smaller than that of `size`. Absent: installed at `size`.
    #[schemars(extend(
        "enum" = patterns::size_slugs(),
        "x-taplo" = patterns::size_texts(),
    ))]
    pub(crate) install_size: Option<String>,
    /// The stock image that the droplet boots once, before nixos-anywhere replaces it. A change
    /// has no effect on a droplet that exists.
    #[schemars(extend("default" = defaults::IMAGE))]
    pub(crate) image: Option<String>,
    /// The devenv profile that the services run with. `default` runs without a profile.
    #[schemars(extend("default" = defaults::PROFILE))]
    pub(crate) profile: Option<String>,
    /// The NixOS release that is installed, such as 26.05. The flake's nixpkgs must be the same.
    #[schemars(extend("default" = defaults::RELEASE, "pattern" = patterns::RELEASE))]
    pub(crate) nixos_release: Option<String>,
    /// The release of the first installation. Danger: write it once and never change it; it tells
    /// databases which format their files have.
    #[schemars(extend("default" = defaults::RELEASE, "pattern" = patterns::RELEASE))]
    pub(crate) state_version: Option<String>,
    /// Time zone of clock and logs, a name of the IANA database such as Europe/Berlin.
    #[schemars(extend("default" = defaults::TIMEZONE))]
    pub(crate) timezone: Option<String>,
    /// Public keys that may log in as root, one line each, as in `~/.ssh/id_ed25519.pub`. The first
    /// is registered with DigitalOcean. Danger: without the matching private key nobody can log in.
    #[schemars(required, extend(
        "minItems" = 1,
        "examples" = [["ssh-ed25519 AAAA… you@laptop"]],
    ))]
    pub(crate) ssh_keys: Option<Vec<String>>,
    /// Where the system is built: on this machine, or on the droplet itself.
    #[schemars(extend("default" = "local"))]
    pub(crate) build_on: Option<BuildOn>,
    /// Whether the droplet gets a public IPv6 address. Danger: cannot be switched off again without
    /// a new droplet.
    #[schemars(extend("default" = false))]
    pub(crate) ipv6: Option<bool>,
    /// Backups of the whole disk by DigitalOcean, weekly, for a fifth of the size's price.
    #[schemars(extend("default" = false))]
    pub(crate) backups: Option<bool>,
    /// Whether a change of `size` may grow the disk. Danger: a grown disk never shrinks, so the
    /// droplet can never go back to a smaller plan.
    #[schemars(extend("default" = false))]
    pub(crate) resize_disk: Option<bool>,
    /// Whether the address outlives the droplet: it stays the same when the droplet is made again.
    #[schemars(extend("default" = false))]
    pub(crate) reserved_ip: Option<bool>,
    /// MD5 fingerprint of a key that is already on the DigitalOcean account, used instead of
    /// registering the first of `ssh_keys`. Sixteen hex pairs joined by colons.
    #[schemars(extend("pattern" = "^[0-9a-f]{2}(:[0-9a-f]{2}){15}$"))]
    pub(crate) ssh_key_fingerprint: Option<String>,
    /// Name of the DigitalOcean project under which the droplet is filed. Absent: the account's
    /// default project.
    #[schemars(extend("minLength" = 1, "maxLength" = 175))]
    pub(crate) digitalocean_project: Option<String>,
    /// The root disk.
    pub(crate) disk: Option<Disk>,
}

/// Where the NixOS system is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BuildOn {
    /// On this machine, which needs Nix for `x86_64-linux`; only the result is copied.
    Local,
    /// On the droplet itself, which needs no builder here but 4 GB of memory there.
    Server,
}

/// The root disk.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Disk {
    /// The device that disko formats. A droplet's disk is /dev/vda. Danger: everything on this
    /// device is erased by the installation.
    #[schemars(extend("default" = defaults::DEVICE, "pattern" = "^/dev/"))]
    pub(crate) device: Option<String>,
    /// Size of the swap partition: a whole number with M, G or T; "0" for none. A change has no
    /// effect on a disk that is already formatted.
    #[schemars(extend("default" = defaults::SWAP, "pattern" = "^(0|[1-9][0-9]*[MGT])$"))]
    pub(crate) swap: Option<String>,
}
