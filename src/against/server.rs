//! What a change of `[server]` does to the droplet that runs.

use super::differences::{Differences, joined};
use super::{AttributeChange, Danger};
use crate::deployment::{BuildOn, Deployment, Server};

const REPLACED: &str = "DigitalOcean cannot do this to a running droplet: it is destroyed and a new one made, with a \
     new address and an empty disk; `seance apply` refuses unless the server's name is given with \
     `--confirm`";
const STOCK_IMAGE: &str = "only a new droplet reads it; the one that runs keeps its NixOS";
const REBUILT: &str = "the next `seance apply` switches the system, without a reboot";

/// Every attribute of the server that changes.
pub(super) fn compare(before: &Deployment, after: &Deployment) -> Vec<AttributeChange> {
    let (old, new) = (before.server(), after.server());
    let mut differences = Differences::default();
    identity(&mut differences, old, new);
    size(&mut differences, old, new);
    addresses(&mut differences, old, new);
    keys(&mut differences, old, new);
    disk(&mut differences, old, new);
    system(&mut differences, old, new);
    differences.into_vec()
}

fn identity(differences: &mut Differences, old: &Server, new: &Server) {
    let left_behind = format!(
        "the droplet is renamed in place, but host, unit and user take the new name too: \
         certificates, secrets and all other data stay behind in `/var/lib/{0}`; move them to \
         `/var/lib/{1}` and set the secrets again",
        old.name, new.name
    );
    differences.value(
        "server.name",
        &old.name,
        &new.name,
        Danger::Downtime,
        &left_behind,
    );
    let region = |server: &Server| server.region.slug.clone();
    let address = if old.reserved_ip {
        "the reserved address belongs to its region and cannot move along"
    } else {
        ""
    };
    let because = [REPLACED, address];
    let (was, is) = (Some(region(old)), Some(region(new)));
    differences.option("server.region", was, is, Danger::DataLoss, &because);
    differences.value(
        "server.image",
        &old.image,
        &new.image,
        Danger::None,
        STOCK_IMAGE,
    );
    differences.option(
        "server.digitalocean_project",
        old.digitalocean_project.as_ref(),
        new.digitalocean_project.as_ref(),
        Danger::None,
        &["the droplet is filed elsewhere on the account"],
    );
}

fn size(differences: &mut Differences, old: &Server, new: &Server) {
    let (was, is) = (old.size, new.size);
    let grows = is.disk_gib > was.disk_gib;
    let mut because =
        vec!["the droplet is powered off, resized and powered on, which takes minutes"];
    let mut danger = Danger::Downtime;
    if grows && new.resize_disk {
        danger = Danger::Irreversible;
        because.push("the disk grows with it, and a disk never shrinks: no smaller size any more");
    } else if grows {
        because.push("the disk keeps its size, so that the way back stays open");
    } else if is.disk_gib < was.disk_gib {
        because.push(
            "DigitalOcean refuses a size whose disk is smaller than the one the droplet has: it \
             works only if the disk never grew to the present size",
        );
    }
    let slugs = (Some(&was.slug), Some(&is.slug));
    differences.option("server.size", slugs.0, slugs.1, danger, &because);
    differences.option(
        "server.install_size",
        old.install_size.map(|size| &size.slug),
        new.install_size.map(|size| &size.slug),
        Danger::None,
        &["only an installation uses it"],
    );
    differences.value(
        "server.resize_disk",
        old.resize_disk,
        new.resize_disk,
        Danger::None,
        "it decides what the next change of `server.size` does to the disk",
    );
    let backups = if new.backups {
        "DigitalOcean starts to back the disk up, for a share of the droplet's price"
    } else {
        "DigitalOcean makes no further backups of the disk"
    };
    differences.value(
        "server.backups",
        old.backups,
        new.backups,
        Danger::None,
        backups,
    );
}

