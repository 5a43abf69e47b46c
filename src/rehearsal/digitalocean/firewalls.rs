//! Firewalls.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::{Firewall, InboundRule, OutboundRule, Peers};
use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::{conflict, list, not_found, read, tags, unprocessable};

const MOST_DROPLETS: usize = 10;
const MOST_TAGS: usize = 5;
const MOST_RULES: usize = 50;

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    inbound_rules: Option<Vec<InboundRule>>,
    #[serde(default)]
    outbound_rules: Option<Vec<OutboundRule>>,
    #[serde(default)]
    droplet_ids: Option<Vec<u64>>,
    #[serde(default)]
    tags: Option<Vec<String>>,
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let firewalls = cloud.firewalls.values();
            let firewalls = firewalls.map(|firewall| object(cloud, firewall)).collect();
            Ok(list(call, "firewalls", firewalls))
        }
        ("POST", []) => {
            let id = cloud.uuid();
            let created_at = cloud.now();
            write(cloud, id, created_at, read(call)?).map(|reply| Reply {
                status: 202,
                ..reply
            })
        }
        ("GET", [id]) => {
            let firewall = cloud.firewalls.get(*id).ok_or_else(not_found)?;
            Ok(Reply::new(
                200,
                json!({ "firewall": object(cloud, firewall) }),
            ))
        }
        ("PUT", [id]) => {
            let before = cloud.firewalls.get(*id).ok_or_else(not_found)?;
            let created_at = before.created_at.clone();
            write(cloud, (*id).to_owned(), created_at, read(call)?)
        }
        ("DELETE", [id]) => {
            cloud.firewalls.remove(*id).ok_or_else(not_found)?;
            cloud.waiting.remove(*id);
            Ok(Reply::empty())
        }
        _ => Err(not_found()),
    }
}

/// A firewall is always written whole.
fn write(cloud: &mut Cloud, id: String, created_at: String, wanted: Wanted) -> Answer {
    let droplet_ids = wanted.droplet_ids.unwrap_or_default();
    let names = wanted.tags.unwrap_or_default();
    check_name(&wanted.name)?;
    let mut others = cloud.firewalls.values().filter(|other| other.id != id);
    if others.any(|other| other.name == wanted.name) {
        return Err(conflict("duplicate name"));
    }
    check_members(cloud, &droplet_ids, &names)?;
    let (inbound_rules, outbound_rules) = checked_rules(
        cloud,
        wanted.inbound_rules.unwrap_or_default(),
        wanted.outbound_rules.unwrap_or_default(),
    )?;
    let status = match droplet_ids.as_slice() {
        [] => "succeeded",
        _ => "waiting",
    };
    let firewall = Firewall {
        name: wanted.name,
        status: status.to_owned(),
        created_at,
        inbound_rules,
        outbound_rules,
        droplet_ids,
        tags: names.iter().map(|name| cloud.tag(name)).collect(),
        id,
    };
    let reply = Reply::new(200, json!({ "firewall": object(cloud, &firewall) }));
    cloud.spread(&firewall.id);
    cloud.firewalls.insert(firewall.id.clone(), firewall);
    Ok(reply)
}

/// The rules as they are kept, unless one of them cannot be.
fn checked_rules(
    cloud: &Cloud,
    inbound: Vec<InboundRule>,
    outbound: Vec<OutboundRule>,
) -> Result<(Vec<InboundRule>, Vec<OutboundRule>), Reply> {
    match inbound.len() + outbound.len() {
        0 => return Err(unprocessable("must have at least one rule")),
        1..=MOST_RULES => {}
        _ => {
            return Err(unprocessable(format!(
                "may have at most {MOST_RULES} rules"
            )));
        }
    }
    let inbound = inbound.into_iter().map(|rule| {
        let ports = checked(cloud, &rule.protocol, &rule.ports, &rule.sources)?;
        Ok(InboundRule { ports, ..rule })
    });
    let inbound = inbound.collect::<Result<Vec<_>, Reply>>()?;
    let outbound = outbound.into_iter().map(|rule| {
        let ports = checked(cloud, &rule.protocol, &rule.ports, &rule.destinations)?;
        Ok(OutboundRule { ports, ..rule })
    });
    let outbound = outbound.collect::<Result<Vec<_>, Reply>>()?;
    check_distinct(&inbound)?;
    check_distinct(&outbound)?;
    Ok((inbound, outbound))
}

