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
