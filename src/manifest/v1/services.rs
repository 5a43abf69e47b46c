//! `[services.<name>]` and `[profiles.<name>]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::patterns;

/// A process (`command`) or a container (`image`) that devenv supervises.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// The shell command that starts the process and stays in the foreground. Either this or
    /// `image`.
    #[schemars(extend("minLength" = 1))]
    pub(crate) command: Option<String>,
    /// Processes only: a shell command that runs before the first start and whenever the checkout
    /// has moved, such as `npm ci`. It runs in `directory` and with `env`.
    #[schemars(extend("minLength" = 1))]
    pub(crate) prepare: Option<String>,
    /// Processes only: nixpkgs names of the programs that `command` and `prepare` need, such as
    /// `nodejs_22`.
    pub(crate) packages: Option<Vec<String>>,
    /// Processes only: the folder inside the checkout in which the commands run. Absent: the
    /// checkout itself.
    pub(crate) directory: Option<String>,
    /// The container image that docker runs, with tag or digest. Either this or `command`.
    #[schemars(extend("minLength" = 1))]
    pub(crate) image: Option<String>,
    /// Containers only: the port inside the container. Default: the same as `port`.
    #[schemars(range(min = 1, max = 65535))]
    pub(crate) container_port: Option<i64>,
    /// The port on which it listens on the server, 1 to 65535. Caddy sends its domains here, and a
    /// process finds the number in `PORT`.
    #[schemars(required, range(min = 1, max = 65535))]
    pub(crate) port: Option<i64>,
    /// Keys of `[domains]` whose sites lead to this service. The first is `CADDY_DOMAIN` of the
    /// server's profile, the second `APP_DOMAIN`, unless `[profiles]` says otherwise.
    pub(crate) domains: Option<Vec<String>>,
    /// Paths such as / or /health that answer with a success status when the service is well.
    /// Absent: well as soon as it has started.
    pub(crate) health: Option<Vec<String>>,
    /// Names of environment variables whose values are secret. Only names stand here; the values
    /// reach the server by `seance secret set`.
    #[schemars(extend("items" = patterns::secret()))]
    pub(crate) secrets: Option<Vec<String>>,
    /// Environment variables, as text. A process also gets `PORT` unless it is written here. Danger:
    /// readable by everyone who can read this file or the server's Nix store.
    #[schemars(extend("propertyNames" = patterns::environment()))]
    pub(crate) env: Option<BTreeMap<String, String>>,
}

/// The environment of one devenv profile.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// Environment variables, as text. `CADDY_DOMAIN` and `APP_DOMAIN` are the addresses that Caddy
    /// serves; the default profile has localhost:8080 and none, the server's profile the domains of
    /// the one service that has any.
    #[schemars(extend("propertyNames" = patterns::environment()))]
    pub(crate) env: Option<BTreeMap<String, String>>,
}
