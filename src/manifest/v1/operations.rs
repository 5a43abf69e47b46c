//! `[caddy]`, `[state]`, `[generate]` and `[check]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::patterns;

/// Settings of Caddy, the web server that answers on ports 80 and 443 and gets certificates.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Caddy {
    /// Contact address of the certificate account. Absent: an account without one.
    pub(crate) email: Option<String>,
    /// Which directory of Let's Encrypt issues the certificates.
    #[schemars(extend("default" = "production"))]
    pub(crate) ca: Option<Authority>,
}

/// Which directory of Let's Encrypt issues the certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Authority {
    /// Trusted by browsers; at most five certificates for the same names in a week.
    Production,
    /// Not trusted by browsers, with far higher limits: for trials.
    Staging,
}

/// Where OpenTofu keeps its state.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    /// The place of the state file. Danger: `tofu init -migrate-state` must carry the state over,
    /// or everything that exists is forgotten and made again.
    #[schemars(extend("default" = "local"))]
    pub(crate) backend: Option<Backend>,
    /// s3 only: the bucket, which must exist.
    pub(crate) bucket: Option<String>,
    /// s3 only: the name of the state file in the bucket, such as seance/terraform.tfstate.
    pub(crate) key: Option<String>,
    /// s3 only: the URL of the store, such as
    /// `https://fra1.digitaloceanspaces.com`.
    #[schemars(extend("pattern" = "^https://"))]
    pub(crate) endpoint: Option<String>,
    /// s3 only: whether to lock with a lock object. Only for stores that honour If-None-Match; it
    /// is not known that DigitalOcean Spaces does.
    #[schemars(extend("default" = false))]
    pub(crate) lock: Option<bool>,
    /// Whether OpenTofu encrypts state and plans, with a passphrase from the environment. Danger:
    /// without the passphrase the state is lost. Needs OpenTofu; terraform cannot do it.
    #[schemars(extend("default" = false))]
    pub(crate) encrypt: Option<bool>,
}

/// The place of the OpenTofu state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Backend {
    /// A file beside the module, on this machine only.
    Local,
    /// An S3 bucket, usually DigitalOcean Spaces; keys come from the environment.
    S3,
}

/// Which files `seance gen` writes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Generate {
    /// Outputs that you keep by hand, as paths such as Caddyfile or nix/disko-config.nix. `seance`
    /// neither writes nor compares them; `check` still reads them.
    #[schemars(extend("items" = patterns::output()))]
    pub(crate) skip: Option<Vec<String>>,
}

/// Settings of `seance check`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    /// Rules that are silenced, each with the reason: rule id = reason. `seance explain --list`
    /// shows the ids.
    pub(crate) allow: Option<BTreeMap<String, String>>,
}
