//! The droplet: memory, disk, region, releases, profile, and how it reads the repository.

use super::{Relations, rules};
use crate::catalog::{self, DropletSize, RegionStatus};
use crate::deployment::DiskSize;
use crate::manifest::{MINIMUM_MEMORY_MIB, defaults};

/// Swap that lets a small server evaluate Nix, in MiB.
const ENOUGH_SWAP_MIB: u64 = 2048;

impl Relations<'_> {
    pub(super) fn machine(&mut self) {
        self.memory();
        self.install_size();
        self.device();
        self.region();
        self.releases();
        self.profile();
        self.deploy_key();
    }

    /// Rules 66 and 68: the installer lives in memory, and so does Nix at every start.
    fn memory(&mut self) {
        let server = &self.draft.server;
        let Some(size) = server.size else { return };
        let installed_at = server.install_size.unwrap_or(size);
        if installed_at.memory_mib < MINIMUM_MEMORY_MIB {
            let (key, help) = if server.install_size.is_some() {
                ("install_size", "write `install_size = \"s-2vcpu-4gb\"`")
            } else {
                (
                    "size",
                    "write `size = \"s-1vcpu-2gb\"`, or add `install_size = \"s-2vcpu-4gb\"` and \
                     at least 2G of swap",
                )
            };
            let message = format!(
                "`{}` has {}, too little to install NixOS on",
                installed_at.slug,
                memory(installed_at)
            );
            let rule = &rules::RAM_BELOW_KEXEC_MINIMUM;
            self.report(rule, &["server", key], message, help.to_owned());
            return;
        }
        self.small_server(size);
    }

    /// A server that is installed at a larger size and then runs with little memory.
    fn small_server(&mut self, size: &DropletSize) {
        let server = &self.draft.server;
        if size.memory_mib >= MINIMUM_MEMORY_MIB {
            return;
        }
        let swap = server
            .swap
            .as_ref()
            .map(|swap| swap.as_ref().map_or(0, mebibytes));
        match swap {
            Some(swap) if swap < ENOUGH_SWAP_MIB => self.report(
                &rules::RAM_BELOW_KEXEC_MINIMUM,
                &["server", "size"],
                format!("`{}` has {} and less than 2G of swap", size.slug, memory(size)),
                "write `swap = \"2G\"` in `[server.disk]`, or `size = \"s-1vcpu-2gb\"`".to_owned(),
            ),
            _ => self.report(
                &rules::RAM_EVAL_ON_TARGET,
                &["server", "size"],
                format!(
                    "`{}` has {}, so starts after a change of the Nix files take minutes",
                    size.slug,
                    memory(size)
                ),
                "write `size = \"s-1vcpu-2gb\"`, or accept it: `ram-eval-on-target = \"reason\"` in \
                 `[check.allow]`"
                    .to_owned(),
            ),
        }
    }

    fn install_size(&mut self) {
        let server = &self.draft.server;
        let (Some(size), Some(install)) = (server.size, server.install_size) else {
            return;
        };
        if install.disk_gib < size.disk_gib {
            self.report(
                &rules::SIZE_SMALLER_DISK,
                &["server", "install_size"],
                format!(
                    "the disk of `{}` ({} GB) is smaller than that of `{}` ({} GB)",
                    install.slug, install.disk_gib, size.slug, size.disk_gib
                ),
                format!(
                    "choose an `install_size` with at least {} GB of disk",
                    size.disk_gib
                ),
            );
            self.compare(&["server", "size"], "made with this disk");
        } else if server.resize_disk && install.disk_gib > size.disk_gib {
            self.report(
                &rules::INSTALL_SIZE_GROWS_DISK,
                &["server", "resize_disk"],
                format!(
                    "`resize_disk` would grow the disk to that of `{}`, and there is no way back to \
                     `{}`",
                    install.slug, size.slug
                ),
                "remove `resize_disk`, or remove `install_size`".to_owned(),
            );
        }
    }

    fn device(&mut self) {
        let Some(device) = &self.draft.server.device else {
            return;
        };
        if device.as_str() != defaults::DEVICE {
            self.report(
                &rules::DISK_WRONG_DEVICE,
                &["server", "disk", "device"],
                format!(
                    "`{device}` is not the disk of a droplet, which is `{}`",
                    defaults::DEVICE
                ),
                format!(
                    "write `device = \"{}\"`, or remove the line",
                    defaults::DEVICE
                ),
            );
        }
    }

    fn region(&mut self) {
        let Some(region) = self.draft.server.region else {
            return;
        };
        let why = match region.status {
            RegionStatus::Restricted => "takes new droplets of existing customers only",
            RegionStatus::Unconfirmed => "is in no list that is confirmed",
            RegionStatus::Open | RegionStatus::Closed => return,
        };
        let open: Vec<String> = catalog::regions()
            .iter()
            .filter(|other| other.status == RegionStatus::Open && other.place == region.place)
            .map(|other| format!("`{}`", other.slug))
            .collect();
        let help = if open.is_empty() {
            "write an open region, such as `nyc3`, or make sure that your account may use this one"
                .to_owned()
        } else {
            format!(
                "write {}, in the same city",
                crate::manifest::either(&open, "or")
            )
        };
        self.report(
            &rules::SIZE_REGION_RESTRICTED,
            &["server", "region"],
            format!(
                "`{}` {why}, as of {}",
                region.slug,
                catalog::regions_as_of()
            ),
            help,
        );
    }

    fn releases(&mut self) {
        let server = &self.draft.server;
        let (Some(release), Some(state)) = (&server.nixos_release, &server.state_version) else {
            return;
        };
        // Both are `YY.MM`, so the order of the text is the order of time.
        if state.as_str() > release.as_str() {
            self.report(
                &rules::RELEASE_MISMATCH,
                &[
                    "server",
                    if self.document.has(&["server", "state_version"]) {
                        "state_version"
                    } else {
                        "nixos_release"
                    },
                ],
                format!("`state_version` {state} is newer than `nixos_release` {release}"),
                format!(
                    "write `state_version = \"{release}\"` for a new server; for one that runs, \
                     raise `nixos_release`"
                ),
            );
        }
    }

    fn profile(&mut self) {
        let Some(profile) = &self.draft.server.profile else {
            return;
        };
        let name = profile.as_str();
        if self.draft.profiles.contains_key(name) || self.document.has(&["profiles", name]) {
            return;
        }
        self.report(
            &rules::PROFILE_MISSING,
            &["server", "profile"],
            format!("the server's profile `{name}` does not exist"),
            format!("add `[profiles.{name}.env]`, or remove `profile` to run `prod`"),
        );
    }

    fn deploy_key(&mut self) {
        let project = &self.draft.project;
        let Some(repository) = &project.repository else {
            return;
        };
        let over_https = repository.as_str().starts_with("https://");
        if !over_https && !project.deploy_key {
            self.report(
                &rules::DEPLOY_KEY_MISSING,
                &["project", "repository"],
                "the server has no key for this ssh repository".to_owned(),
                "add `deploy_key = true` to `[project]`, or write the https URL if it is public"
                    .to_owned(),
            );
        } else if over_https && project.deploy_key {
            self.report(
                &rules::DEPLOY_KEY_UNUSED,
                &["project", "deploy_key"],
                "a deploy key is never asked for over https".to_owned(),
                "write the ssh URL of the repository, or remove `deploy_key`".to_owned(),
            );
        }
    }
}

fn memory(size: &DropletSize) -> String {
    if size.memory_mib.is_multiple_of(1024) {
        format!("{} GB of memory", size.memory_mib / 1024)
    } else {
        format!("{} MB of memory", size.memory_mib)
    }
}

fn mebibytes(size: &DiskSize) -> u64 {
    let text = size.as_str();
    let (digits, factor) = match text.strip_suffix('T') {
        Some(digits) => (digits, 1024 * 1024),
        None => match text.strip_suffix('G') {
            Some(digits) => (digits, 1024),
            None => (text.trim_end_matches('M'), 1),
        },
    };
    digits.parse::<u64>().unwrap_or(0).saturating_mul(factor)
}
