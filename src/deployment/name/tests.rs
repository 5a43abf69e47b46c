use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn server_names() {
    accepts::<ServerName>(&["seance-backend", "a", "web1", "seance", "default"]);
    refuses::<ServerName>(&[
        ("", None),
        ("Seance_Backend", Some("seance-backend")),
        ("seance.dev", Some("seance-dev")),
        ("seance-", Some("seance")),
        ("1web", None),
        ("-web", None),
        ("wéb", None),
        ("root", None),
        ("nobody", None),
        ("nixbld", None),
        ("nixbld12", None),
        ("caddy", None),
        ("docker", None),
        ("sshd", None),
        ("messagebus", None),
        ("systemd-resolve", None),
        ("nix-daemon", None),
        ("localhost", None),
        ("Root", None),
        ("abcdefghijklmnopqrstuvwxyz-12345", None),
    ]);
    assert_eq!(
        message::<ServerName>("root"),
        "the server name `root` is a user or group of the system"
    );
    assert_eq!(
        message::<ServerName>("a b"),
        "the server name `a b` holds a space"
    );
}

#[test]
fn other_names() {
    accepts::<ProjectName>(&["seance", "s2-x"]);
    refuses::<ProjectName>(&[("Séance", None), ("my app", Some("my-app"))]);
    accepts::<ServiceName>(&["backend", "signaling"]);
    refuses::<ServiceName>(&[
        ("caddy", None),
        ("default", None),
        ("a_b", Some("a-b")),
        ("Caddy", None),
    ]);
    accepts::<ProfileName>(&["default", "prod", "Prod_2-x", "1"]);
    refuses::<ProfileName>(&[
        ("hostname", None),
        ("user", None),
        ("-x", None),
        ("a.b", None),
        ("", None),
    ]);
    accepts::<PortName>(&["ssh", "http_alt", "y-webrtc"]);
    refuses::<PortName>(&[("HTTP", Some("http")), ("80", None), ("a_", Some("a"))]);
    accepts::<DomainKey>(&["backend", "app_2"]);
    refuses::<DomainKey>(&[("app.seance.dev", Some("app-seance-dev")), ("", None)]);
}
