//! SSH keys of the account.

use md5::{Digest as _, Md5};
use serde::Deserialize;
use serde_json::json;
use ssh_key::PublicKey;

use super::super::account::Key;
use super::super::cloud::Cloud;
use super::super::http::{Answer, Call, Reply};
use super::{list, not_found, read, unprocessable};

#[derive(Deserialize)]
struct Create {
    #[serde(default)]
    name: String,
    #[serde(default)]
    public_key: String,
}

#[derive(Deserialize)]
struct Rename {
    #[serde(default)]
    name: String,
}

pub(super) fn route(cloud: &mut Cloud, call: &Call, method: &str, path: &[&str]) -> Answer {
    match (method, path) {
        ("GET", []) => {
            let keys = cloud.keys.values().map(|key| json!(key)).collect();
            Ok(list(call, "ssh_keys", keys))
        }
        ("POST", []) => {
            let wanted: Create = read(call)?;
            create(cloud, wanted.name, &wanted.public_key)
        }
        ("GET", [id]) => {
            let id = known(cloud, id)?;
            Ok(Reply::new(200, json!({ "ssh_key": cloud.keys.get(&id) })))
        }
        ("PUT", [id]) => rename(cloud, id, read(call)?),
        ("DELETE", [id]) => {
            let id = known(cloud, id)?;
            cloud.keys.remove(&id);
            Ok(Reply::empty())
        }
        _ => Err(not_found()),
    }
}

/// Registers a key.
pub(super) fn create(cloud: &mut Cloud, name: String, public_key: &str) -> Answer {
    if name.is_empty() {
        return Err(unprocessable("Name can't be blank"));
    }
    let public_key = public_key.trim();
    let Some(fingerprint) = fingerprint(public_key) else {
        return Err(unprocessable(
            "Key invalid, key should be of the form: type keyblob comment",
        ));
    };
    let mut keys = cloud.keys.values();
    if keys.any(|key| key.fingerprint == fingerprint) {
        return Err(unprocessable("SSH Key is already in use on your account"));
    }
    let key = Key {
        id: 50_000_000 + cloud.number(),
        name,
        fingerprint,
        public_key: public_key.to_owned(),
    };
    let reply = Reply::new(201, json!({ "ssh_key": key }));
    cloud.keys.insert(key.id, key);
    Ok(reply)
}

fn rename(cloud: &mut Cloud, id: &str, wanted: Rename) -> Answer {
    let id = known(cloud, id)?;
    if wanted.name.is_empty() {
        return Err(unprocessable("Name can't be blank"));
    }
    let key = cloud.keys.get_mut(&id).ok_or_else(not_found)?;
    key.name = wanted.name;
    Ok(Reply::new(200, json!({ "ssh_key": key })))
}

/// The number of a key that is named by its number or its fingerprint.
pub(super) fn known(cloud: &Cloud, text: &str) -> Result<u64, Reply> {
    let mut keys = cloud.keys.values();
    let found = keys.find(|key| key.fingerprint == text || key.id.to_string() == text);
    found.map(|key| key.id).ok_or_else(not_found)
}

/// The MD5 fingerprint of a public key, in colons; `None` for what is no public key.
fn fingerprint(public_key: &str) -> Option<String> {
    let key = PublicKey::from_openssh(public_key).ok()?;
    let digest = Md5::digest(key.to_bytes().ok()?);
    let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(pairs.join(":"))
}
