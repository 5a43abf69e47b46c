//! Paths on the server.

use super::newtype::{Refusal, only, shown, text_newtype};

text_newtype! {
    /// An absolute path without `.`, `..`, empty components or characters that shells treat
    /// specially.
    AbsolutePath
}
text_newtype! {
    /// A path inside the checkout, without `.`, `..` or a leading `/`.
    RelativePath
}
text_newtype! {
    /// A block device, such as `/dev/vda`.
    DevicePath
}

/// Trees that an application must not live in, and why.
const FORBIDDEN_TREES: &[(&str, &str)] = &[
    (
        "/nix",
        "the Nix store is read-only and its folder belongs to Nix",
    ),
    ("/etc", "NixOS generates it"),
    ("/root", "the service user may not enter it"),
    ("/home", "the service is kept out of home folders"),
    ("/tmp", "it is emptied"),
    ("/var/tmp", "it is emptied"),
    ("/run", "it is gone after a reboot"),
    ("/var/run", "it is gone after a reboot"),
    ("/boot", "it belongs to the boot loader"),
    ("/proc", "it belongs to the kernel"),
    ("/sys", "it belongs to the kernel"),
    ("/dev", "it belongs to the kernel"),
    ("/usr", "NixOS generates it"),
    ("/bin", "NixOS generates it"),
    ("/sbin", "NixOS generates it"),
    ("/lib", "NixOS generates it"),
    ("/lib64", "NixOS generates it"),
    ("/var/log", "logs are written there"),
    ("/var/empty", "it must stay empty"),
];

/// Folders that hold other things, so that they may not be handed to one application.
const SHARED: &[&str] = &[
    "/opt",
    "/srv",
    "/mnt",
    "/media",
    "/var",
    "/var/lib",
    "/var/cache",
];

impl AbsolutePath {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write a folder of its own, such as `/opt/app`";
        if text.is_empty() {
            return Err(Refusal::new("the path is empty", HELP));
        }
        if text.starts_with('~') {
            return Err(Refusal::new(
                format!("{} starts with `~`, which only shells expand", shown(text)),
                HELP,
            ));
        }
        if !text.starts_with('/') {
            return Err(Refusal::new(
                format!("the path {} is not absolute", shown(text)),
                HELP,
            ));
        }
        if text.bytes().all(|byte| byte == b'/') {
            return Err(Refusal::new(
                "the path is the root of the file system",
                HELP,
            ));
        }
        check_components(&text[1..], text, "/")?;
        for (tree, reason) in FORBIDDEN_TREES {
            let rest = text.strip_prefix(tree);
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
                return Err(Refusal::new(
                    format!("the path {} is in `{tree}`: {reason}", shown(text)),
                    HELP,
                ));
            }
        }
        if SHARED.contains(&text) {
            return Err(Refusal::new(
                format!("the path `{text}` holds other things too"),
                HELP,
            ));
        }
        Ok(text.to_owned())
    }
}

impl RelativePath {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write a folder inside the checkout, such as `backend`";
        if text.is_empty() || text == "." || text == "./" {
            return Err(Refusal::new(
                "the path is the checkout itself",
                "leave the key out",
            ));
        }
        if text.starts_with('~') {
            return Err(Refusal::new(
                format!("{} starts with `~`, which only shells expand", shown(text)),
                HELP,
            ));
        }
        if text.starts_with('/') {
            return Err(Refusal::new(
                format!(
                    "the path {} is absolute, it must lie inside the checkout",
                    shown(text)
                ),
                HELP,
            ));
        }
        check_components(text, text, "")?;
        Ok(text.to_owned())
    }
}

/// Checks the components of a path; `root` is put before a suggestion.
fn check_components(relative: &str, text: &str, root: &str) -> Result<(), Refusal> {
    if text.contains('%') {
        return Err(Refusal::new(
            format!("the path {} holds `%`, which systemd expands", shown(text)),
            "use letters, digits and `.`, `_`, `-`, `+`, `@`",
        ));
    }
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '/' | '.' | '_' | '-' | '+' | '@')
    };
    only(
        "the path",
        text,
        allowed,
        "use letters, digits and `.`, `_`, `-`, `+`, `@`",
    )?;
    if relative.split('/').any(|component| component == "..") {
        return Err(Refusal::new(
            format!("the path {} has a `..` in it", shown(text)),
            "write the path that is meant",
        ));
    }
    if relative
        .split('/')
        .any(|component| matches!(component, "" | "."))
    {
        let clean: Vec<&str> = relative
            .split('/')
            .filter(|component| !matches!(*component, "" | "."))
            .collect();
        return Err(Refusal::new(
            format!("the path {} has a `/` or `/.` too many", shown(text)),
            "write it without",
        )
        .suggesting(format!("{root}{}", clean.join("/"))));
    }
    check_component_names(relative, text)
}

