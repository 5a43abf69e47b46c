use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn variables() {
    accepts::<EnvironmentName>(&["PORT", "_x", "builder_key2"]);
    refuses::<EnvironmentName>(&[
        ("", None),
        ("MY-KEY", Some("MY_KEY")),
        ("PORT=4444", Some("PORT")),
        ("2X", None),
        ("A B", None),
        ("É", None),
    ]);
}

#[test]
fn packages() {
    accepts::<PackageName>(&[
        "nodejs_22",
        "python3Packages.uvicorn",
        "gst_all_1.gst-plugins-base",
    ]);
    refuses::<PackageName>(&[
        ("", None),
        ("pkgs.nodejs_22", Some("nodejs_22")),
        ("nixpkgs#nodejs_22", Some("nodejs_22")),
        ("7zz", Some("_7zz")),
        ("nodejs@22", None),
        ("a..b", None),
        (".a", None),
        ("let", None),
        ("a;b", None),
        ("${x}", None),
    ]);
    assert_eq!(
        message::<PackageName>("nodejs@22"),
        "the package name `nodejs@22` holds `@`"
    );
}

#[test]
fn branches() {
    accepts::<BranchName>(&["main", "feature/x-1", "v1.2", "fix/#12", "größe", "a@b"]);
    refuses::<BranchName>(&[
        ("", None),
        ("refs/heads/main", Some("main")),
        ("refs/tags/v1", None),
        ("HEAD", None),
        ("@", None),
        ("-x", None),
        ("/x", None),
        ("x/", None),
        ("a//b", None),
        ("a..b", None),
        ("a.", None),
        (".a", None),
        ("a/.b", None),
        ("a.lock", None),
        ("a.lock/b", None),
        ("a@{b", None),
        ("a b", None),
        ("a~1", None),
        ("a:b", None),
        ("$(reboot)", None),
        ("a%i", None),
        ("0123456789abcdef0123456789abcdef01234567", None),
    ]);
}
