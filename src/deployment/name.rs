//! Names that the manifest gives: of projects, servers, services, profiles, ports and domains.

use super::newtype::{Refusal, only, shown, shown_character, stranger, text_newtype};

text_newtype! {
    /// `[a-z][a-z0-9-]*`: the prefix of firewall, key and tag names.
    ProjectName
}
text_newtype! {
    /// A host name that is also a systemd unit and a Unix user: `[a-z][a-z0-9-]*`, at most 31 long.
    ServerName
}
text_newtype! {
    /// A key of `[services]`: `[a-z][a-z0-9-]*`, at most 40 long.
    ServiceName
}
text_newtype! {
    /// A devenv profile: letters, digits, `_` and `-`.
    ProfileName
}
text_newtype! {
    /// A key of `[ports]`: `[a-z][a-z0-9_-]*`.
    PortName
}
text_newtype! {
    /// A key of `[domains]`: `[a-z][a-z0-9_-]*`.
    DomainKey
}

/// Users and groups that NixOS declares itself.
const SYSTEM_USERS: &[&str] = &[
    "root",
    "nobody",
    "nogroup",
    "wheel",
    "users",
    "nixbld",
    "caddy",
    "docker",
    "sshd",
    "nscd",
    "messagebus",
    "polkituser",
    "dbus",
    "daemon",
    "bin",
    "adm",
    "audio",
    "cdrom",
    "dialout",
    "disk",
    "floppy",
    "input",
    "keys",
    "kmem",
    "kvm",
    "lp",
    "proc",
    "render",
    "sgx",
    "shadow",
    "tape",
    "tty",
    "utmp",
    "uucp",
    "video",
    "lock",
    "avahi",
    "tss",
    "rtkit",
];

/// systemd units of the base system that a unit of the same name would replace.
const SYSTEM_UNITS: &[&str] = &[
    "nix-daemon",
    "nix-gc",
    "firewall",
    "nftables",
    "cloud-init",
    "cloud-init-local",
    "cloud-config",
    "cloud-final",
    "emergency",
    "rescue",
    "initrd",
    "kmod",
    "logrotate",
    "network-setup",
    "network-local-commands",
    "resolvconf",
    "nixos-upgrade",
    "user",
    "getty",
    "reload-systemd-vconsole-setup",
    "suid-sgid-wrappers",
    "sshd-keygen",
    "acpid",
    "dhcpcd",
];

/// A name of lower-case letters, digits and the given joints.
fn slug(what: &str, text: &str, joints: &[char], longest: usize) -> Result<String, Refusal> {
    let allowed = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || joints.contains(&character)
    };
    let help = match joints {
        ['-'] => "use lower-case letters, digits and hyphens, a letter first",
        _ => "use lower-case letters, digits, `_` and `-`, a letter first",
    };
    let repaired = repair(text, allowed);
    if text.is_empty() {
        return Err(Refusal::new(format!("the {what} is empty"), help));
    }
    if let Some(character) = stranger(text, allowed) {
        let refusal = Refusal::new(
            format!(
                "the {what} {} holds {}",
                shown(text),
                shown_character(character)
            ),
            help,
        );
        // How a letter of another script is spelt in ASCII is for its author to decide.
        return Err(if text.is_ascii() {
            refusal.suggesting(repaired)
        } else {
            refusal
        });
    }
    check_ends(what, text, joints, help)?;
    if text.len() > longest {
        return Err(Refusal::new(
            format!(
                "the {what} has {} characters, {longest} are the most",
                text.len()
            ),
            "write a shorter name",
        ));
    }
    Ok(text.to_owned())
}

/// A letter first; a letter or digit last.
fn check_ends(what: &str, text: &str, joints: &[char], help: &str) -> Result<(), Refusal> {
    if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Err(Refusal::new(
            format!("the {what} {} does not start with a letter", shown(text)),
            help,
        ));
    }
    if text.ends_with(joints) {
        return Err(Refusal::new(
            format!(
                "the {what} {} does not end in a letter or digit",
                shown(text)
            ),
            help,
        )
        .suggesting(text.trim_end_matches(joints)));
    }
    Ok(())
}

/// The same name in the alphabet: lower case, everything else a hyphen.
fn repair(text: &str, allowed: impl Fn(char) -> bool) -> String {
    let replaced: String = text
        .chars()
        .map(|character| character.to_ascii_lowercase())
        .map(|character| if allowed(character) { character } else { '-' })
        .collect();
    replaced.trim_matches(['-', '_']).to_owned()
}

impl ProjectName {
    fn check(text: &str) -> Result<String, Refusal> {
        slug("project name", text, &['-'], 40)
    }
}

impl ServerName {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str =
            "choose another name: it becomes the host name, a systemd unit and a Unix user";
        let name = slug("server name", text, &['-'], 31)?;
        if SYSTEM_USERS.contains(&text) || text.starts_with("nixbld") {
            return Err(Refusal::new(
                format!("the server name `{text}` is a user or group of the system"),
                HELP,
            ));
        }
        if SYSTEM_UNITS.contains(&text) || text.starts_with("systemd-") {
            return Err(Refusal::new(
                format!("the server name `{text}` is a systemd unit of the system"),
                HELP,
            ));
        }
        if text == "localhost" {
            return Err(Refusal::new(
                "the server name `localhost` means every machine",
                HELP,
            ));
        }
        Ok(name)
    }
}

impl ServiceName {
    fn check(text: &str) -> Result<String, Refusal> {
        let name = slug("service name", text, &['-'], 40)?;
        match text {
            "caddy" => Err(Refusal::new(
                "the service name `caddy` is taken by the web server, which is always there",
                "choose another name",
            )),
            "default" => Err(Refusal::new(
                "the service name `default` is reserved",
                "name the service after what it does",
            )),
            _ => Ok(name),
        }
    }
}

impl ProfileName {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "use letters, digits, `_` and `-`, a letter or digit first";
        if text.is_empty() {
            return Err(Refusal::new("the profile name is empty", HELP));
        }
        if matches!(text, "hostname" | "user") {
            return Err(Refusal::new(
                format!("the profile name `{text}` is reserved by devenv"),
                "choose another name, such as `prod`",
            ));
        }
        let allowed =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
        only("the profile name", text, allowed, HELP)?;
        if text.starts_with(['-', '_']) {
            return Err(Refusal::new(
                format!(
                    "the profile name {} does not start with a letter or digit",
                    shown(text)
                ),
                HELP,
            ));
        }
        if text.len() > 63 {
            return Err(Refusal::new(
                format!(
                    "the profile name has {} characters, 63 are the most",
                    text.len()
                ),
                "write a shorter name",
            ));
        }
        Ok(text.to_owned())
    }
}

impl PortName {
    fn check(text: &str) -> Result<String, Refusal> {
        slug("port name", text, &['-', '_'], 40)
    }
}

impl DomainKey {
    fn check(text: &str) -> Result<String, Refusal> {
        slug("domain key", text, &['-', '_'], 40)
    }
}

#[cfg(test)]
mod tests;

impl ServiceName {
    /// The name as part of an environment variable: upper case, `_` for `-`.
    pub fn variable_part(&self) -> String {
        self.as_str().to_ascii_uppercase().replace('-', "_")
    }
}
