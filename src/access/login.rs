//! A key, an account, and an sshd that lets it in.

use crate::evaluation::Value;
use crate::nixos::Items;
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

/// The account that a person is to use: root, unless only another one has keys.
fn account(asked: &Asked<'_, '_>) -> String {
    let users = asked.at("users.users");
    let has_keys = |name: &str| !keys(asked, name).items.is_empty();
    if has_keys("root") {
        return "root".to_owned();
    }
    let names = users.names().names;
    let other = names.iter().find(|name| has_keys(name));
    other.map_or_else(|| "root".to_owned(), |name| name.to_string())
}

fn keys(asked: &Asked<'_, '_>, user: &str) -> Items {
    let path = ["users", "users", user, "openssh", "authorizedKeys", "keys"];
    asked.system.at(&path).list()
}

fn key(asked: &Asked<'_, '_>, user: &str) -> Link {
    let keys = keys(asked, user);
    let path = [
        "users",
        "users",
        user,
        "openssh",
        "authorizedKeys",
        "keyFiles",
    ];
    let files = asked.system.at(&path).list();
    let (answer, says, place): (_, _, Option<Place>) =
        match (keys.items.first(), files.items.first()) {
            (Some(item), _) => {
                let name = match &item.value {
                    Value::Text(text) => text.known().map(named),
                    _ => None,
                };
                let name = name.unwrap_or_else(|| "a key".to_owned());
                (
                    Answer::Holds,
                    format!("{name} is authorized for `{user}`"),
                    item.place.clone(),
                )
            }
            (None, Some(file)) => (
                Answer::Holds,
                format!("a key file is authorized for `{user}`"),
                file.place.clone(),
            ),
            (None, None) if keys.complete && files.complete => (
                Answer::Broken,
                "no key is authorized for any account".to_owned(),
                asked.at("users.users").place(),
            ),
            (None, None) => (
                Answer::Unknown,
                "the authorized keys come from something that is not in these files".to_owned(),
                asked.at("users.users").place(),
            ),
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
