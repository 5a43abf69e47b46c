//! The `DigitalOcean` API, version 2, as far as the provider speaks it.

mod actions;
mod catalog;
mod droplets;
mod firewalls;
mod keys;
mod projects;
mod reserved_ips;
mod tags;
mod volumes;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::account::Key;
use super::cloud::Cloud;
use super::fault::{FaultKind, Step};
use super::http::{Answer, Call, Reply, page_of};

/// Carries a request out.
pub(super) fn answer(cloud: &mut Cloud, call: &Call) -> Reply {
    let reply = route(cloud, call).unwrap_or_else(|refusal| refusal);
    signed(cloud, reply)
}

/// Gives an error the number that support would ask for.
fn signed(cloud: &mut Cloud, mut reply: Reply) -> Reply {
    if reply.status >= 400
        && let Some(Value::Object(body)) = &mut reply.body
    {
        body.insert("request_id".to_owned(), json!(cloud.uuid()));
    }
    reply
}

fn route(cloud: &mut Cloud, call: &Call) -> Answer {
    let (method, path) = call.route();
    let ["v2", family, rest @ ..] = path.as_slice() else {
        return Err(not_found());
    };
    match (*family, rest) {
        ("account", ["keys", rest @ ..]) => keys::route(cloud, call, method, rest),
        ("account" | "sizes" | "regions" | "images" | "vpcs", _) => {
            catalog::route(cloud, call, method, family, rest)
        }
        ("droplets", [id, "actions", rest @ ..]) => {
            let id = droplets::known(cloud, id)?;
            actions::of_droplet(cloud, call, method, id, rest)
        }
        ("droplets", _) => droplets::route(cloud, call, method, rest),
        ("actions", _) => actions::route(cloud, call, method, rest),
        ("firewalls", _) => firewalls::route(cloud, call, method, rest),
        ("reserved_ips" | "floating_ips", _) => reserved_ips::route(cloud, call, method, rest),
        ("projects", _) => projects::route(cloud, call, method, rest),
        ("tags", _) => tags::route(cloud, call, method, rest),
        ("volumes", _) => volumes::route(cloud, call, method, rest),
        _ => Err(not_found()),
    }
}

/// The step of a deployment that a request carries out. What takes things down is none.
pub(super) fn step(cloud: &Cloud, call: &Call) -> Option<Step> {
    let (method, path) = call.route();
    let ["v2", path @ ..] = path.as_slice() else {
        return None;
    };
    match (method, path) {
        ("POST" | "PUT", ["account", "keys", ..]) => Some(Step::SshKey),
        ("POST", ["droplets"]) => Some(Step::Droplet),
        ("POST", ["droplets", _, "actions"]) if kind(call) != "shutdown" => {
            Some(Step::DropletAction)
        }
        ("POST" | "PUT", ["firewalls", ..]) => Some(Step::Firewall),
        ("POST", ["reserved_ips", ..]) if kind(call) != "unassign" => Some(Step::ReservedIp),
        ("GET" | "POST", ["projects"]) => Some(Step::Project),
        ("POST", ["projects", id, "resources"]) if !is_default(cloud, id) => Some(Step::Project),
        _ => None,
    }
}

