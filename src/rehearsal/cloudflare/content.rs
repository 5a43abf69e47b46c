//! What a DNS record may hold.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::super::http::Reply;
use super::refusal;

/// Whether Cloudflare can stand between for records of this type.
pub(super) fn is_proxiable(kind: &str) -> bool {
    matches!(kind, "A" | "AAAA" | "CNAME")
}

/// The fully qualified form of a name. One that does not end in the zone is taken as relative to
/// it, even where another domain was meant.
pub(super) fn full_name(name: &str, zone: &str) -> Result<String, Reply> {
    let name = name.trim_end_matches('.').to_lowercase();
    let is_within = name == zone
        || name
            .strip_suffix(zone)
            .is_some_and(|rest| rest.ends_with('.'));
    let full = match name.as_str() {
        "" => return Err(refusal(400, 9000, "DNS name is invalid.")),
        "@" => zone.to_owned(),
        _ if is_within => name,
        _ => format!("{name}.{zone}"),
    };
    if is_name(&full) {
        Ok(full)
    } else {
        Err(refusal(400, 9000, "DNS name is invalid."))
    }
}

fn is_name(name: &str) -> bool {
    let allowed = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || "-_".contains(character)
    };
    let is_label = |(place, label): (usize, &str)| {
        (place == 0 && label == "*")
            || ((1..=63).contains(&label.len()) && label.chars().all(allowed))
    };
    name.len() <= 253 && name.split('.').enumerate().all(is_label)
}

/// The content as text, unless it does not fit its type.
pub(super) fn checked(
    kind: &str,
    content: Option<&str>,
    data: Option<&Value>,
) -> Result<String, Reply> {
    let content = match (content, data) {
        (Some(content), _) => content.trim().to_owned(),
        (None, Some(data)) => from_parts(kind, data),
        (None, None) => String::new(),
    };
    let host = content.trim_end_matches('.').to_lowercase();
    let refused = match kind {
        "A" if content.parse::<Ipv4Addr>().is_err() => {
            (9005, "Content for A record must be a valid IPv4 address.")
        }
        "AAAA" if content.parse::<Ipv6Addr>().is_err() => (
            9006,
            "Content for AAAA record must be a valid IPv6 address.",
        ),
        "CNAME" if !is_name(&host) => (9007, "Content for CNAME record is invalid."),
        "NS" if !is_name(&host) => (9008, "Content for NS record is invalid."),
        "MX" if !is_name(&host) => (9009, "Content for MX record is invalid."),
        "A" | "AAAA" | "CNAME" | "NS" | "MX" | "TXT" | "CAA" | "SRV" | "PTR" | "HTTPS" | "SVCB"
        | "TLSA" | "SSHFP" | "URI" | "NAPTR" | "LOC" | "DS" | "DNSKEY" | "CERT" | "SMIMEA"
        | "OPENPGPKEY"
            if !content.is_empty() =>
        {
            return Ok(content);
        }
        "" => (9001, "DNS record type is missing."),
        _ if content.is_empty() => (9002, "DNS record content is missing."),
        _ => (9003, "DNS record type is invalid."),
    };
    Err(refusal(400, refused.0, refused.1))
}

/// The text of a record whose parts are given one by one, in the order of its type.
fn from_parts(kind: &str, data: &Value) -> String {
    let names: &[&str] = match kind {
        "CAA" => &["flags", "tag", "value"],
        "SRV" => &["weight", "port", "target"],
        "HTTPS" | "SVCB" => &["priority", "target", "value"],
        "URI" => &["weight", "target"],
        "SSHFP" => &["algorithm", "type", "fingerprint"],
        "TLSA" | "SMIMEA" => &["usage", "selector", "matching_type", "certificate"],
        "DS" => &["key_tag", "algorithm", "digest_type", "digest"],
        "DNSKEY" => &["flags", "protocol", "algorithm", "public_key"],
        _ => &[],
    };
    let part = |name: &&str| match data.get(*name)? {
        Value::String(text) if kind == "CAA" && *name == "value" => Some(format!("\"{text}\"")),
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        value => Some(value.to_string()),
    };
    let parts: Vec<String> = names.iter().filter_map(part).collect();
    parts.join(" ")
}
