use super::*;

#[test]
fn secrets_are_named() {
    let hex = "0123456789abcdef".repeat(4);
    let word = "abcdefghij0123456789ABCDEFGHIJ0123456789";
    for (text, kind) in [
        (format!("dop_v1_{hex}"), "DigitalOcean access token"),
        (format!("export X=doo_v1_{hex}"), "DigitalOcean OAuth token"),
        (format!("dor_v1_{hex}"), "DigitalOcean refresh token"),
        (format!("ghp_{word}"), "GitHub token"),
        (format!("curl -H 'token github_pat_{word}'"), "GitHub token"),
        ("AKIAABCDEFGHIJKLMNOP".to_owned(), "AWS access key id"),
        ("xoxb-123456789012-abc".to_owned(), "Slack token"),
        (format!("sk_live_{word}"), "Stripe secret key"),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nx".to_owned(),
            "private key",
        ),
        ("-----BEGIN RSA PRIVATE KEY".to_owned(), "private key"),
        (
            "postgres://app:hunter2@db/app".to_owned(),
            "password in a URL",
        ),
        ("x https://a:b@c.dev".to_owned(), "password in a URL"),
    ] {
        assert_eq!(looks_like_secret(&text), Some(kind), "{text}");
    }
}

#[test]
fn harmless_texts_are_left_alone() {
    for text in [
        "",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIInr8sUmcbDZ2vziMoFpO2BKiEL8Bp2+I7E+qakST/6w laptop",
        "redis@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef",
        "ghp_short",
        "the prefix dop_v1_ of a token",
        "postgres://app@db/app",
        "postgres://app:$PASSWORD@db/app",
        "postgres://app:${PASSWORD}@db/app",
        "https://example.com/a:b@c",
        "git@github.com:a/b",
        "90:2e:13:4f:01:58:02:4a:d3:92:6e:31:5c:d6:41:94",
        "package_ghp_0123456789012345678901234567890123456789",
    ] {
        assert_eq!(looks_like_secret(text), None, "{text}");
    }
}

#[test]
fn names_give_values_away() {
    let token = "Abcdefghij0123456789_-klmnopqrstuvwxyz01";
    assert_eq!(
        looks_like_secret_named("CLOUDFLARE_API_TOKEN", token),
        Some("Cloudflare token")
    );
    assert!(looks_like_secret_named("SESSION_SECRET", token).is_some());
    assert!(looks_like_secret_named("db_password", "correct-horse-1-battery").is_some());
    for (name, value) in [
        ("REVISION", token),
        ("SESSION_SECRET", ""),
        ("SESSION_SECRET", "$SESSION_SECRET_FROM_1_FILE"),
        ("TOKEN_URL", "https0123456789abcdef"),
        ("SECRET_FILE", "secret0123456789abcdef"),
        ("STRIPE_PUBLIC_KEY_TOKEN", token),
        ("JWT_SECRET", "/run/secrets/jwt-0123456789"),
        ("CLOUDFLARE_ZONE_ID", "0123456789abcdef0123456789abcdef"),
        ("TOKEN_LIFETIME", "3600"),
    ] {
        assert_eq!(looks_like_secret_named(name, value), None, "{name}");
    }
}
