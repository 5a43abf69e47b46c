use super::*;
use crate::deployment::testing::{accepts, message, refusal, refuses};

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIInr8sUmcbDZ2vziMoFpO2BKiEL8Bp2+I7E+qakST/6w laptop of ada";
const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBwBmSiRNWEwSUKpO5vUYde9JAhCCIfiUPr2CDpvgsdtnAHWMFCw1YQGVf3RKYfPhx70D5tUmocDMsHzE/SLjaA= ec";
const RSA_2048: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDQlC9eWMKs5B6/5WhJoLw8+keJReHZk0lEf1T3JEGaoJbZsfuWHfdmpS2klWGmauNwmH1OW7Vl7vTRs7IX/twRt3sRsh+UnAPY5lITjxT/PTh9JuEQX/F9zqqNzBY/5GeAotCRcczOPA9MhHR7hN2sx2IftAfLPSNh9mw/seoEy+ufc7yiKF/4cGonshkOacc37wenW34x54F2aRMsAmYI72gAz+zw8kdPvpnsUtCX46mNCcQQiXxwATjJreJCJkYX11Fm0XXGt+RiqhF2N/kTcGC5+tlNjzychoc276T2OHZtrFPOQfEXkDC1xFE15fRY6hfb3LHHynKA5OIrBSx5 rsa";
const RSA_1024: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDH6kcq8Jtdtoes5K3BByancZ3ywivUhRl3f/6VotvElUiaCyspBx+2Jk6KlxOrGl/ZDja9+6xiI1pSLh56hkiqjmVQ30ahGJpPr0hJ8zdZ3uCTnxhXI1X59TwqBDII873tp7ihBw68fXy7PbzFaYLu+NTudweqigIraBqfK3GofQ== old";
const DSA: &str = "ssh-dss AAAAB3NzaC1kc3MAAACBAPHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHxAAAAFQDx8fHx8fHx8fHx8fHx8fHx8fHx8QAAAIAREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREREQAAAIASEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEhISEg==";
const TOKEN: &str = "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo=";

#[test]
fn keys_are_accepted() {
    accepts::<SshPublicKey>(&[ED25519, ECDSA, RSA_2048, TOKEN]);
}

#[test]
fn keys_have_parts() {
    let key = SshPublicKey::try_from(ED25519).unwrap();
    assert_eq!(key.algorithm(), "ssh-ed25519");
    assert_eq!(key.comment(), "laptop of ada");
    assert_eq!(
        key.fingerprint_sha256(),
        "SHA256:VYytQBHzG05oYN2l9K7MESPN5Ndgubgmm3vlJkAYvLw"
    );
    let bare = SshPublicKey::try_from(key.key_body()).unwrap();
    assert_eq!(bare.comment(), "");
    assert_eq!(bare.key_body(), key.key_body());
    assert!(!key.is_security_key());
    assert!(SshPublicKey::try_from(TOKEN).unwrap().is_security_key());
}

#[test]
fn private_keys_are_refused_without_a_trace() {
    let text = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n-----END OPENSSH PRIVATE KEY-----";
    let refusal = refusal::<SshPublicKey>(text);
    assert_eq!(
        refusal.message,
        "this is a private key (hidden), the public one is needed"
    );
    assert!(!format!("{refusal:?}").contains("b3Blb"));
}

#[test]
fn other_things_are_refused() {
    refuses::<SshPublicKey>(&[
        ("", None),
        ("~/.ssh/id_ed25519.pub", None),
        ("id_ed25519.pub", None),
        ("ssh-ed25519 AAAA…", None),
        ("ssh-ed25519 AAAA...", None),
        ("<your key>", None),
        ("ssh-ed25519", None),
        ("ssh-ed25519 AAAA laptop", None),
        ("ssh-ed448 AAAA laptop", None),
        (&ED25519.replace("ssh-ed25519 AAAAC3", "AAAAC3"), None),
        (&ED25519.replacen("ssh-ed25519", "ssh-rsa", 1), None),
        (&ED25519.replace("6w ", "6wAAAA "), None),
        (&ED25519.replace("6w ", " "), None),
        (&format!("{ED25519}\n{ECDSA}"), None),
        (&format!("{ED25519}\u{7}"), None),
        (&format!("{ED25519}\n"), Some(ED25519)),
        (&format!("no-pty,command=\"x y\" {ED25519}"), Some(ED25519)),
        (DSA, None),
        (RSA_1024, None),
    ]);
}

#[test]
fn messages_say_what_is_wrong() {
    assert_eq!(
        message::<SshPublicKey>(&ED25519.replacen("ssh-ed25519", "ssh-rsa", 1)),
        "the key says `ssh-rsa` but its base64 part is of type `ssh-ed25519`"
    );
    assert_eq!(
        message::<SshPublicKey>(RSA_1024),
        "this RSA key has 1024 bits, fewer than the 2048 that are still safe"
    );
    assert_eq!(
        message::<SshPublicKey>(DSA),
        "this is a DSA key, which OpenSSH no longer accepts: nobody could log in"
    );
    assert_eq!(
        message::<SshPublicKey>("~/.ssh/id_ed25519.pub"),
        "`~/.ssh/id_ed25519.pub` is a path, the key itself is needed"
    );
}

#[test]
fn fingerprints() {
    let md5 = "90:2e:13:4f:01:58:02:4a:d3:92:6e:31:5c:d6:41:94";
    accepts::<SshFingerprint>(&[md5]);
    refuses::<SshFingerprint>(&[
        ("", None),
        (&format!("MD5:{md5}"), Some(md5)),
        (&md5.to_uppercase(), Some(md5)),
        (&md5[3..], None),
        ("SHA256:VYytQBHzG05oYN2l9K7MESPN5Ndgubgmm3vlJkAYvLw", None),
    ]);
    assert!(
        refusal::<SshFingerprint>("SHA256:abc")
            .help
            .contains("ssh-keygen -E md5 -lf")
    );
}