fn addresses(differences: &mut Differences, old: &Server, new: &Server) {
    let (danger, because) = if new.ipv6 {
        (
            Danger::Restart,
            "the address is added in place; the system takes it up when it boots next",
        )
    } else {
        (Danger::DataLoss, REPLACED)
    };
    differences.value("server.ipv6", old.ipv6, new.ipv6, danger, because);
    let (danger, because) = if new.reserved_ip {
        (
            Danger::None,
            "DNS moves to the reserved address; the droplet's own address keeps answering",
        )
    } else {
        (
            Danger::Irreversible,
            "the reserved address is given back and cannot be had again; DNS moves to the \
             droplet's own address; `seance apply` refuses unless the server's name is given with \
             `--confirm`",
        )
    };
    differences.value(
        "server.reserved_ip",
        old.reserved_ip,
        new.reserved_ip,
        danger,
        because,
    );
}

fn keys(differences: &mut Differences, old: &Server, new: &Server) {
    let kept = new.ssh_keys.iter().any(|key| old.ssh_keys.contains(key));
    let because = [
        "the droplet is not replaced: it ignores its keys, and NixOS holds the list; the next \
         `seance apply` switches to it",
        if kept {
            ""
        } else {
            "no key of the old list stays: whoever holds only those is locked out after the switch"
        },
    ];
    let danger = if kept {
        Danger::None
    } else {
        Danger::Irreversible
    };
    let (was, is) = (joined(&old.ssh_keys), joined(&new.ssh_keys));
    differences.option("server.ssh_keys", was, is, danger, &because);
    differences.option(
        "server.ssh_key_fingerprint",
        old.ssh_key_fingerprint.as_ref(),
        new.ssh_key_fingerprint.as_ref(),
        Danger::None,
        &[STOCK_IMAGE],
    );
}

/// disko runs at the installation and never again, while NixOS keeps reading the layout.
fn disk(differences: &mut Differences, old: &Server, new: &Server) {
    differences.value(
        "server.disk.device",
        &old.disk.device,
        &new.disk.device,
        Danger::Downtime,
        "the installed disk keeps its layout, but the next switch writes the boot loader to the \
         new device: it fails unless that names the same disk",
    );
    let (danger, because) = match (&old.disk.swap, &new.disk.swap) {
        (None, Some(_)) => (
            Danger::Downtime,
            "partitions are made at the installation only: the installed system would wait at boot \
             for a swap partition that does not exist; take it back, or install anew",
        ),
        (Some(_), None) => (
            Danger::None,
            "partitions are made at the installation only: the swap partition stays, unused",
        ),
        _ => (
            Danger::None,
            "partitions are made at the installation only: the swap partition keeps its size",
        ),
    };
    let (was, is) = (old.disk.swap.as_ref(), new.disk.swap.as_ref());
    differences.option("server.disk.swap", was, is, danger, &[because]);
}

fn system(differences: &mut Differences, old: &Server, new: &Server) {
    differences.value(
        "server.profile",
        &old.profile,
        &new.profile,
        Danger::Restart,
        "the unit restarts under the new profile, whose devenv state folder is another one: what \
         the processes kept in `DEVENV_STATE` stays in the old one",
    );
    differences.value(
        "server.nixos_release",
        &old.nixos_release,
        &new.nixos_release,
        Danger::Restart,
        "every service of the system may restart, and a new kernel waits for a reboot; \
         `flake.nix` is yours: change its nixpkgs input too",
    );
    differences.value(
        "server.state_version",
        &old.state_version,
        &new.state_version,
        Danger::Irreversible,
        "it says which release made the data on disk and is no upgrade: services may look for \
         their data elsewhere or convert it",
    );
    differences.value(
        "server.timezone",
        &old.timezone,
        &new.timezone,
        Danger::None,
        REBUILT,
    );
    differences.value(
        "server.build_on",
        build_on(old),
        build_on(new),
        Danger::None,
        "the system is built elsewhere and stays the same",
    );
}

fn build_on(server: &Server) -> &'static str {
    match server.build_on {
        BuildOn::Local => "local",
        BuildOn::Server => "server",
    }
}
