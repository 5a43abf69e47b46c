//! Version 1 of `seance.toml` as it is written: plain types, no checks, no defaults.
//!
//! The doc comment of every key is the text that editors, `seance schema` and the reference show.
//! Every key is an [`Option`], also the required ones (`schemars(required)`): the shape walk
//! reports what is missing, takes out what has the wrong shape, and the rest still loads, so that
//! one mistake does not hide another.

mod network;
mod operations;
mod project;
mod server;
mod services;

pub(crate) use network::{Dns, PortEntry, PortTable, Protocol, Provider};
pub(crate) use operations::{Authority, Backend, Caddy, Check, Generate, State};
pub(crate) use project::Project;
pub(crate) use server::{BuildOn, Disk, Server};
pub(crate) use services::{Profile, Service};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// One deployment: an application, the server that runs it, its domains and its ports. `seance`
/// turns this file into a NixOS configuration, a disk layout, devenv profiles and an OpenTofu
/// module. Secrets have no place in it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "seance.toml, version 1")]
pub(crate) struct Manifest {
    /// The version of this file's format. This seance reads version 1.
    #[schemars(required, extend("const" = 1))]
    #[expect(
        dead_code,
        reason = "read ahead of everything else, to choose this module"
    )]
    pub(crate) version: Option<i64>,
    /// The application: its name and where its source is.
    #[schemars(required)]
    pub(crate) project: Option<Project>,
    /// The droplet: place, size, system, and who may log in.
    #[schemars(required)]
    pub(crate) server: Option<Server>,
    /// Every port that is open to the internet, in both firewalls. Absent: ssh = 22, http = 80,
    /// https = 443. Written: the complete list, so `ssh`, `http` and `https` must be in it.
    #[schemars(extend("propertyNames" = super::patterns::label()))]
    pub(crate) ports: Option<BTreeMap<String, PortEntry>>,
    /// The DNS zone in which the records of `[domains]` are made.
    #[schemars(required)]
    pub(crate) dns: Option<Dns>,
    /// Host names that lead to this server: a short name for use in this file = the full host
    /// name. Each gets a DNS record, and a service must name it in its `domains`.
    #[schemars(required, extend(
        "minProperties" = 1,
        "propertyNames" = super::patterns::label(),
        "additionalProperties" = super::patterns::host_name(),
    ))]
    pub(crate) domains: Option<BTreeMap<String, String>>,
    /// Settings of Caddy, the web server that answers on ports 80 and 443 and gets certificates.
    pub(crate) caddy: Option<Caddy>,
    /// What runs: a process (`command`) or a container (`image`) each, by name.
    #[schemars(required, extend(
        "minProperties" = 1,
        "propertyNames" = super::patterns::service_name(),
    ))]
    pub(crate) services: Option<BTreeMap<String, Service>>,
    /// Environments by devenv profile. `default` is the base environment of every profile.
    pub(crate) profiles: Option<BTreeMap<String, Profile>>,
    /// Where OpenTofu keeps its state: the record of what exists at the providers.
    pub(crate) state: Option<State>,
    /// Which files `seance gen` writes.
    pub(crate) generate: Option<Generate>,
    /// Settings of `seance check`.
    pub(crate) check: Option<Check>,
}
