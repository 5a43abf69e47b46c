//! A key, an account, and an sshd that lets it in.

use crate::deployment::SshPublicKey;
use crate::evaluation::Value;
use crate::nixos::{Item, Items};
use crate::reading::Place;

use super::{Answer, Asked, Link, place_of};

pub(super) fn links(asked: &Asked<'_, '_>) -> Vec<Link> {
    let account = account(asked);
    vec![
        key(asked, &account),
        accepted(asked, &account),
        daemon(asked),
    ]
}

/// The account that a person is to use: root, unless only another one has keys and is let in.
fn account(asked: &Asked<'_, '_>) -> String {
    let names = asked.at("users.users").names().names;
    let others = names.iter().map(|name| &**name).filter(|it| *it != "root");
    let has_keys = |name: &&str| {
        let keys = [keys(asked, name, "keys"), keys(asked, name, "keyFiles")];
        keys.iter().any(|keys| keys.items.iter().any(may_open))
    };
    let accounts: Vec<&str> = std::iter::once("root")
        .chain(others)
        .filter(has_keys)
        .collect();
    let mut let_in = accounts
        .iter()
        .filter(|it| accepted(asked, it).answer != Answer::Broken);
    let best = let_in.next().or(accounts.first());
    best.map_or_else(|| "root".to_owned(), ToString::to_string)
}

fn keys(asked: &Asked<'_, '_>, user: &str, option: &str) -> Items {
    let path = ["users", "users", user, "openssh", "authorizedKeys", option];
    asked.system.at(&path).list()
}

/// Whether sshd may take the key; what cannot be read may be right.
fn may_open(item: &Item) -> bool {
    match &item.value {
        Value::Text(text) => text.known().is_none_or(|text| key_refusal(text).is_none()),
        _ => true,
    }
}

/// Why sshd skips a text, in which several keys may stand on lines of their own, and what to do.
pub fn key_refusal(text: &str) -> Option<(String, String)> {
    if text.contains("PRIVATE KEY") {
        return refused(text);
    }
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !is_restricted(line))
        .find_map(refused)
}

fn refused(text: &str) -> Option<(String, String)> {
    let refusal = SshPublicKey::try_from(text).err()?;
    // Small RSA keys are a matter of taste: sshd takes them from 1024 bits on.
    (!refusal.message.contains("bits")).then_some((refusal.message, refusal.help))
}

/// Whether login options or a certificate stand in front, which sshd reads and we do not.
fn is_restricted(line: &str) -> bool {
    const TYPES: [&str; 3] = [" ssh-", " ecdsa-sha2-", " sk-"];
    TYPES.iter().any(|kind| line.contains(kind)) || line.contains("-cert-v01@")
}

fn key(asked: &Asked<'_, '_>, user: &str) -> Link {
    let keys = keys(asked, user, "keys");
    let files = self::keys(asked, user, "keyFiles");
    let good = keys.items.iter().find(|item| may_open(item));
    let (answer, says, place): (_, _, Option<Place>) = match (good, files.items.first()) {
        (Some(item), _) => {
            let name = match &item.value {
                Value::Text(text) => text.known().map(named),
                _ => None,
            };
            let name = name.unwrap_or_else(|| "a key".to_owned());
            let says = format!("{name} is authorized for `{user}`");
            (Answer::Holds, says, item.place.clone())
        }
        (None, Some(file)) => (
            Answer::Holds,
            format!("a key file is authorized for `{user}`"),
            file.place.clone(),
        ),
        (None, None) => without_key(asked, user, &keys, files.complete),
    };
    asked.link(
        "a key reaches an account",
        answer,
        says,
        place.as_ref(),
        &["server", "ssh_keys"],
        "add the public key to `users.users.root.openssh.authorizedKeys.keys`",
    )
}

fn without_key(
    asked: &Asked<'_, '_>,
    user: &str,
    keys: &Items,
    files_known: bool,
) -> (Answer, String, Option<Place>) {
    let place = asked.at("users.users").place();
    match keys.items.first() {
        _ if !(keys.complete && files_known) => {
            let says = "the authorized keys come from something that is not in these files";
            (Answer::Unknown, says.to_owned(), place)
        }
        Some(refused) => {
            let says = format!("what stands as a key of `{user}` is none that sshd takes");
            (Answer::Broken, says, refused.place.clone())
        }
        None => {
            let says = "no key is authorized for any account";
            (Answer::Broken, says.to_owned(), place)
        }
    }
}

/// A key by its comment, never by its whole text.
fn named(key: &str) -> String {
    let mut words = key.split_whitespace();
    let kind = words.next().unwrap_or("a key");
    match words.nth(1) {
        Some(comment) => format!("the {kind} key `{comment}`"),
        None => format!("a key of the type {kind}"),
    }
}

fn accepted(asked: &Asked<'_, '_>, user: &str) -> Link {
    let title = "sshd allows the account";
    let permit = asked.at("services.openssh.settings.PermitRootLogin");
    let permitted = permit.string();
    let allowed = asked.at("services.openssh.settings.AllowUsers");
    let list = allowed.list();
    let is_user = |value: &Value| matches!(value, Value::Text(text) if text.known() == Some(user));
    let listed = list.items.iter().any(|item| is_user(&item.value));
    if allowed.is_defined() == Some(true) && !listed {
        let answer = if list.complete {
            Answer::Broken
        } else {
            Answer::Unknown
        };
        return asked.link(
            title,
            answer,
            format!("`AllowUsers` does not name `{user}`"),
            allowed.place().as_ref(),
            &["server", "ssh_keys"],
            "add the account to `services.openssh.settings.AllowUsers`",
        );
    }
    if user != "root" {
        return asked.link(
            title,
            Answer::Holds,
            format!("nothing keeps `{user}` out"),
            None,
            &["server", "ssh_keys"],
            "",
        );
    }
    let place = place_of(&permitted, &permit);
    let (answer, says) = match permitted.value().map(String::as_str) {
        Some("no") => (Answer::Broken, "`PermitRootLogin` is `no`".to_owned()),
        Some("forced-commands-only") => (
            Answer::Broken,
            "`PermitRootLogin` allows root forced commands only".to_owned(),
        ),
        Some(value) => (Answer::Holds, format!("`PermitRootLogin` is `{value}`")),
        None => (
            Answer::Unknown,
            "`PermitRootLogin` cannot be read".to_owned(),
        ),
    };
    asked.link(
        title,
        answer,
        says,
        place.as_ref(),
        &["server", "ssh_keys"],
        "set `services.openssh.settings.PermitRootLogin = \"prohibit-password\"`",
    )
}

fn daemon(asked: &Asked<'_, '_>) -> Link {
    let enable = asked.at("services.openssh.enable");
    let read = enable.boolean();
    let (answer, says) = match read.value() {
        Some(true) => (Answer::Holds, "sshd is enabled".to_owned()),
        Some(false) => (Answer::Broken, "sshd is not enabled".to_owned()),
        None => (
            Answer::Unknown,
            "whether sshd is enabled depends on something that is not in these files".to_owned(),
        ),
    };
    asked.link(
        "sshd runs",
        answer,
        says,
        place_of(&read, &enable).as_ref(),
        &["server"],
        "set `services.openssh.enable = true`",
    )
}