/// Refuses components that programs or the file system would not take.
fn check_component_names(relative: &str, text: &str) -> Result<(), Refusal> {
    if relative
        .split('/')
        .any(|component| component.starts_with('-'))
    {
        return Err(Refusal::new(
            format!(
                "the path {} has a component that programs read as an option",
                shown(text)
            ),
            "start no folder with a hyphen",
        ));
    }
    if text.len() > 1024 || relative.split('/').any(|component| component.len() > 255) {
        return Err(Refusal::new("the path is too long", "write a shorter path"));
    }
    Ok(())
}

impl DevicePath {
    fn check(text: &str) -> Result<String, Refusal> {
        const HELP: &str = "write the whole disk, `/dev/vda` on a droplet";
        let Some(name) = text.strip_prefix("/dev/") else {
            return Err(Refusal::new(
                format!(
                    "{} is no device: it does not start with `/dev/`",
                    shown(text)
                ),
                HELP,
            )
            .suggesting(format!("/dev/{}", text.trim_start_matches('/'))));
        };
        if let Some((folder, id)) = name
            .strip_prefix("disk/")
            .and_then(|rest| rest.split_once('/'))
        {
            return check_device_link(folder, id, text);
        }
        let (disk, partition) = split_partition(name);
        if !is_disk(disk) {
            return Err(Refusal::new(
                format!("{} is no disk of a droplet", shown(text)),
                HELP,
            ));
        }
        if disk == "vdb" {
            return Err(Refusal::new(
                format!(
                    "{} is the config drive, which tells the droplet its address",
                    shown(text)
                ),
                HELP,
            )
            .suggesting("/dev/vda"));
        }
        if partition.is_some() {
            return Err(Refusal::new(
                format!("{} is a partition, the whole disk is needed", shown(text)),
                HELP,
            )
            .suggesting(format!("/dev/{disk}")));
        }
        Ok(text.to_owned())
    }
}

/// Links of udev: by hardware they name a disk, by label or UUID a file system.
fn check_device_link(folder: &str, id: &str, text: &str) -> Result<String, Refusal> {
    const HELP: &str = "write the whole disk, `/dev/vda` on a droplet";
    if !matches!(folder, "by-id" | "by-path") {
        return Err(Refusal::new(
            format!(
                "{} names a file system or partition that the installation has yet to make",
                shown(text)
            ),
            HELP,
        ));
    }
    let allowed = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | ':' | '+' | '=')
    };
    if id.is_empty() || id.len() > 200 || id.starts_with('.') {
        return Err(Refusal::new(format!("{} is no disk", shown(text)), HELP));
    }
    only("the device", id, allowed, HELP)?;
    if let Some((disk, number)) = id.rsplit_once("-part")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(Refusal::new(
            format!("{} is a partition, the whole disk is needed", shown(text)),
            HELP,
        )
        .suggesting(format!("/dev/disk/{folder}/{disk}")));
    }
    Ok(text.to_owned())
}

/// Whole disks: `vda`, `sda`, `xvda`, `nvme0n1`.
fn is_disk(name: &str) -> bool {
    let lettered = ["xvd", "vd", "sd"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_lowercase()));
    let numbered = name
        .strip_prefix("nvme")
        .and_then(|rest| rest.split_once('n'))
        .is_some_and(|(controller, space)| is_number(controller) && is_number(space));
    lettered || numbered
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A device name and its partition number, when it has one.
fn split_partition(name: &str) -> (&str, Option<&str>) {
    let base = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let number = &name[base.len()..];
    if name.starts_with("nvme") {
        return match base.strip_suffix('p') {
            Some(disk) => (disk, Some(number)),
            None => (name, None),
        };
    }
    (base, (!number.is_empty()).then_some(number))
}

#[cfg(test)]
mod tests;