/// The kind of action that a request asks for.
fn kind(call: &Call) -> String {
    let body: Option<Value> = call.read().ok();
    let kind = body.as_ref().and_then(|body| body.get("type"));
    kind.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is_default(cloud: &Cloud, id: &str) -> bool {
    projects::known(cloud, "default").is_ok_and(|default| default == id || id == "default")
}

/// Whether a fault of a kind can meet this very request of its step.
pub(super) fn can_meet(fault: FaultKind, call: &Call) -> bool {
    let (_, path) = call.route();
    let is_action = path.last() == Some(&"actions");
    match fault {
        // Switching on and off is waited for by looking at the droplet, not at the action.
        FaultKind::ActionErrored => {
            is_action && !["power_off", "power_on", "rename"].contains(&kind(call).as_str())
        }
        FaultKind::SizeUnavailable => !is_action || kind(call) == "resize",
        _ => true,
    }
}

/// A key that is on the account already.
pub(super) fn seed_key(cloud: &mut Cloud, name: String, public_key: &str) -> Option<String> {
    let reply = keys::create(cloud, name, public_key).ok()?;
    let id = reply.body?.pointer("/ssh_key/id")?.as_u64()?;
    Some(id.to_string())
}

/// A key that is on the account already and is known by its fingerprint alone.
pub(super) fn seed_fingerprint(cloud: &mut Cloud, fingerprint: &str) -> String {
    let id = keys::known(cloud, fingerprint).unwrap_or_else(|_| {
        let id = 50_000_000 + cloud.number();
        let key = Key {
            id,
            name: "already on the account".to_owned(),
            fingerprint: fingerprint.to_owned(),
            public_key: String::new(),
        };
        cloud.keys.insert(id, key);
        id
    });
    id.to_string()
}

/// A droplet that is on the account already.
pub(super) fn seed_droplet(
    cloud: &mut Cloud,
    name: &str,
    region: &str,
    size: &str,
) -> Option<String> {
    droplets::seed(cloud, name, region, size).map(|id| id.to_string())
}

/// The answer of a fault that is an answer.
pub(super) fn fault_reply(cloud: &mut Cloud, kind: FaultKind) -> Option<Reply> {
    let reply = match kind {
        FaultKind::RateLimited => refusal(429, "too_many_requests", "API Rate limit exceeded.")
            .with("retry-after", "1")
            .with("ratelimit-limit", "5000")
            .with("ratelimit-remaining", "0"),
        FaultKind::ServerError => refusal(500, "server_error", "Unexpected server-side error"),
        FaultKind::Timeout => refusal(504, "gateway_timeout", "The request timed out."),
        FaultKind::SizeUnavailable => unprocessable("Size is not available in this region."),
        FaultKind::KeyInUse => unprocessable("SSH Key is already in use on your account"),
        FaultKind::Unauthorized => return Some(unauthorized(cloud)),
        FaultKind::Forbidden => refusal(
            403,
            "forbidden",
            "You are not authorized to perform this operation",
        ),
        _ => return None,
    };
    Some(signed(cloud, reply))
}

/// An error in the API's form.
fn refusal(status: u16, id: &str, message: &str) -> Reply {
    Reply::new(status, json!({ "id": id, "message": message }))
}

/// The token is missing or not known.
pub(super) fn unauthorized(cloud: &mut Cloud) -> Reply {
    let reply = refusal(401, "Unauthorized", "Unable to authenticate you");
    signed(cloud, reply)
}

fn not_found() -> Reply {
    refusal(
        404,
        "not_found",
        "The resource you were accessing could not be found.",
    )
}

fn unprocessable(message: impl AsRef<str>) -> Reply {
    refusal(422, "unprocessable_entity", message.as_ref())
}

fn conflict(message: &str) -> Reply {
    refusal(409, "conflict", message)
}

fn busy(kind: &str) -> Reply {
    unprocessable(format!("{kind} already has a pending event."))
}

/// The request's body as a type.
fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Reply> {
    call.read().map_err(|error| {
        refusal(
            400,
            "bad_request",
            &format!("error parsing request body: {error}"),
        )
    })
}

/// One page of a list, with the links and the count that go with it.
fn list(call: &Call, name: &str, entries: Vec<Value>) -> Reply {
    let (page, size) = call.page(20, 200);
    let total = entries.len();
    let pages = total.div_ceil(size);
    let address = |page: usize| {
        let path = call.path.join("/");
        json!(format!(
            "https://simulated.invalid/{path}?page={page}&per_page={size}"
        ))
    };
    let mut links = serde_json::Map::new();
    if page < pages {
        links.insert("next".to_owned(), address(page + 1));
        links.insert("last".to_owned(), address(pages));
    }
    if page > 1 {
        links.insert("first".to_owned(), address(1));
        links.insert("prev".to_owned(), address(page - 1));
    }
    let links = if links.is_empty() {
        json!({})
    } else {
        json!({ "pages": links })
    };
    Reply::new(
        200,
        json!({ name: page_of(entries, page, size), "links": links, "meta": { "total": total } }),
    )
}

/// Whether a name is one that a host may have.
fn is_host_name(name: &str) -> bool {
    let allowed = |character: char| character.is_ascii_alphanumeric() || ".-".contains(character);
    (1..=255).contains(&name.len()) && name.chars().all(allowed)
}

const HOST_NAME: &str = "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)";
