use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn sites_are_accepted() {
    accepts::<SiteAddress>(&[
        "localhost",
        "localhost:8080",
        "app.localhost",
        "a.b.localhost:1",
        "127.0.0.1:65535",
        "backend.seance.dev",
        "backend.seance.dev:8443",
    ]);
    let site = SiteAddress::try_from("app.localhost:8080").unwrap();
    assert_eq!((site.host(), site.port()), ("app.localhost", Some(8080)));
    assert_eq!(site.caddy_address(), "http://app.localhost:8080");
    let site = SiteAddress::try_from("seance.dev").unwrap();
    assert_eq!((site.host(), site.port()), ("seance.dev", None));
    assert_eq!(site.caddy_address(), "seance.dev");
}

#[test]
fn other_sites_are_refused() {
    refuses::<SiteAddress>(&[
        ("", None),
        ("http://localhost:8080", Some("localhost:8080")),
        ("https://Seance.dev/", Some("seance.dev")),
        ("seance.dev/ui", Some("seance.dev")),
        (":8080", Some("localhost:8080")),
        ("LOCALHOST:8080", Some("localhost:8080")),
        ("Seance.DEV:8443", Some("seance.dev:8443")),
        ("seance.dev:", None),
        ("seance.dev:http", None),
        ("seance.dev:0", None),
        ("seance.dev:65536", None),
        ("seance.dev:+80", None),
        ("seance.dev:080", Some("seance.dev:80")),
        ("seance.dev:99999999999999999999", None),
        ("[::1]:8080", None),
        ("::1", None),
        ("192.0.2.1", None),
        ("*.seance.dev", None),
        ("-x.localhost", None),
        (".localhost", None),
        ("seance", None),
        ("seance.dev, app.seance.dev", None),
        ("seance.dev app.seance.dev", None),
        ("{$CADDY_DOMAIN}", None),
        ("$CADDY_DOMAIN", None),
        ("seance.dev\"", None),
        ("seance.dev`", None),
        ("seance.dev\n}", None),
        ("münchen.de:81", Some("xn--mnchen-3ya.de:81")),
    ]);
    assert_eq!(
        message::<SiteAddress>("https://seance.dev"),
        "`https://seance.dev` has a scheme; Caddy chooses HTTPS for public names by itself"
    );
}
