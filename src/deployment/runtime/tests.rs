use super::*;
use crate::deployment::testing::{accepts, message, refusal, refuses};

#[test]
fn commands() {
    accepts::<ShellCommand>(&[
        "npm run start",
        "set -e\n\tnpm ci\n",
        "echo \"$HOME\" | cat; : ''",
    ]);
    refuses::<ShellCommand>(&[
        ("", None),
        (" \n", None),
        ("a\u{0}b", None),
        ("a\u{1b}[0m", None),
        ("a\r\nb", Some("a\nb")),
    ]);
    let refusal = refusal::<ShellCommand>("run --url postgres://app:hunter2@db/app");
    assert_eq!(
        refusal.message,
        "the command holds a secret (hidden): password in a URL"
    );
    assert!(!format!("{refusal:?}").contains("hunter2"));
}

#[test]
fn images() {
    let digest = format!("redis@sha256:{}", "a".repeat(64));
    accepts::<ContainerImage>(&[
        "funnyzak/y-webrtc-signaling:latest",
        "redis",
        "ghcr.io/owner/name:1.2",
        "localhost:5000/x",
        "localhost/x__y/a-b.c",
        &digest,
    ]);
    let image = ContainerImage::try_from(digest.as_str()).unwrap();
    assert!(image.digest().is_some() && image.tag().is_none());
    let image = ContainerImage::try_from("localhost:5000/x:1").unwrap();
    assert_eq!((image.tag(), image.digest()), (Some("1"), None));
    refuses::<ContainerImage>(&[
        ("", None),
        (
            "Funnyzak/Signaling:Latest",
            Some("funnyzak/signaling:Latest"),
        ),
        ("docker://redis:7", Some("redis:7")),
        ("docker pull redis", None),
        ("redis:", None),
        ("redis:-x", None),
        ("redis@sha256:abc", None),
        ("ghcr.io/", None),
        ("ghcr.io:0/x", None),
        ("-ghcr.io/x", None),
        ("a//b", None),
        ("a/b_", None),
        ("a___b", None),
        ("redis:$TAG", None),
        (&"a".repeat(64), None),
    ]);
}

#[test]
fn disk_sizes() {
    accepts::<DiskSize>(&["2G", "512M", "1T"]);
    let size = |text: &str| DiskSize::try_from(text).unwrap().mebibytes();
    assert_eq!(
        (size("512M"), size("2G"), size("1T")),
        (512, 2048, 1_048_576)
    );
    refuses::<DiskSize>(&[
        ("", None),
        ("0", None),
        ("0G", None),
        ("2", None),
        ("G", None),
        ("2g", Some("2G")),
        ("2GB", Some("2G")),
        ("2 GiB", Some("2G")),
        ("02G", Some("2G")),
        ("0.5G", Some("512M")),
        ("1.5T", Some("1536G")),
        ("0.3G", None),
        ("1.5M", None),
        ("50%", None),
        ("2K", None),
        ("-2G", None),
        ("99999999999999999999G", None),
        ("0.99999999999999999999999G", None),
        ("1.2.3G", None),
        ("2Gé", None),
    ]);
    assert_eq!(
        message::<DiskSize>("50%"),
        "the size `50%` is a share; partitions take a fixed size"
    );
}
