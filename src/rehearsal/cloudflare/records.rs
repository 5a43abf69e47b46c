//! DNS records.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::account::{Record, Zone};
use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::content::{self, is_proxiable};
use super::{list, record_exists, refusal, success};

/// What a record shall be.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    content: Option<String>,
    data: Option<Value>,
    priority: Option<u16>,
    ttl: Option<f64>,
    proxied: Option<bool>,
    comment: Option<String>,
    tags: Option<Vec<String>>,
    settings: Option<Value>,
}

impl Wanted {
    pub(super) fn simple(name: String, kind: String, content: String) -> Self {
        Self {
            name: Some(name),
            kind: Some(kind),
            content: Some(content),
            ..Self::default()
        }
    }
}

pub(super) fn route(
    cloud: &mut Cloud,
    call: &Call,
    method: &str,
    zone: &Zone,
    path: &[&str],
) -> Answer {
    match (method, path) {
        ("GET", []) => Ok(index(cloud, call, zone)),
        ("POST", []) => {
            let wanted = read(call)?;
            let id = cloud.hex();
            write(cloud, zone, &id, wanted)
        }
        ("GET", [id]) => Ok(success(&object(known(cloud, zone, id)?))),
        ("PUT", [id]) => {
            known(cloud, zone, id)?;
            let wanted = read(call)?;
            write(cloud, zone, id, wanted)
        }
        ("PATCH", [id]) => {
            let before = known(cloud, zone, id)?.clone();
            let wanted = read(call)?;
            write(cloud, zone, id, patched(before, wanted))
        }
        ("DELETE", [id]) => {
            known(cloud, zone, id)?;
            cloud.records.remove(*id);
            Ok(success(&json!({ "id": id })))
        }
        _ => Err(refusal(405, 7001, "Method not allowed for this endpoint")),
    }
}

fn read(call: &Call) -> Result<Wanted, Reply> {
    call.read()
        .map_err(|error| refusal(400, 9207, &format!("Request body is invalid: {error}")))
}

fn known<'a>(cloud: &'a Cloud, zone: &Zone, id: &str) -> Result<&'a Record, Reply> {
    let record = cloud
        .records
        .get(id)
        .filter(|record| record.zone_id == zone.id);
    record.ok_or_else(|| refusal(404, 81_044, "Record does not exist."))
}

fn index(cloud: &Cloud, call: &Call, zone: &Zone) -> Reply {
    let named = |short, long| call.parameter(short).or_else(|| call.parameter(long));
    let (name, content) = (
        named("name", "name.exact"),
        named("content", "content.exact"),
    );
    let kind = call.parameter("type");
    let records = cloud.records.values().filter(|record| {
        record.zone_id == zone.id
            && name.is_none_or(|name| record.name.eq_ignore_ascii_case(name))
            && content.is_none_or(|content| record.content == content)
            && kind.is_none_or(|kind| record.kind == kind)
    });
    list(call, 100, 50_000, records.map(object).collect())
}

/// The parts that are not written stay.
fn patched(before: Record, wanted: Wanted) -> Wanted {
    Wanted {
        name: wanted.name.or(Some(before.name)),
        kind: wanted.kind.or(Some(before.kind)),
        content: wanted.content.or(Some(before.content)),
        data: wanted.data.or(before.data),
        priority: wanted.priority.or(before.priority),
        ttl: wanted.ttl.or(Some(f64::from(before.ttl))),
        proxied: wanted.proxied.or(Some(before.proxied)),
        comment: wanted.comment.or(before.comment),
        tags: wanted.tags.or(Some(before.tags)),
        settings: wanted.settings.or(Some(before.settings)),
    }
}

