//! URL paths, mail addresses and zone ids.

use super::domain::host_name;
use super::newtype::{Refusal, only, shown, shown_character, stranger, text_newtype};
use super::secret::is_cloudflare_credential;

text_newtype! {
    /// The path of a health check: starts with `/`, RFC 3986 path and query characters only.
    UrlPath
}
text_newtype! {
    /// A mail address whose alphabet is closed, because it reaches the Caddyfile.
    Email
}
text_newtype! {
    /// A Cloudflare zone id: 32 lower-case hex digits.
    ZoneId
}

fn is_path_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~/:@&=+,;%?".contains(character)
}

impl UrlPath {
    fn check(text: &str) -> Result<String, Refusal> {
        if let Some((_, rest)) = text.split_once("://") {
            let path = rest.find('/').map_or("/", |start| &rest[start..]);
            return Err(Refusal::new(
                format!("{} is a URL, only its path is needed", shown(text)),
                "leave out the scheme and the host; the check asks the service itself",
            )
            .suggesting(path));
        }
        if !text.starts_with('/') {
            return Err(Refusal::new(
                format!("the path {} does not start with `/`", shown(text)),
                "start it with `/`",
            )
            .suggesting(format!("/{text}")));
        }
        if text.starts_with("//") {
            return Err(Refusal::new(
                format!(
                    "the path {} starts with two slashes, which clients read as a host",
                    shown(text)
                ),
                "start it with one `/`",
            )
            .suggesting(format!("/{}", text.trim_start_matches('/'))));
        }
        if text.len() > 1024 {
            return Err(Refusal::new(
                format!("the path has {} characters, 1024 are the most", text.len()),
                "write a shorter path",
            ));
        }
        check_path_characters(text)?;
        Ok(text.to_owned())
    }
}

fn check_path_characters(text: &str) -> Result<(), Refusal> {
    if let Some((path, _)) = text.split_once('#') {
        return Err(Refusal::new(
            format!(
                "the path {} has a fragment, which never reaches a server",
                shown(text)
            ),
            "leave out `#` and what follows",
        )
        .suggesting(path));
    }
    only(
        "the path",
        text,
        is_path_character,
        "use letters, digits and `-._~/:@&=+,;?`, anything else as `%` and two hex digits",
    )?;
    let whole = text.split('%').skip(1).all(|rest| {
        rest.get(..2)
            .is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    if !whole {
        return Err(Refusal::new(
            format!(
                "the path {} has a `%` without two hex digits after it",
                shown(text)
            ),
            "write a literal percent sign as `%25`",
        ));
    }
    let path = text.split('?').next().unwrap_or_default();
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(Refusal::new(
            format!(
                "the path {} has a `.` or `..` segment, which clients resolve differently",
                shown(text)
            ),
            "write the path that the service answers",
        ));
    }
    Ok(())
}

impl Email {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write an address such as `ops@example.com`";
        if let Some(bare) = text.strip_prefix("mailto:") {
            return Err(Refusal::new(
                format!("{} starts with `mailto:`", shown(text)),
                "write the address alone",
            )
            .suggesting(bare));
        }
        if let Some((_, rest)) = text.split_once('<') {
            let bare = rest.split('>').next().unwrap_or_default();
            return Err(Refusal::new(
                format!("{} has a display name", shown(text)),
                "write the address alone",
            )
            .suggesting(bare));
        }
        let Some((local, domain)) = text.split_once('@') else {
            return Err(Refusal::new(format!("{} has no `@`", shown(text)), HELP));
        };
        if domain.contains('@') {
            return Err(Refusal::new(
                format!("{} has more than one `@`", shown(text)),
                HELP,
            ));
        }
        check_local_part(local, text)?;
        if text.len() > 254 {
            return Err(Refusal::new(
                "the mail address is longer than 254 characters",
                HELP,
            ));
        }
        host_name(domain).map_err(|mut refusal| {
            refusal.suggestion = refusal.suggestion.map(|host| format!("{local}@{host}"));
            refusal
        })?;
        Ok(text.to_owned())
    }
}

fn check_local_part(local: &str, address: &str) -> Result<(), Refusal> {
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '+' | '-')
    };
    if let Some(character) = stranger(local, allowed) {
        return Err(Refusal::new(
            format!(
                "{} holds {} before the `@`",
                shown(address),
                shown_character(character)
            ),
            "use an address of letters, digits and `._+-`; it is written into the Caddyfile",
        ));
    }
    if local.is_empty() || local.len() > 64 {
        return Err(Refusal::new(
            format!(
                "the part of {} before the `@` has {} characters",
                shown(address),
                local.len()
            ),
            "write 1 to 64 characters before the `@`",
        ));
    }
    if local.split('.').any(str::is_empty) || local.starts_with('-') {
        return Err(Refusal::new(
            format!(
                "the part of {} before the `@` has a dot or hyphen out of place",
                shown(address)
            ),
            "put single dots only between other characters and no hyphen in front",
        ));
    }
    Ok(())
}

impl ZoneId {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "copy the zone id from the overview page of the zone, or leave `zone_id` out: it is looked up by name";
        if is_cloudflare_credential(text) {
            return Err(Refusal::new(
                "the zone id looks like a Cloudflare API token (hidden)",
                "roll that token if the file was shared, export the new one as `CLOUDFLARE_API_TOKEN`, and leave `zone_id` out",
            ));
        }
        if text.contains('.') {
            return Err(Refusal::new(
                format!("{} is a zone name, the id has 32 hex digits", shown(text)),
                HELP,
            ));
        }
        if let Some(character) = stranger(text, |character| character.is_ascii_hexdigit()) {
            return Err(Refusal::new(
                format!(
                    "the zone id holds {}, which is no hex digit",
                    shown_character(character)
                ),
                HELP,
            ));
        }
        if text.len() != 32 {
            return Err(Refusal::new(
                format!("the zone id has {} characters instead of 32", text.len()),
                HELP,
            ));
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(Refusal::new(
                "the zone id has upper-case letters",
                "write it in lower case",
            )
            .suggesting(text.to_ascii_lowercase()));
        }
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests;
