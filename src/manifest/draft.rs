//! The manifest while it is being resolved: what could be read, with gaps where something was
//! refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployment::{
    AbsolutePath, BranchName, BuildOn, Caddy, Deployment, DevicePath, DigitalOceanProject, Disk,
    DiskSize, Dns, DnsProvider, DomainKey, DomainName, DropletSize, EnvironmentName, GitUrl,
    ImageSlug, NixosRelease, Port, PortName, Profile, ProfileName, Project, ProjectName,
    PublicPort, Region, Run, Server, ServerName, Service, ServiceName, SshFingerprint,
    SshPublicKey, State, StateBackend, TimeZone, UrlPath, ZoneId,
};

/// A deployment with gaps. A gap always has a finding.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) project: DraftProject,
    pub(super) server: DraftServer,
    pub(super) zone: Option<DomainName>,
    pub(super) zone_id: Option<ZoneId>,
    pub(super) domains: BTreeMap<DomainKey, Option<DomainName>>,
    pub(super) ports: BTreeMap<PortName, Option<PublicPort>>,
    pub(super) caddy: Caddy,
    pub(super) services: BTreeMap<ServiceName, DraftService>,
    pub(super) profiles: BTreeMap<ProfileName, Profile>,
    pub(super) backend: Option<StateBackend>,
    pub(super) encrypt: bool,
    pub(super) skip: BTreeSet<String>,
    pub(super) allow: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(super) struct DraftProject {
    pub(super) name: Option<ProjectName>,
    pub(super) repository: Option<GitUrl>,
    pub(super) branch: Option<BranchName>,
    pub(super) directory: Option<AbsolutePath>,
    pub(super) deploy_key: bool,
}

#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent switch of the manifest"
)]
pub(super) struct DraftServer {
    pub(super) name: Option<ServerName>,
    pub(super) region: Option<&'static Region>,
    pub(super) size: Option<&'static DropletSize>,
    pub(super) install_size: Option<&'static DropletSize>,
    pub(super) image: Option<ImageSlug>,
    pub(super) profile: Option<ProfileName>,
    pub(super) nixos_release: Option<NixosRelease>,
    pub(super) state_version: Option<NixosRelease>,
    pub(super) timezone: Option<TimeZone>,
    pub(super) ssh_keys: Vec<SshPublicKey>,
    pub(super) build_on: BuildOn,
    pub(super) ipv6: bool,
    pub(super) backups: bool,
    pub(super) resize_disk: bool,
    pub(super) reserved_ip: bool,
    pub(super) ssh_key_fingerprint: Option<SshFingerprint>,
    pub(super) digitalocean_project: Option<DigitalOceanProject>,
    pub(super) device: Option<DevicePath>,
    /// `Some(None)` for a manifest that wants none.
    #[expect(
        clippy::option_option,
        reason = "the outer one is a gap, the inner one a choice"
    )]
    pub(super) swap: Option<Option<DiskSize>>,
}

#[derive(Debug)]
pub(super) struct DraftService {
    pub(super) run: Option<Run>,
    pub(super) port: Option<Port>,
    /// With their index in the list as written.
    pub(super) domains: Vec<(usize, DomainKey)>,
    pub(super) health: Vec<UrlPath>,
    pub(super) secrets: Vec<EnvironmentName>,
    pub(super) env: BTreeMap<EnvironmentName, String>,
}

impl Draft {
    /// The whole deployment; `None` when there is a gap.
    pub(super) fn finish(self) -> Option<Deployment> {
        let domains = self
            .domains
            .into_iter()
            .map(|(key, name)| Some((key, name?)));
        let ports = self
            .ports
            .into_iter()
            .map(|(name, port)| Some((name, port?)));
        let services = self
            .services
            .into_iter()
            .map(|(name, service)| Some((name, service.finish()?)));
        Some(Deployment {
            project: self.project.finish()?,
            servers: vec![self.server.finish()?],
            dns: Dns {
                provider: DnsProvider::Cloudflare,
                zone: self.zone?,
                zone_id: self.zone_id,
            },
            domains: domains.collect::<Option<_>>()?,
            ports: ports.collect::<Option<_>>()?,
            caddy: self.caddy,
            services: services.collect::<Option<_>>()?,
            profiles: self.profiles,
            state: State {
                backend: self.backend?,
                encrypt: self.encrypt,
            },
            skip: self.skip,
            allow: self.allow,
        })
    }
}

impl DraftProject {
    fn finish(self) -> Option<Project> {
        Some(Project {
            name: self.name?,
            repository: self.repository?,
            branch: self.branch?,
            directory: self.directory?,
            deploy_key: self.deploy_key,
        })
    }
}

impl DraftServer {
    fn finish(self) -> Option<Server> {
        Some(Server {
            name: self.name?,
            region: self.region?,
            size: self.size?,
            install_size: self.install_size,
            image: self.image?,
            profile: self.profile?,
            nixos_release: self.nixos_release?,
            state_version: self.state_version?,
            timezone: self.timezone?,
            ssh_keys: self.ssh_keys,
            build_on: self.build_on,
            ipv6: self.ipv6,
            backups: self.backups,
            resize_disk: self.resize_disk,
            reserved_ip: self.reserved_ip,
            ssh_key_fingerprint: self.ssh_key_fingerprint,
            digitalocean_project: self.digitalocean_project,
            disk: Disk {
                device: self.device?,
                swap: self.swap?,
            },
        })
    }
}

impl DraftService {
    fn finish(self) -> Option<Service> {
        Some(Service {
            run: self.run?,
            port: self.port?,
            domains: self.domains.into_iter().map(|(_, key)| key).collect(),
            health: self.health,
            secrets: self.secrets,
            env: self.env,
        })
    }
}