/// Creates a record, or writes an existing one whole.
pub(super) fn write(cloud: &mut Cloud, zone: &Zone, id: &str, wanted: Wanted) -> Answer {
    let now = cloud.now();
    let before = cloud.records.get(id);
    let kind = wanted.kind.unwrap_or_default();
    let name = content::full_name(&wanted.name.unwrap_or_default(), &zone.name)?;
    let content = content::checked(&kind, wanted.content.as_deref(), wanted.data.as_ref())?;
    let proxied = wanted.proxied.unwrap_or(false);
    if proxied && !is_proxiable(&kind) {
        return Err(refusal(400, 9004, "This record type cannot be proxied."));
    }
    check_free(cloud, zone, id, &kind, &name, &content)?;
    let ttl = checked_ttl(wanted.ttl.unwrap_or(1.0))?;
    let comment = wanted.comment.filter(|comment| !comment.is_empty());
    let tags = wanted.tags.unwrap_or_default();
    let settings = wanted.settings.filter(Value::is_object);
    let record = Record {
        id: id.to_owned(),
        zone_id: zone.id.clone(),
        name,
        kind,
        content,
        data: wanted.data,
        priority: wanted.priority,
        ttl: if proxied { 1 } else { ttl },
        proxied,
        created_on: before.map_or_else(|| now.clone(), |record| record.created_on.clone()),
        comment_modified_on: since(
            comment.is_none(),
            before.filter(|record| record.comment == comment),
            |record| &record.comment_modified_on,
            &now,
        ),
        tags_modified_on: since(
            tags.is_empty(),
            before.filter(|record| record.tags == tags),
            |record| &record.tags_modified_on,
            &now,
        ),
        modified_on: now,
        comment,
        tags,
        settings: settings.unwrap_or_else(|| json!({})),
    };
    let reply = success(&object(&record));
    cloud.records.insert(record.id.clone(), record);
    Ok(reply)
}

/// Since when a note is as it is: never where there is none, as before where it is `kept`.
fn since(
    is_none: bool,
    kept: Option<&Record>,
    before: impl Fn(&Record) -> &Option<String>,
    now: &str,
) -> Option<String> {
    if is_none {
        return None;
    }
    kept.map_or_else(|| Some(now.to_owned()), |record| before(record).clone())
}

/// An alias stands alone at its name; beside it neither another one nor an address may stand.
/// Two addresses of different content are no conflict: the name then leads to both.
fn check_free(
    cloud: &Cloud,
    zone: &Zone,
    id: &str,
    kind: &str,
    name: &str,
    content: &str,
) -> Result<(), Reply> {
    let others = cloud
        .records
        .values()
        .filter(|other| other.zone_id == zone.id && other.id != id && other.name == name);
    for other in others {
        match (other.kind.as_str(), kind) {
            (one, another) if one == another && other.content == content => {
                return Err(refusal(400, 81_058, "An identical record already exists."));
            }
            ("A" | "AAAA" | "CNAME", "CNAME") => return Err(record_exists()),
            ("CNAME", "A" | "AAAA") => {
                let message = "A CNAME record with that host already exists.";
                return Err(refusal(400, 81_054, message));
            }
            _ => {}
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the ranges are checked before"
)]
fn checked_ttl(ttl: f64) -> Result<u32, Reply> {
    let is_automatic = (ttl - 1.0).abs() < f64::EPSILON;
    if is_automatic || (60.0..=86_400.0).contains(&ttl) {
        return Ok(ttl as u32);
    }
    Err(refusal(
        400,
        9021,
        "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.",
    ))
}

fn object(record: &Record) -> Value {
    let mut object = json!({
        "id": record.id,
        "name": record.name,
        "type": record.kind,
        "content": record.content,
        "proxiable": is_proxiable(&record.kind),
        "proxied": record.proxied,
        "ttl": record.ttl,
        "settings": record.settings,
        "meta": {},
        "comment": record.comment,
        "tags": record.tags,
        "created_on": record.created_on,
        "modified_on": record.modified_on,
    });
    let Value::Object(fields) = &mut object else {
        return object;
    };
    let optional = [
        ("data", record.data.clone()),
        ("priority", record.priority.map(|priority| json!(priority))),
        (
            "comment_modified_on",
            record.comment_modified_on.clone().map(Value::from),
        ),
        (
            "tags_modified_on",
            record.tags_modified_on.clone().map(Value::from),
        ),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    }
    object
}
