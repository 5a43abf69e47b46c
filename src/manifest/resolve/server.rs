//! `[server]` and `[server.disk]`.

use super::Resolver;
use crate::catalog;
use crate::deployment::{
    BuildOn, DiskSize, DropletSize, ProjectName, Refusal, Region, ServerName, SshPublicKey,
};
use crate::manifest::draft::DraftServer;
use crate::manifest::{defaults, v1};

impl Resolver<'_> {
    pub(super) fn server(
        &mut self,
        raw: Option<&v1::Server>,
        project: Option<&ProjectName>,
    ) -> DraftServer {
        let empty = v1::Server::default();
        let raw = raw.unwrap_or(&empty);
        let no_disk = v1::Disk::default();
        let disk = raw.disk.as_ref().unwrap_or(&no_disk);
        let device = disk.device.as_ref();
        DraftServer {
            name: self.server_name(raw, project),
            region: self.region(raw),
            size: self.size("size", raw.size.as_ref()),
            install_size: self.size("install_size", raw.install_size.as_ref()),
            image: self.setting("image", raw.image.as_ref(), defaults::IMAGE),
            profile: self.setting("profile", raw.profile.as_ref(), defaults::PROFILE),
            nixos_release: self.setting(
                "nixos_release",
                raw.nixos_release.as_ref(),
                defaults::RELEASE,
            ),
            state_version: self.setting(
                "state_version",
                raw.state_version.as_ref(),
                defaults::RELEASE,
            ),
            timezone: self.setting("timezone", raw.timezone.as_ref(), defaults::TIMEZONE),
            ssh_keys: self.ssh_keys(raw),
            build_on: match raw.build_on {
                Some(v1::BuildOn::Server) => BuildOn::Server,
                Some(v1::BuildOn::Local) | None => BuildOn::Local,
            },
            ipv6: raw.ipv6.unwrap_or(false),
            backups: raw.backups.unwrap_or(false),
            resize_disk: raw.resize_disk.unwrap_or(false),
            reserved_ip: raw.reserved_ip.unwrap_or(false),
            ssh_key_fingerprint: self.optional(
                &["server", "ssh_key_fingerprint"],
                raw.ssh_key_fingerprint.as_ref(),
            ),
            digitalocean_project: self.optional(
                &["server", "digitalocean_project"],
                raw.digitalocean_project.as_ref(),
            ),
            device: self.or_default(&["server", "disk", "device"], device, defaults::DEVICE),
            swap: self.swap(disk.swap.as_ref()),
        }
    }

    fn setting<T: super::Checked>(
        &mut self,
        key: &str,
        text: Option<&String>,
        default: &str,
    ) -> Option<T> {
        self.or_default(&["server", key], text, default)
    }

    /// The server's own name, else the project's, which may be too long for a user name.
    fn server_name(
        &mut self,
        raw: &v1::Server,
        project: Option<&ProjectName>,
    ) -> Option<ServerName> {
        if self.document.has(&["server", "name"]) {
            return self.optional(&["server", "name"], raw.name.as_ref());
        }
        match ServerName::try_from(project?.as_str()) {
            Ok(name) => Some(name),
            Err(refusal) => {
                let refusal = Refusal::new(
                    format!(
                        "{}, and `server.name` is the project's name here",
                        refusal.message
                    ),
                    "write a shorter `name = \"…\"` in `[server]`",
                );
                self.refuse(self.document.location(&["project", "name"]), refusal);
                None
            }
        }
    }

    fn region(&mut self, raw: &v1::Server) -> Option<&'static Region> {
        let found = catalog::find_region(raw.region.as_deref()?);
        self.found(&["server", "region"], found)
    }

    fn size(&mut self, key: &str, slug: Option<&String>) -> Option<&'static DropletSize> {
        let found = catalog::find_size(slug?);
        self.found(&["server", key], found)
    }

    fn found<T>(
        &mut self,
        path: &[&str],
        found: Result<&'static T, Refusal>,
    ) -> Option<&'static T> {
        found
            .map_err(|refusal| self.refuse(self.document.location(path), refusal))
            .ok()
    }

    fn ssh_keys(&mut self, raw: &v1::Server) -> Vec<SshPublicKey> {
        if raw.ssh_keys.as_ref().is_some_and(Vec::is_empty) {
            let refusal = Refusal::new(
                "`server.ssh_keys` is empty, so nobody could ever log in",
                "add the line from your `~/.ssh/id_ed25519.pub`",
            );
            self.refuse(self.document.location(&["server", "ssh_keys"]), refusal);
        }
        let keys = self.list(&["server", "ssh_keys"], raw.ssh_keys.as_ref());
        keys.into_iter().map(|(_, key)| key).collect()
    }

    #[expect(
        clippy::option_option,
        reason = "the outer one is a gap, the inner one a choice"
    )]
    fn swap(&mut self, text: Option<&String>) -> Option<Option<DiskSize>> {
        match text.map(String::as_str) {
            Some(defaults::NO_SWAP) => Some(None),
            _ => self
                .or_default(&["server", "disk", "swap"], text, defaults::SWAP)
                .map(Some),
        }
    }
}
