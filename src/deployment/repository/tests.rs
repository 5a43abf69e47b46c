use super::*;
use crate::deployment::testing::{accepts, message, refusal, refuses};

#[test]
fn repositories() {
    accepts::<GitUrl>(&[
        "https://github.com/example/seance-signaling.git",
        "https://git.example.com:8443/~ada/app",
        "git@github.com:example/app.git",
        "ssh://git@git.example.com:2222/app.git",
        "https://192.0.2.1/app.git",
    ]);
    let parts = |text: &str| {
        let url = GitUrl::try_from(text).unwrap();
        (url.is_ssh(), url.host().to_owned())
    };
    assert_eq!(
        parts("https://git.example.com:8443/app"),
        (false, "git.example.com".to_owned())
    );
    assert_eq!(parts("git@github.com:a/b"), (true, "github.com".to_owned()));
    assert_eq!(parts("ssh://git@h.dev:22/b"), (true, "h.dev".to_owned()));
}

#[test]
fn other_repositories_are_refused() {
    refuses::<GitUrl>(&[
        ("", None),
        ("http://github.com/a/b", Some("https://github.com/a/b")),
        ("git://github.com/a/b", Some("https://github.com/a/b")),
        ("http://h.dev:3000/a", None),
        ("example/app", None),
        ("github.com/a/b", Some("https://github.com/a/b")),
        ("github:a/b", Some("https://github.com/a/b.git")),
        ("git+https://github.com/a/b", Some("https://github.com/a/b")),
        ("git@github.com:22/a/b", Some("ssh://git@github.com:22/a/b")),
        ("ssh://github.com/a/b", Some("ssh://git@github.com/a/b")),
        ("github.com:a/b", Some("git@github.com:a/b")),
        ("https://GitHub.com/a/b", Some("https://github.com/a/b")),
        ("https://github.com/a/b/", Some("https://github.com/a/b")),
        (
            "https://github.com/a/b/tree/main",
            Some("https://github.com/a/b"),
        ),
        ("https://github.com/a", None),
        ("https://github.com", None),
        ("file:///srv/git/a", None),
        ("/srv/git/a", None),
        ("../a", None),
        ("~/a", None),
        ("ext::sh -c reboot", None),
        ("https://localhost/a/b", None),
        ("https://h.dev/a/../b", None),
        ("https://h.dev/-a", None),
        ("https://-h.dev/a", None),
        ("git@-oProxyCommand=x:a", None),
        ("-u@h.dev:a", None),
        ("https://h.dev/a?x", None),
        ("https://h.dev/$(x)", None),
        ("https://h.dev/a b", None),
        ("https://h.dev/a%20b", None),
        ("https://h.dev:0/a", None),
        ("ftp://h.dev/a", None),
    ]);
    assert_eq!(
        message::<GitUrl>("http://h.dev/a"),
        "the repository is fetched over `http://`, where anyone on the way can change the code that the server runs"
    );
}

#[test]
fn credentials_are_refused_without_a_trace() {
    for text in [
        "https://ada:hunter2@github.com/a/b.git",
        "https://hunter2@github.com/a/b.git",
        "http://x:hunter2@h.dev/a",
        "ssh://git:hunter2@h.dev/a",
        "https://x:hunter2@@h.dev/a",
        "git:hunter2@h.dev:a/b",
    ] {
        let refusal = refusal::<GitUrl>(text);
        assert!(!format!("{refusal:?}").contains("hunter2"), "{refusal:?}");
        assert!(refusal.message.contains("(hidden)"), "{refusal:?}");
    }
}
