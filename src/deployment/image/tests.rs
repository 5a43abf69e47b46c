use super::*;
use crate::deployment::testing::{accepts, refuses};

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
