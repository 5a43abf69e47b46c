use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn releases() {
    accepts::<NixosRelease>(&["26.05", "25.11", "21.05"]);
    assert_eq!(
        NixosRelease::try_from("26.05").unwrap().year_month(),
        (2026, 5)
    );
    assert_eq!(
        NixosRelease::try_from("25.11").unwrap().year_month(),
        (2025, 11)
    );
    refuses::<NixosRelease>(&[
        ("", None),
        ("unstable", None),
        ("nixos-unstable", None),
        ("nixos-26.05", Some("26.05")),
        ("release-26.5", Some("26.05")),
        ("26.5", Some("26.05")),
        ("26.06", None),
        ("20.09", None),
        ("26", None),
        ("2026.05", None),
        ("26.05.1", None),
    ]);
    assert_eq!(
        message::<NixosRelease>("20.09"),
        "`20.09` is older than 21.05, the first of the present scheme"
    );
    assert_eq!(
        message::<NixosRelease>("unstable"),
        "`unstable` is a moving branch, its option names change without notice"
    );
}

#[test]
fn time_zones() {
    accepts::<TimeZone>(&[
        "UTC",
        "Europe/Berlin",
        "America/Argentina/Buenos_Aires",
        "Etc/GMT+2",
        "America/Port-au-Prince",
    ]);
    refuses::<TimeZone>(&[
        ("", None),
        ("utc", Some("UTC")),
        ("GMT", Some("UTC")),
        ("Berlin", None),
        ("europe/berlin", Some("Europe/Berlin")),
        ("Eurpoe/Berlin", Some("Europe/Berlin")),
        ("America/New York", Some("America/New_York")),
        ("+02:00", None),
        ("Europe/", None),
        ("Europe//Berlin", None),
        ("../etc/passwd", None),
        ("Mars/Base", None),
    ]);
}

#[test]
fn images() {
    accepts::<ImageSlug>(&["ubuntu-24-04-x64", "debian-12-x64"]);
    refuses::<ImageSlug>(&[
        ("", None),
        ("12345678", None),
        ("Ubuntu-24.04-x64", Some("ubuntu-24-04-x64")),
        ("nixos-26-05", None),
        ("ubuntu--x64", None),
    ]);
    assert!(message::<ImageSlug>("12345678").contains("custom image"));
}

#[test]
fn projects() {
    accepts::<DigitalOceanProject>(&["My project", "séance", &"x".repeat(175)]);
    refuses::<DigitalOceanProject>(&[
        ("", None),
        (" x ", Some("x")),
        ("a\tb", None),
        (&"x".repeat(176), None),
    ]);
}
