use super::*;
use crate::deployment::testing::{accepts, message, refusal, refuses};

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

#[test]
fn health_paths() {
    accepts::<UrlPath>(&[
        "/",
        "/ui",
        "/api/health?full=1&x=a%20b",
        "/a-b_c.d~e/@x:1",
        "/ui/",
    ]);
    refuses::<UrlPath>(&[
        ("", Some("/")),
        ("ui", Some("/ui")),
        ("//ui", Some("/ui")),
        ("https://app.seance.dev/ui?x=1", Some("/ui?x=1")),
        ("https://app.seance.dev", Some("/")),
        ("/ui#top", Some("/ui")),
        ("/a b", None),
        ("/a%2", None),
        ("/a%zz", None),
        ("/100%é", None),
        ("/../etc", None),
        ("/a/./b", None),
        ("/{x}", None),
        ("/a\"b", None),
        ("/a`b", None),
        ("/a$b", None),
        ("/a\\b", None),
        ("/a\nb", None),
    ]);
    assert_eq!(message::<UrlPath>("/a b"), "the path `/a b` holds a space");
}

#[test]
fn mail_addresses() {
    accepts::<Email>(&["ops@seance.dev", "a.b+c_d-e@mail.seance.dev"]);
    refuses::<Email>(&[
        ("", None),
        ("ops", None),
        ("ops@", None),
        ("@seance.dev", None),
        ("ops@localhost", None),
        ("a@b@seance.dev", None),
        ("ops@Seance.dev", Some("ops@seance.dev")),
        ("mailto:ops@seance.dev", Some("ops@seance.dev")),
        ("Ops <ops@Seance.dev>", Some("ops@seance.dev")),
        (".ops@seance.dev", None),
        ("o..ps@seance.dev", None),
        ("-ops@seance.dev", None),
        ("{env.X}@seance.dev", None),
        ("o ps@seance.dev", None),
        ("o\"ps@seance.dev", None),
        ("ops@seance.dev\n", Some("ops@seance.dev")),
        ("ops@seance.dev}", None),
    ]);
}

#[test]
fn zone_ids() {
    accepts::<ZoneId>(&["0123456789abcdef0123456789abcdef"]);
    refuses::<ZoneId>(&[
        ("", None),
        (
            "0123456789ABCDEF0123456789ABCDEF",
            Some("0123456789abcdef0123456789abcdef"),
        ),
        ("0123456789abcdef", None),
        ("seance.dev", None),
        ("0123456789abcdef0123456789abcdeg", None),
    ]);
}

#[test]
fn a_token_in_place_of_a_zone_id_is_not_repeated() {
    let token = "Abcdefghij0123456789_-klmnopqrstuvwxyz01";
    let refusal = refusal::<ZoneId>(token);
    assert!(!format!("{refusal:?}").contains(token));
    assert_eq!(
        refusal.message,
        "the zone id looks like a Cloudflare API token (hidden)"
    );
}
