//! Which key of the manifest wants a change: the way back through the module's variables.

use crate::deployment::Deployment;
use crate::engine::gate::{PlannedChange, What};

/// The attributes of the droplet that a key of the manifest decides, the gravest first.
const DROPLET: [(&str, [&str; 2]); 8] = [
    ("region", ["server", "region"]),
    ("ipv6", ["server", "ipv6"]),
    ("size", ["server", "size"]),
    ("name", ["server", "name"]),
    ("backups", ["server", "backups"]),
    ("resize_disk", ["server", "resize_disk"]),
    ("tags", ["project", "name"]),
    ("image", ["server", "image"]),
];

/// The key, as a path; `None` where no single key wants it.
pub(super) fn key(change: &PlannedChange, deployment: &Deployment) -> Option<Vec<String>> {
    let (resource, index) = split(&change.address);
    let changes = |name: &str| {
        let differences = &mut change.differences.iter();
        differences.any(|difference| difference.attribute == name)
    };
    let is_new = change.what == What::Create;
    let is_core = [
        "digitalocean_droplet.server",
        "digitalocean_firewall.server",
    ]
    .contains(&resource);
    if is_core && change.what == What::Destroy {
        // Nothing that is written wants that.
        return None;
    }
    let path: &[&str] = match resource {
        "digitalocean_droplet.server" if is_new => &["server"],
        "digitalocean_droplet.server" => {
            let decided = DROPLET.iter().find(|(attribute, _)| changes(attribute))?;
            &decided.1
        }
        "digitalocean_firewall.server" if is_new || changes("inbound_rule") => &["ports"],
        "digitalocean_ssh_key.deploy" if is_new || changes("public_key") => &["server", "ssh_keys"],
        "digitalocean_ssh_key.deploy" if change.what == What::Destroy => {
            &["server", "ssh_key_fingerprint"]
        }
        "digitalocean_firewall.server" | "digitalocean_ssh_key.deploy" if changes("name") => {
            &["project", "name"]
        }
        "digitalocean_reserved_ip.server" | "digitalocean_reserved_ip_assignment.server" => {
            &["server", "reserved_ip"]
        }
        "digitalocean_project_resources.server" => &["server", "digitalocean_project"],
        "cloudflare_dns_record.ipv4" | "cloudflare_dns_record.ipv6" => {
            return Some(record(change, index?, deployment, resource));
        }
        _ => return None,
    };
    Some(path.iter().map(|part| (*part).to_owned()).collect())
}

/// The key behind a DNS record.
fn record(
    change: &PlannedChange,
    domain: &str,
    deployment: &Deployment,
    resource: &str,
) -> Vec<String> {
    let changes = |name: &str| {
        let differences = &mut change.differences.iter();
        differences.any(|difference| difference.attribute == name)
    };
    if change.what == What::Replace && changes("zone_id") {
        let key = if deployment.dns.zone_id.is_some() {
            "zone_id"
        } else {
            "zone"
        };
        return vec!["dns".to_owned(), key.to_owned()];
    }
    let mut domains = deployment.domains.iter();
    let known = domains.find(|(_, name)| name.as_str() == domain);
    match known {
        Some((key, _)) if resource.ends_with("ipv4") => {
            vec!["domains".to_owned(), key.to_string()]
        }
        Some(_) => vec!["server".to_owned(), "ipv6".to_owned()],
        None => vec!["domains".to_owned()],
    }
}

/// `a.b["c"]` as `a.b` and `c`.
fn split(address: &str) -> (&str, Option<&str>) {
    match address.split_once('[') {
        Some((resource, index)) => {
            let index = index.trim_end_matches(']').trim_matches('"');
            (resource, Some(index))
        }
        None => (address, None),
    }
}
