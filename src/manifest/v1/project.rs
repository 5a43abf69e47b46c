//! `[project]`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::{defaults, patterns};

/// The application: its name and where its source is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Project {
    /// Lower-case letters, digits and hyphens, a letter first. Prefix of the names of the firewall,
    /// the registered key and the tag. Danger: a new name makes those again under the new name.
    #[schemars(required, extend("pattern" = patterns::NAME, "examples" = ["shop"]))]
    pub(crate) name: Option<String>,
    /// The git URL that the server clones the application from: https for a public repository,
    /// ssh (with `deploy_key = true`) for a private one. Never with a user name and password.
    #[schemars(required, extend("examples" = ["https://github.com/example/shop.git"]))]
    pub(crate) repository: Option<String>,
    /// The branch that the first clone checks out and `seance update` follows.
    #[schemars(extend("default" = defaults::BRANCH))]
    pub(crate) branch: Option<String>,
    /// The checkout on the server, an absolute path. Default: `/opt/<project.name>`. Danger: a new
    /// path is cloned afresh; files that the application wrote into the old one stay behind.
    #[schemars(extend("pattern" = "^/"))]
    pub(crate) directory: Option<String>,
    /// Whether the server makes a key pair of its own to read a private repository over ssh; its
    /// public half is shown and must be added to the repository as a deploy key.
    #[schemars(extend("default" = false))]
    pub(crate) deploy_key: Option<bool>,
}
