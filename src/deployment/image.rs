//! References to container images.

use super::newtype::{Refusal, only, shown, text_newtype};

text_newtype! {
    /// An OCI image reference.
    ContainerImage
}

impl ContainerImage {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write a reference such as `ghcr.io/owner/name:1.2`";
        if text.is_empty() {
            return Err(Refusal::new("the image is empty", HELP));
        }
        if let Some((_, rest)) = text.split_once("://") {
            return Err(Refusal::new(
                format!("the image {} has a scheme", shown(text)),
                "leave it out",
            )
            .suggesting(rest));
        }
        let allowed = |character: char| {
            character.is_ascii_alphanumeric()
                || matches!(character, '.' | '_' | '-' | '/' | ':' | '@')
        };
        only("the image", text, allowed, HELP)?;
        let (rest, digest) = split_once_option(text, '@');
        if let Some(digest) = digest {
            check_digest(digest)?;
        }
        let (name, tag) = split_tag(rest);
        if let Some(tag) = tag {
            check_tag(tag)?;
        }
        check_image_name(name, &text[name.len()..])?;
        Ok(text.to_owned())
    }

    /// The tag, when one is written.
    pub fn tag(&self) -> Option<&str> {
        split_tag(split_once_option(&self.0, '@').0).1
    }

    /// The digest, when one is written; only then can the image never change.
    pub fn digest(&self) -> Option<&str> {
        split_once_option(&self.0, '@').1
    }
}

fn split_once_option(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// A colon after the last slash starts the tag; one before it belongs to the registry's port.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    }
}

fn check_tag(tag: &str) -> Result<(), Refusal> {
    let valid = (1..=128).contains(&tag.len())
        && !tag.starts_with(['.', '-'])
        && !tag.contains(['/', ':', '@']);
    if valid {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is no image tag", shown(tag)),
        "write 1 to 128 letters, digits, `_`, `.` and `-` after the colon, no dot or hyphen first",
    ))
}

fn check_digest(digest: &str) -> Result<(), Refusal> {
    let length = match digest.split_once(':') {
        Some(("sha256", hex)) => Some((hex, 64)),
        Some(("sha512", hex)) => Some((hex, 128)),
        _ => None,
    };
    let valid = length.is_some_and(|(hex, length)| {
        hex.len() == length
            && hex
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    });
    if valid {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is no image digest", shown(digest)),
        "write `sha256:` and 64 lower-case hex digits after the `@`",
    ))
}

fn check_image_name(name: &str, rest: &str) -> Result<(), Refusal> {
    const HELP: &str = "write a reference such as `ghcr.io/owner/name:1.2`";
    if name.len() > 255 {
        return Err(Refusal::new(
            "the image name is longer than 255 characters",
            HELP,
        ));
    }
    let (registry, path) = match name.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => {
            (Some(first), path)
        }
        _ => (None, name),
    };
    if let Some(registry) = registry {
        check_registry(registry)?;
    }
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(Refusal::new(
            format!("the image name {} has upper-case letters", shown(name)),
            "write it in lower case, as registries do",
        )
        .suggesting(format!("{}{rest}", name.to_ascii_lowercase())));
    }
    if let Some(part) = path.split('/').find(|part| !is_image_component(part)) {
        return Err(Refusal::new(
            format!("{} is no part of an image name", shown(part)),
            "write lower-case letters and digits, joined by `.`, `_`, `__` or hyphens",
        ));
    }
    if registry.is_none() && path.len() == 64 && path.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::new(
            "the image is a local image id, which no other machine knows",
            HELP,
        ));
    }
    Ok(())
}

fn check_registry(registry: &str) -> Result<(), Refusal> {
    let (host, port) = split_once_option(registry, ':');
    let host_is_valid = host.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let port_is_valid = port.is_none_or(|port| port.parse::<std::num::NonZeroU16>().is_ok());
    if host_is_valid && port_is_valid {
        return Ok(());
    }
    Err(Refusal::new(
        format!("{} is no registry host", shown(registry)),
        "write the host name of the registry, with `:port` when it needs one",
    ))
}

/// Lower-case letters and digits, joined by a dot, one or two underscores, or hyphens.
fn is_image_component(part: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends_well = |byte: Option<u8>| byte.is_some_and(alphanumeric);
    ends_well(part.bytes().next())
        && ends_well(part.bytes().next_back())
        && part
            .split(|character: char| character.is_ascii_lowercase() || character.is_ascii_digit())
            .all(|joint| {
                matches!(joint, "" | "." | "_" | "__") || joint.bytes().all(|byte| byte == b'-')
            })
}

#[cfg(test)]
mod tests;
