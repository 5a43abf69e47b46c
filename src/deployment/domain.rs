//! Host names as the public DNS and the certificate authority accept them.

use std::net::IpAddr;

use super::newtype::{Refusal, shown, shown_character, text_newtype};

text_newtype! {
    /// A lower-case ASCII host name of RFC 1123 labels, at least two of them, no trailing dot.
    DomainName
}

/// Last labels that the public DNS never serves.
const SPECIAL: &[&str] = &[
    "localhost",
    "local",
    "internal",
    "invalid",
    "test",
    "example",
    "onion",
    "alt",
];

impl DomainName {
    fn check(text: &str) -> Result<String, Refusal> {
        let host = host_name(text)?;
        let last = host.rsplit('.').next().unwrap_or_default();
        if SPECIAL.contains(&last) {
            return Err(Refusal::new(
                format!(
                    "{} ends in `.{last}`, which the public DNS never serves",
                    shown(text)
                ),
                "write a name inside the zone of `[dns]`",
            ));
        }
        Ok(host)
    }

    /// Whether this name is the zone itself or lies inside it.
    pub fn is_within(&self, zone: &Self) -> bool {
        self.0
            .strip_suffix(zone.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

/// The text as a lower-case host name of at least two labels.
pub(super) fn host_name(text: &str) -> Result<String, Refusal> {
    refuse_pasted(text)?;
    refuse_spelling(text)?;
    if text.len() > 253 {
        return Err(Refusal::new(
            format!(
                "the host name has {} characters, 253 are the most",
                text.len()
            ),
            "write a shorter name",
        ));
    }
    for label in text.split('.') {
        check_label(label, text)?;
    }
    let Some((_, last)) = text.rsplit_once('.') else {
        return Err(Refusal::new(
            format!("{} has no dot, so it is no full host name", shown(text)),
            "write the full name with its zone, such as `app.example.com`",
        ));
    };
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new(
            format!(
                "{} ends in a number, which no top-level domain does",
                shown(text)
            ),
            "write a host name, such as `app.example.com`",
        ));
    }
    Ok(text.to_owned())
}

/// Refuses things around or instead of a host name.
fn refuse_pasted(text: &str) -> Result<(), Refusal> {
    if text.is_empty() {
        return Err(Refusal::new(
            "the host name is empty",
            "write the full name with its zone, such as `app.example.com`",
        ));
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
        return Err(Refusal::new(
            format!("{} is a URL, a host name is needed", shown(text)),
            format!(
                "leave out {} and what follows the host",
                shown(&format!("{scheme}://"))
            ),
        )
        .suggesting(host));
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err(Refusal::new(
            format!("{} is an IP address, a host name is needed", shown(text)),
            "write the host name; its record gets the address of the server by itself",
        ));
    }
    if text.starts_with("*.") {
        return Err(Refusal::new(
            format!(
                "{} is a wildcard, which needs a certificate by DNS challenge",
                shown(text)
            ),
            "write every host name out",
        ));
    }
    for (mark, part) in [('/', "path"), (':', "port")] {
        if let Some((host, _)) = text.split_once(mark) {
            return Err(Refusal::new(
                format!("{} has a {part}, a host name is needed", shown(text)),
                format!("leave out the {part}"),
            )
            .suggesting(host));
        }
    }
    Ok(())
}

/// Refuses names that are right but for their spelling.
fn refuse_spelling(text: &str) -> Result<(), Refusal> {
    if !text.is_ascii() {
        return Err(refuse_script(text));
    }
    if let Some(bare) = text.strip_suffix('.') {
        return Err(Refusal::new(
            format!("{} ends in a dot", shown(text)),
            "leave out the final dot",
        )
        .suggesting(bare));
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(Refusal::new(
            format!("{} has upper-case letters", shown(text)),
            "write it in lower case",
        )
        .suggesting(text.to_ascii_lowercase()));
    }
    Ok(())
}

/// The refusal of a name in another script, with its punycode form when there is one.
fn refuse_script(text: &str) -> Refusal {
    if let Ok(ascii) = idna::domain_to_ascii_strict(text) {
        return Refusal::new(
            format!("{} is not ASCII", shown(text)),
            "write the punycode form, which DNS and certificates use",
        )
        .suggesting(ascii);
    }
    let culprit = text
        .chars()
        .find(|character| !character.is_ascii())
        .unwrap_or(' ');
    Refusal::new(
        format!(
            "{} holds {}, and no host name can be made of it",
            shown(text),
            shown_character(culprit)
        ),
        "retype the name; invisible characters come along when text is copied",
    )
}

/// Checks one label of a lower-case name.
pub(super) fn check_label(label: &str, name: &str) -> Result<(), Refusal> {
    if label.is_empty() {
        return Err(Refusal::new(
            format!("{} has an empty label between its dots", shown(name)),
            "write one dot between two labels and none at the start",
        ));
    }
    if let Some(character) = label.chars().find(|character| {
        !(character.is_ascii_lowercase() || character.is_ascii_digit() || *character == '-')
    }) {
        return Err(Refusal::new(
            format!("{} holds {}", shown(name), shown_character(character)),
            "use only letters, digits and hyphens between the dots",
        ));
    }
    if label.len() > 63 {
        return Err(Refusal::new(
            format!(
                "a label of {} has {} characters, 63 are the most",
                shown(name),
                label.len()
            ),
            "write a shorter label",
        ));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(Refusal::new(
            format!("the label {} starts or ends with a hyphen", shown(label)),
            "put hyphens only between letters and digits",
        ));
    }
    check_reserved_label(label)
}

/// Labels with `--` in third place are reserved; `xn--` ones must decode.
fn check_reserved_label(label: &str) -> Result<(), Refusal> {
    if label.get(2..4) != Some("--") {
        return Ok(());
    }
    if !label.starts_with("xn--") {
        return Err(Refusal::new(
            format!(
                "the label {} has two hyphens in third place, which is reserved",
                shown(label)
            ),
            "rename it; certificate authorities refuse such names",
        ));
    }
    if idna::domain_to_ascii_strict(label).is_ok_and(|ascii| ascii == label) {
        return Ok(());
    }
    Err(Refusal::new(
        format!(
            "the label {} starts with `xn--` and is no valid punycode",
            shown(label)
        ),
        "copy the punycode form from the registrar of the domain",
    ))
}

#[cfg(test)]
mod tests;