fn check_name(name: &str) -> Result<(), Reply> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || ".-".contains(character);
    let ends = [name.chars().next(), name.chars().next_back()];
    let ends_well = ends
        .into_iter()
        .all(|end| end.is_some_and(|end| end.is_ascii_alphanumeric()));
    if ends_well && name.len() <= 255 && name.chars().all(allowed) {
        return Ok(());
    }
    Err(unprocessable(
        "name must begin and end with an alphanumeric character and hold only those, dashes and dots",
    ))
}

fn check_members(cloud: &Cloud, droplets: &[u64], names: &[String]) -> Result<(), Reply> {
    if droplets.len() > MOST_DROPLETS {
        return Err(unprocessable(format!(
            "may be applied to at most {MOST_DROPLETS} droplets"
        )));
    }
    if names.len() > MOST_TAGS {
        return Err(unprocessable(format!("may have at most {MOST_TAGS} tags")));
    }
    tags::check(names)?;
    let mut unknown = droplets
        .iter()
        .filter(|id| !cloud.droplets.contains_key(id));
    match unknown.next() {
        Some(id) => Err(unprocessable(format!("droplet {id} not found"))),
        None => Ok(()),
    }
}

/// The ports as they are kept, unless the rule is one that cannot be.
fn checked(cloud: &Cloud, protocol: &str, ports: &str, peers: &Peers) -> Result<String, Reply> {
    let mut wrong = peers
        .addresses
        .iter()
        .filter(|address| !is_address(address));
    if let Some(address) = wrong.next() {
        return Err(unprocessable(format!("invalid address: {address}")));
    }
    if peers.is_empty() {
        return Err(unprocessable(
            "rule must name at least one source or destination",
        ));
    }
    check_members(cloud, &peers.droplet_ids, &peers.tags)?;
    match protocol {
        // Internet control messages have no ports; the API writes every one of them as 0.
        "icmp" => Ok("0".to_owned()),
        "tcp" | "udp" if ports == "0" || ports == "all" => Ok("0".to_owned()),
        "tcp" | "udp" if is_port_range(ports) => Ok(ports.to_owned()),
        "tcp" | "udp" => Err(unprocessable(format!("invalid port range: {ports}"))),
        _ => Err(unprocessable(format!("invalid protocol: {protocol}"))),
    }
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok() || text.parse::<IpNet>().is_ok()
}

fn is_port_range(text: &str) -> bool {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => first > 0 && first <= last,
        _ => false,
    }
}

fn check_distinct<T: serde::Serialize>(rules: &[T]) -> Result<(), Reply> {
    let distinct: BTreeSet<String> = rules.iter().map(|rule| json!(rule).to_string()).collect();
    if distinct.len() == rules.len() {
        Ok(())
    } else {
        Err(unprocessable("duplicate rule"))
    }
}

fn object(cloud: &Cloud, firewall: &Firewall) -> Value {
    let pending: Vec<Value> = if firewall.status == "waiting" {
        let droplets = firewall.droplet_ids.iter();
        droplets
            .filter(|id| cloud.droplets.contains_key(id))
            .map(|id| json!({ "droplet_id": id, "removing": false, "status": "waiting" }))
            .collect()
    } else {
        Vec::new()
    };
    let mut object = json!(firewall);
    if let Value::Object(fields) = &mut object {
        fields.insert("pending_changes".to_owned(), json!(pending));
    }
    object
}
