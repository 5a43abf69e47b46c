//! DNS zones.

use serde_json::{Value, json};

use super::super::account::Zone;
use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::{list, no_route, success};

/// Adds a zone, or finds the one of that name; returns its identifier.
pub(in super::super) fn add(cloud: &mut Cloud, name: &str, id: Option<&str>) -> String {
    let name = name.trim_end_matches('.').to_lowercase();
    let known = cloud.zones.values().find(|zone| zone.name == name);
    if let Some(zone) = known
        && id.is_none_or(|id| id == zone.id)
    {
        return zone.id.clone();
    }
    let id = id.map_or_else(|| cloud.hex(), str::to_owned);
    let zone = Zone {
        id: id.clone(),
        name,
        created_on: cloud.now(),
    };
    cloud.zones.insert(id.clone(), zone);
    id
}

pub(super) fn index(cloud: &Cloud, call: &Call) -> Reply {
    // A name may come with the comparison before it.
    let name = call.parameter("name");
    let name = name.map(|name| name.strip_prefix("equal:").unwrap_or(name).to_lowercase());
    let status = call.parameter("status").unwrap_or("active");
    let zones = cloud
        .zones
        .values()
        .filter(|zone| status == "active" && name.as_ref().is_none_or(|name| zone.name == *name));
    list(call, 20, 50, zones.map(object).collect())
}

pub(super) fn show(cloud: &Cloud, call: &Call, id: &str) -> Answer {
    let zone = cloud.zones.get(id).ok_or_else(|| no_route(call))?;
    Ok(success(&object(zone)))
}

fn object(zone: &Zone) -> Value {
    json!({
        "id": zone.id,
        "name": zone.name,
        "status": "active",
        "paused": false,
        "type": "full",
        "development_mode": 0,
        "name_servers": ["ada.ns.cloudflare.invalid", "bob.ns.cloudflare.invalid"],
        "original_name_servers": ["ns1.registrar.invalid"],
        "original_registrar": null,
        "original_dnshost": null,
        "vanity_name_servers": [],
        "created_on": zone.created_on,
        "modified_on": zone.created_on,
        "activated_on": zone.created_on,
        "meta": {
            "step": 2,
            "custom_certificate_quota": 0,
            "page_rule_quota": 3,
            "phishing_detected": false,
            "cdn_only": false,
            "dns_only": false,
            "foundation_dns": false,
        },
        "owner": { "id": null, "type": "user", "email": null },
        "account": { "id": "5ea9ce00000000000000000000000001", "name": "Rehearsal" },
        "tenant": { "id": null, "name": null },
        "tenant_unit": { "id": null },
        "permissions": ["#dns_records:edit", "#dns_records:read", "#zone:read"],
        "plan": {
            "id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
            "name": "Free Website",
            "price": 0,
            "currency": "USD",
            "frequency": "",
            "is_subscribed": false,
            "can_subscribe": false,
            "legacy_id": "free",
            "legacy_discount": false,
            "externally_managed": false,
        },
    })
}
