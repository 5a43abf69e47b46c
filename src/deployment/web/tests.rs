use super::*;
use crate::deployment::testing::{accepts, message, refusal, refuses};

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
