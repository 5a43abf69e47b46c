//! The Cloudflare API, version 4, as far as the provider speaks it.

mod content;
mod records;
mod zones;

use serde_json::{Value, json};

use super::cloud::Cloud;
use super::fault::{FaultKind, Step};
use super::http::{Answer, Call, Reply, page_of};

pub(super) use zones::add;

/// The path of the API's root: addresses of the simulator keep the real one's form.
pub(super) const ROOT: &str = "/client/v4";

/// Carries a request out.
pub(super) fn answer(cloud: &mut Cloud, call: &Call) -> Reply {
    route(cloud, call).unwrap_or_else(|refusal| refusal)
}

fn route(cloud: &mut Cloud, call: &Call) -> Answer {
    let (method, path) = call.route();
    let ["client", "v4", path @ ..] = path.as_slice() else {
        return Err(no_route(call));
    };
    match (method, path) {
        ("GET", ["user", "tokens", "verify"]) => {
            let token = json!({ "id": "5ea9ce00000000000000000000000000", "status": "active" });
            Ok(success(&token))
        }
        ("GET", ["zones"]) => Ok(zones::index(cloud, call)),
        ("GET", ["zones", id]) => zones::show(cloud, call, id),
        (_, ["zones", id, "dns_records", rest @ ..]) => {
            let zone = cloud.zones.get(*id).cloned();
            let zone = zone.ok_or_else(|| no_route(call))?;
            records::route(cloud, call, method, &zone, rest)
        }
        _ => Err(no_route(call)),
    }
}

/// A record that is there already.
pub(super) fn seed_record(
    cloud: &mut Cloud,
    zone: &str,
    name: String,
    kind: String,
    content: String,
) -> Option<String> {
    let zone = zones::add(cloud, zone, None);
    let zone = cloud.zones.get(&zone)?.clone();
    let id = cloud.hex();
    let wanted = records::Wanted::simple(name, kind, content);
    records::write(cloud, &zone, &id, wanted).ok().map(|_| id)
}

/// The step of a deployment that a request carries out.
pub(super) fn step(call: &Call) -> Option<Step> {
    let (method, path) = call.route();
    let ["client", "v4", "zones", path @ ..] = path.as_slice() else {
        return None;
    };
    match (method, path) {
        ("GET", [] | [_]) => Some(Step::Zone),
        ("POST" | "PUT" | "PATCH", [_, "dns_records", ..]) => Some(Step::DnsRecord),
        _ => None,
    }
}

/// The answer of a fault that is an answer.
///
/// The provider tries ten times with growing pauses, which no setting shortens: for minutes
/// nobody would see what a failure looks like. The header that stops it is the API's own.
pub(super) fn fault_reply(kind: FaultKind) -> Option<Reply> {
    let reply = match kind {
        FaultKind::RateLimited => refusal(
            429,
            971,
            "Please wait and consider throttling your request speed",
        )
        .with("retry-after", "1"),
        FaultKind::ServerError => refusal(500, 10_000, "Internal server error"),
        FaultKind::Timeout => refusal(504, 10_000, "Gateway timeout"),
        FaultKind::RecordExists => record_exists(),
        FaultKind::Unauthorized => unauthorized(),
        FaultKind::Forbidden => refusal(403, 10_000, "Authentication error"),
        _ => return None,
    };
    Some(reply.with("x-should-retry", "false"))
}

fn refusal(status: u16, code: u32, message: &str) -> Reply {
    Reply::new(
        status,
        json!({
            "success": false,
            "errors": [{ "code": code, "message": message }],
            "messages": [],
            "result": null,
        }),
    )
}

/// The token is not known.
pub(super) fn unauthorized() -> Reply {
    refusal(403, 9109, "Invalid access token")
}

/// There is no token at all.
pub(super) fn no_token() -> Reply {
    refusal(
        400,
        9106,
        "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
    )
}

fn record_exists() -> Reply {
    refusal(
        400,
        81_053,
        "An A, AAAA, or CNAME record with that host already exists. For more details, refer to \
         the documentation on records with the same name.",
    )
}

/// The address names nothing.
fn no_route(call: &Call) -> Reply {
    let path = call.path.iter().skip(2).map(String::as_str);
    let path = path.collect::<Vec<&str>>().join("/");
    let message = format!("Could not route to /{path}, perhaps your object identifier is invalid?");
    refusal(404, 7003, &message)
}

fn success(result: &Value) -> Reply {
    Reply::new(
        200,
        json!({ "success": true, "errors": [], "messages": [], "result": result }),
    )
}

/// One page of a list, with the count that goes with it.
fn list(call: &Call, usual: usize, most: usize, entries: Vec<Value>) -> Reply {
    let (page, size) = call.page(usual, most);
    let total = entries.len();
    let shown = page_of(entries, page, size);
    Reply::new(
        200,
        json!({
            "success": true,
            "errors": [],
            "messages": [],
            "result_info": {
                "page": page,
                "per_page": size,
                "count": shown.len(),
                "total_count": total,
                "total_pages": total.div_ceil(size),
            },
            "result": shown,
        }),
    )
}
