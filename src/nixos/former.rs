//! Former names that NixOS still takes, for the options that rules ask about.

use crate::evaluation::Name;

/// The name of today and one of its former names, which means the same.
const FORMER: [(&str, &str); 14] = [
    (
        "boot.loader.systemd-boot.enable",
        "boot.loader.gummiboot.enable",
    ),
    ("boot.tmp.cleanOnBoot", "boot.cleanTmpDir"),
    ("boot.tmp.useTmpfs", "boot.tmpOnTmpfs"),
    ("nix.settings.allowed-users", "nix.allowedUsers"),
    ("nix.settings.trusted-users", "nix.trustedUsers"),
    ("services.openssh.enable", "services.sshd.enable"),
    (
        "services.openssh.settings.GatewayPorts",
        "services.openssh.gatewayPorts",
    ),
    (
        "services.openssh.settings.KbdInteractiveAuthentication",
        "services.openssh.challengeResponseAuthentication",
    ),
    (
        "services.openssh.settings.KbdInteractiveAuthentication",
        "services.openssh.kbdInteractiveAuthentication",
    ),
    (
        "services.openssh.settings.PasswordAuthentication",
        "services.openssh.passwordAuthentication",
    ),
    (
        "services.openssh.settings.PermitRootLogin",
        "services.openssh.permitRootLogin",
    ),
    (
        "services.postgresql.settings.port",
        "services.postgresql.port",
    ),
    ("users.groups", "users.extraGroups"),
    ("users.users", "users.extraUsers"),
];

/// The former names of the option `name` below `path`.
pub(super) fn names(path: &[Name], name: &str) -> impl Iterator<Item = &'static str> {
    let length = path.iter().map(|part| part.len() + 1).sum::<usize>() + name.len();
    let is_it = move |present: &str| {
        // Almost every question is about none of them, and the length alone says so.
        present.len() == length
            && present
                .split('.')
                .eq(path.iter().map(|part| &**part).chain([name]))
    };
    let former = FORMER.iter().filter(move |(present, _)| is_it(present));
    former.map(|(_, former)| *former)
}
