use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn absolute_paths() {
    accepts::<AbsolutePath>(&[
        "/opt/seance-signaling",
        "/srv/app.2/x",
        "/var/lib/app",
        "/data",
        "/nixos/app",
    ]);
    refuses::<AbsolutePath>(&[
        ("", None),
        ("/", None),
        ("//", None),
        ("opt/app", None),
        ("~/app", None),
        ("/opt/app/", Some("/opt/app")),
        ("/opt//app", Some("/opt/app")),
        ("/opt/./app", Some("/opt/app")),
        ("/opt/../etc", None),
        ("/opt", None),
        ("/opt/", None),
        ("/var/lib", None),
        ("/nix/store/x", None),
        ("/etc/app", None),
        ("/home/ada/app", None),
        ("/root", None),
        ("/tmp/app", None),
        ("/run/app", None),
        ("/dev/app", None),
        ("/usr/local/app", None),
        ("/opt/%i", None),
        ("/opt/a b", None),
        ("/opt/$HOME", None),
        ("/opt/\"a", None),
        ("/opt/café", None),
        ("/opt/-rf", None),
        ("/opt/a\nb", None),
    ]);
    assert_eq!(
        message::<AbsolutePath>("/home/ada/app"),
        "the path `/home/ada/app` is in `/home`: the service is kept out of home folders"
    );
    assert_eq!(
        message::<AbsolutePath>("/opt/%i"),
        "the path `/opt/%i` holds `%`, which systemd expands"
    );
}

#[test]
fn relative_paths() {
    accepts::<RelativePath>(&["backend", "packages/web", ".config"]);
    refuses::<RelativePath>(&[
        ("", None),
        (".", None),
        ("./backend", Some("backend")),
        ("backend/", Some("backend")),
        ("../x", None),
        ("/opt/x", None),
        ("~/x", None),
        ("a b", None),
        ("-x", None),
        ("././.", None),
    ]);
}

#[test]
fn devices() {
    accepts::<DevicePath>(&[
        "/dev/vda",
        "/dev/sda",
        "/dev/nvme0n1",
        "/dev/disk/by-id/scsi-0DO_Volume_x",
    ]);
    refuses::<DevicePath>(&[
        ("", None),
        ("vda", Some("/dev/vda")),
        ("/vda", Some("/dev/vda")),
        ("/dev/vda1", Some("/dev/vda")),
        ("/dev/nvme0n1p2", Some("/dev/nvme0n1")),
        ("/dev/vdb", Some("/dev/vda")),
        ("/dev/vdb1", Some("/dev/vda")),
        ("/dev/null", None),
        ("/dev/", None),
        ("/dev/nvme", None),
        ("/dev/nvmep", None),
        ("/dev/disk/by-label/nixos", None),
        ("/dev/disk/by-id/x-part1", Some("/dev/disk/by-id/x")),
        ("/dev/../etc", None),
        ("/dev/disk/by-id/../../vda", None),
        ("/dev/vda ", Some("/dev/vda")),
    ]);
    assert_eq!(
        message::<DevicePath>("/dev/vda1"),
        "`/dev/vda1` is a partition, the whole disk is needed"
    );
}
