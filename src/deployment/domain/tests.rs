use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn host_names_are_accepted() {
    accepts::<DomainName>(&[
        "seance.dev",
        "app.seance.dev",
        "3com.com",
        "a-b.c-d.io",
        "xn--mnchen-3ya.de",
    ]);
    accepts::<DomainName>(&[&format!("{}.dev", "a".repeat(63))]);
}

#[test]
fn other_things_are_refused() {
    refuses::<DomainName>(&[
        ("", None),
        ("localhost", None),
        ("seance", None),
        ("App.Seance.Dev", Some("app.seance.dev")),
        ("seance.dev.", Some("seance.dev")),
        ("https://App.seance.dev:8443/ui?x", Some("app.seance.dev")),
        ("app.seance.dev/ui", Some("app.seance.dev")),
        ("app.seance.dev:8080", Some("app.seance.dev")),
        (" app.seance.dev ", Some("app.seance.dev")),
        ("*.seance.dev", None),
        ("203.0.113.7", None),
        ("::1", None),
        ("[2001:db8::1]", None),
        ("1.2.3.400", None),
        ("my_app.dev", None),
        ("-app.dev", None),
        ("app-.dev", None),
        ("app..dev", None),
        (".app.dev", None),
        ("ab--cd.dev", None),
        ("xn--a.dev", None),
        ("app.local", None),
        ("app.localhost", None),
        ("app seance.dev", None),
        ("app\u{0}.dev", None),
        ("münchen.de", Some("xn--mnchen-3ya.de")),
        ("München.DE", Some("xn--mnchen-3ya.de")),
        ("日本語.jp", Some("xn--wgv71a119e.jp")),
        ("app\u{a0}x.dev", None),
        ("münchen .de", None),
    ]);
    refuses::<DomainName>(&[
        (&format!("{}.dev", "a".repeat(64)), None),
        (&format!("{}dev", "abcdefg.".repeat(32)), None),
    ]);
}

#[test]
fn messages_say_what_is_wrong() {
    assert_eq!(
        message::<DomainName>("my_app.dev"),
        "`my_app.dev` holds `_`"
    );
    assert_eq!(
        message::<DomainName>("203.0.113.7"),
        "`203.0.113.7` is an IP address, a host name is needed"
    );
    assert_eq!(
        message::<DomainName>("*.seance.dev"),
        "`*.seance.dev` is a wildcard, which needs a certificate by DNS challenge"
    );
    assert_eq!(
        message::<DomainName>("app\u{200b}.dev"),
        "`app\\u{200b}.dev` is not ASCII"
    );
}

#[test]
fn names_lie_within_their_zone() {
    let name = |text: &str| DomainName::try_from(text).unwrap();
    assert!(name("app.seance.dev").is_within(&name("seance.dev")));
    assert!(name("seance.dev").is_within(&name("seance.dev")));
    assert!(!name("notseance.dev").is_within(&name("seance.dev")));
    assert!(!name("seance.dev").is_within(&name("app.seance.dev")));
}
