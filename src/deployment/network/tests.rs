use super::*;
use crate::deployment::testing::{accepts, message, refuses};

#[test]
fn ports_have_a_range() {
    assert_eq!(Port::try_from(443).unwrap().number(), 443);
    assert_eq!(Port::try_from(65535).unwrap().number(), 65535);
    for number in [0, -1, 65536, i64::MAX, i64::MIN] {
        assert!(Port::try_from(number).is_err(), "{number}");
    }
    assert_eq!(
        Port::try_from(70000).unwrap_err().message,
        "70000 is no port number"
    );
}

#[test]
fn networks_are_accepted() {
    accepts::<Cidr>(&[
        "203.0.113.0/24",
        "203.0.113.7/32",
        "0.0.0.0/0",
        "::/0",
        "2001:db8::/32",
    ]);
    let canonical = Cidr::try_from("2001:DB8:0::/32").unwrap();
    assert_eq!(canonical.as_str(), "2001:db8::/32");
}

#[test]
fn other_networks_are_refused() {
    refuses::<Cidr>(&[
        ("", None),
        ("203.0.113.7", Some("203.0.113.7/32")),
        ("2001:db8::1", Some("2001:db8::1/128")),
        ("203.0.113.7/24", Some("203.0.113.0/24")),
        ("2001:db8::1/64", Some("2001:db8::/64")),
        ("203.0.113.0/33", None),
        ("2001:db8::/129", None),
        ("203.0.113.0/999", None),
        ("203.0.113.0/", None),
        ("203.0.113.0/024", Some("203.0.113.0/24")),
        ("203.0.113.0/+24", None),
        ("203.0.113.0/255.255.255.0", Some("203.0.113.0/24")),
        ("203.0.113.7/255.255.255.0", Some("203.0.113.0/24")),
        ("203.0.113/24", None),
        ("203.0.113.256/24", None),
        ("::ffff:203.0.113.0/120", Some("203.0.113.0/24")),
        ("home.example.com", None),
        ("fe80::1%eth0/64", None),
    ]);
    assert_eq!(
        message::<Cidr>("203.0.113.7/24"),
        "`203.0.113.7/24` has host bits set: the network of that length is `203.0.113.0/24`"
    );
    assert_eq!(
        message::<Cidr>("203.0.113.0/33"),
        "the prefix length `33` is longer than the 32 bits of an IPv4 address"
    );
}

#[test]
fn networks_know_what_they_are() {
    let cidr = |text: &str| Cidr::try_from(text).unwrap();
    assert!(cidr("::/0").is_everyone() && cidr("0.0.0.0/0").is_everyone());
    assert!(!cidr("203.0.113.0/24").is_everyone());
    assert!(cidr("::/0").is_ipv6() && !cidr("203.0.113.0/24").is_ipv6());
    assert!(cidr("192.168.1.0/24").is_private() && cidr("fd00::/64").is_private());
    assert!(!cidr("0.0.0.0/0").is_private() && !cidr("172.32.0.0/16").is_private());
}
