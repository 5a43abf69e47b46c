//! What runs: commands, images and disk sizes.

use super::newtype::{Refusal, shown, shown_character, stranger, text_newtype};
use super::secret::looks_like_secret;

text_newtype! {
    /// A bash command line or script; never empty, no NUL.
    ShellCommand
}
text_newtype! {
    /// An OCI image reference.
    ContainerImage
}
text_newtype! {
    /// A disko partition size: an integer with one of `M`, `G`, `T`.
    DiskSize
}

impl ShellCommand {
    fn check(text: &str) -> Result<String, Refusal> {
        if let Some(kind) = looks_like_secret(text) {
            return Err(Refusal::new(
                format!("the command holds a secret (hidden): {kind}"),
                "name the secret in `secrets` and use its variable in the command",
            ));
        }
        if text.trim().is_empty() {
            return Err(Refusal::new(
                "the command is empty",
                "write the command line that starts the service",
            ));
        }
        if text.contains('\r') {
            return Err(Refusal::new(
                "the command holds a carriage return, which bash takes for part of a word",
                "save the file with Unix line ends",
            )
            .suggesting(text.replace("\r\n", "\n").replace('\r', "\n")));
        }
        if let Some(character) = text
            .chars()
            .find(|character| character.is_control() && !matches!(character, '\n' | '\t'))
        {
            return Err(Refusal::new(
                format!("the command holds {}", shown_character(character)),
                "retype it; control characters come along when text is copied",
            ));
        }
        Ok(text.to_owned())
    }
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
        if let Some(character) = stranger(text, allowed) {
            return Err(Refusal::new(
                format!(
                    "the image {} holds {}",
                    shown(text),
                    shown_character(character)
                ),
                HELP,
            ));
        }
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

impl DiskSize {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write a whole number and one letter, such as `2G` or `512M`";
        let end = text
            .find(|character: char| !(character.is_ascii_digit() || character == '.'))
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let refusal = |message: String| Refusal::new(message, HELP);
        let Some(letter) = unit_letter(unit) else {
            return Err(refusal(unit_problem(text, unit)));
        };
        if number.contains('.') {
            let refusal = refusal(format!("the size {} is not a whole number", shown(text)));
            return Err(match smaller_unit(number, letter) {
                Some(size) => refusal.suggesting(size),
                None => refusal,
            });
        }
        let Some(amount) = number
            .parse::<u64>()
            .ok()
            .filter(|amount| *amount <= 1_048_576)
        else {
            return Err(refusal(format!(
                "the size {} has no usable number",
                shown(text)
            )));
        };
        if amount == 0 {
            return Err(refusal(format!("the size {} is nothing", shown(text))));
        }
        let canonical = format!("{amount}{letter}");
        if canonical != text {
            return Err(refusal(format!(
                "the size {} is not in the form that disko reads",
                shown(text)
            ))
            .suggesting(canonical));
        }
        Ok(canonical)
    }

    /// The size in MiB.
    pub fn mebibytes(&self) -> u64 {
        let (number, unit) = self.0.split_at(self.0.len().saturating_sub(1));
        let factor = match unit {
            "T" => 1024 * 1024,
            "G" => 1024,
            _ => 1,
        };
        number.parse::<u64>().unwrap_or_default() * factor
    }
}

/// `M`, `G` or `T` for every way that people write the unit.
fn unit_letter(unit: &str) -> Option<char> {
    let unit = unit.trim().to_ascii_uppercase();
    let letter = unit.chars().next()?;
    (matches!(letter, 'M' | 'G' | 'T') && matches!(&unit[1..], "" | "B" | "IB")).then_some(letter)
}

fn unit_problem(text: &str, unit: &str) -> String {
    match unit.trim() {
        "" => format!(
            "the size {} has no unit, so it would count disk sectors",
            shown(text)
        ),
        "%" => format!(
            "the size {} is a share; partitions take a fixed size",
            shown(text)
        ),
        _ => format!(
            "the size {} has a unit other than `M`, `G` and `T`",
            shown(text)
        ),
    }
}

/// A decimal size as a whole number of the next smaller unit, when it is one.
fn smaller_unit(number: &str, letter: char) -> Option<String> {
    let (whole, fraction) = number.split_once('.')?;
    let smaller = match letter {
        'G' => 'M',
        'T' => 'G',
        _ => return None,
    };
    let digits = u32::try_from(fraction.len())
        .ok()
        .filter(|digits| *digits <= 6)?;
    let scale = 10_u64.checked_pow(digits)?;
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let fraction: u64 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let scaled = whole
        .checked_mul(scale)?
        .checked_add(fraction)?
        .checked_mul(1024)?;
    (scaled % scale == 0).then(|| format!("{}{smaller}", scaled / scale))
}

#[cfg(test)]
mod tests;
