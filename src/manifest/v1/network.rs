//! `[ports]` and `[dns]`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::manifest::patterns;

/// An open port: its number, or a table that says more.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum PortEntry {
    /// The number, 1 to 65535: open to everyone, over tcp (443: tcp and udp, for HTTP/3).
    Number(#[schemars(range(min = 1, max = 65535))] i64),
    /// The number with a protocol or the networks that may reach it.
    Table(PortTable),
}

/// An open port with a protocol or the networks that may reach it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortTable {
    /// The number, 1 to 65535.
    #[schemars(required, range(min = 1, max = 65535))]
    pub(crate) port: Option<i64>,
    /// The transport. Default: tcp, but both for 443 (HTTP/3).
    pub(crate) protocol: Option<Protocol>,
    /// Networks that may reach it, in CIDR notation such as 203.0.113.0/24. Absent: everyone.
    /// Danger: leave your own address out of `ssh` and you are locked out.
    #[schemars(extend("minItems" = 1))]
    pub(crate) from: Option<Vec<String>>,
}

/// The transport of an open port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Protocol {
    /// TCP only.
    Tcp,
    /// UDP only.
    Udp,
    /// TCP and UDP.
    Both,
}

/// The DNS zone in which the records are made.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dns {
    /// Who hosts the zone. Records are made unproxied: visitors connect to the server itself.
    #[schemars(extend("default" = "cloudflare"))]
    pub(crate) provider: Option<Provider>,
    /// The zone, such as example.com. Every host name in `[domains]` must lie in it.
    #[schemars(required, extend("pattern" = patterns::HOST_NAME, "examples" = ["example.com"]))]
    pub(crate) zone: Option<String>,
    /// The zone's Cloudflare id, 32 hex digits, from the zone's overview page. Absent: looked up by
    /// name, which needs a token that may read zones.
    #[schemars(extend("pattern" = "^[0-9a-f]{32}$"))]
    pub(crate) zone_id: Option<String>,
}

/// Who hosts the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Provider {
    /// Cloudflare, with `CLOUDFLARE_API_TOKEN` from the environment.
    Cloudflare,
}
