//! What must be there before anything is started: credentials, all that is missing at once.

use crate::deployment::{Deployment, StateBackend};
use crate::engine::environment::Environment;

/// Something that is missing, and how to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What, such as a variable's name.
    pub what: String,
    /// What it is for.
    pub purpose: &'static str,
    /// The one thing to do.
    pub help: &'static str,
}

/// The shortest passphrase that the engine's key derivation takes.
const SHORTEST_PASSPHRASE: usize = 16;

/// The credentials that are missing, those of the clouds or of the state alone. Their values are
/// looked at for emptiness and length, no more.
pub fn credentials(
    deployment: &Deployment,
    environment: &Environment,
    asks_clouds: bool,
) -> Vec<Missing> {
    let has = |name: &str| environment.get(name).is_some();
    let mut missing = Vec::new();
    let mut need = |is_there: bool, what: &str, purpose, help| {
        if !is_there {
            missing.push(Missing {
                what: what.to_owned(),
                purpose,
                help,
            });
        }
    };
    need(
        !asks_clouds || has("DIGITALOCEAN_TOKEN") || has("DIGITALOCEAN_ACCESS_TOKEN"),
        "DIGITALOCEAN_TOKEN",
        "to make the droplet, its firewall and its key",
        "make a token with read and write access under API in DigitalOcean's control panel and \
         export it",
    );
    need(
        !asks_clouds
            || has("CLOUDFLARE_API_TOKEN")
            || (has("CLOUDFLARE_API_KEY") && has("CLOUDFLARE_EMAIL")),
        "CLOUDFLARE_API_TOKEN",
        "to make the DNS records",
        "make a token with the permissions Zone Read and DNS Write for the zone in Cloudflare's \
         dashboard and export it",
    );
    if matches!(deployment.state.backend, StateBackend::S3 { .. }) {
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            need(
                has(name) || has("AWS_PROFILE"),
                name,
                "to reach the bucket with the state",
                "make a Spaces key with access to the bucket and export both halves",
            );
        }
    }
    if deployment.state.encrypt {
        let passphrase = environment.get("TF_VAR_state_passphrase");
        need(
            passphrase.is_some_and(|value| value.len() >= SHORTEST_PASSPHRASE),
            "TF_VAR_state_passphrase",
            "to encrypt and decrypt the state; it has at least 16 characters",
            "export the passphrase that the state was first written with",
        );
    }
    missing
}
