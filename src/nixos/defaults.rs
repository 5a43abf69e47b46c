//! What NixOS assumes where nobody says anything, for the options that rules ask about.

use std::rc::Rc;

use crate::evaluation::{Name, Thunk, Value};
use crate::reading::Place;

/// The default of an option; `None` where there is none or it is not known here.
pub(super) fn of(path: &[Name]) -> Option<Value> {
    let path = path.join(".");
    if TRUE.contains(&path.as_str()) {
        return Some(Value::Bool(true));
    }
    if FALSE.contains(&path.as_str()) {
        return Some(Value::Bool(false));
    }
    if EMPTY.contains(&path.as_str()) {
        return Some(list(Vec::new()));
    }
    other(&path)
}

/// Options that are true unless something says otherwise.
const TRUE: [&str; 17] = [
    "boot.loader.grub.enable",
    "networking.dhcpcd.enable",
    "networking.firewall.allowPing",
    "networking.firewall.enable",
    "networking.firewall.logRefusedConnections",
    "networking.useDHCP",
    "networking.usePredictableInterfaceNames",
    "nix.channel.enable",
    "security.sudo.enable",
    "security.sudo.wheelNeedsPassword",
    "services.caddy.enableReload",
    "services.openssh.openFirewall",
    "services.openssh.settings.KbdInteractiveAuthentication",
    "services.openssh.settings.PasswordAuthentication",
    "systemd.enableEmergencyMode",
    "systemd.network.wait-online.enable",
    "users.mutableUsers",
];

/// Options that are false unless something says otherwise.
const FALSE: [&str; 38] = [
    "boot.growPartition",
    "boot.loader.efi.canTouchEfiVariables",
    "boot.loader.grub.efiInstallAsRemovable",
    "boot.loader.grub.efiSupport",
    "boot.loader.systemd-boot.enable",
    "boot.tmp.cleanOnBoot",
    "boot.tmp.useTmpfs",
    "networking.networkmanager.enable",
    "networking.nftables.enable",
    "networking.useNetworkd",
    "nix.gc.automatic",
    "nix.optimise.automatic",
    "services.caddy.enable",
    "services.caddy.openFirewall",
    "services.cloud-init.enable",
    "services.cloud-init.network.enable",
    "services.do-agent.enable",
    "services.fail2ban.enable",
    "services.haproxy.enable",
    "services.httpd.enable",
    "services.mysql.enable",
    "services.nginx.enable",
    "services.openssh.enable",
    "services.postgresql.enable",
    "services.sshguard.enable",
    "services.tailscale.enable",
    "services.tailscale.openFirewall",
    "services.traefik.enable",
    "services.zfs.autoScrub.enable",
    "system.autoUpgrade.allowReboot",
    "system.autoUpgrade.enable",
    "systemd.network.enable",
    "systemd.network.wait-online.anyInterface",
    "users.allowNoPasswordLogin",
    "virtualisation.docker.enable",
    "virtualisation.docker.rootless.enable",
    "virtualisation.podman.enable",
    "zramSwap.enable",
];

/// Lists that are empty unless something adds to them.
const EMPTY: [&str; 11] = [
    "boot.kernelParams",
    "boot.initrd.availableKernelModules",
    "boot.initrd.kernelModules",
    "boot.loader.grub.devices",
    "networking.firewall.allowedTCPPortRanges",
    "networking.firewall.allowedTCPPorts",
    "networking.firewall.allowedUDPPortRanges",
    "networking.firewall.allowedUDPPorts",
    "services.fail2ban.ignoreIP",
    "swapDevices",
    "systemd.tmpfiles.rules",
];

fn other(path: &str) -> Option<Value> {
    let value = match path {
        "services.openssh.settings.PermitRootLogin" => Value::text("prohibit-password"),
        "services.openssh.ports" => list(vec![Value::Integer(22)]),
        "nix.settings.trusted-users" => list(vec![Value::text("root")]),
        "boot.loader.timeout" => Value::Integer(5),
        "boot.loader.grub.configurationLimit" => Value::Integer(100),
        "boot.loader.grub.device" => Value::text(""),
        "networking.hostName" => Value::text("nixos"),
        "nix.package" => Value::symbol("pkgs.nix"),
        "virtualisation.docker.package" => Value::symbol("pkgs.docker"),
        "networking.hostId" | "services.caddy.email" | "services.caddy.acmeCA" => Value::Null,
        _ => return user(path),
    };
    Some(value)
}

/// Lists of one user.
fn user(path: &str) -> Option<Value> {
    let rest = path.strip_prefix("users.users.")?;
    let (_, option) = rest.split_once('.')?;
    match option {
        "openssh.authorizedKeys.keys" | "openssh.authorizedKeys.keyFiles" | "extraGroups" => {
            Some(list(Vec::new()))
        }
        "hashedPassword"
        | "hashedPasswordFile"
        | "password"
        | "initialPassword"
        | "initialHashedPassword" => Some(Value::Null),
        _ => None,
    }
}

fn list(items: Vec<Value>) -> Value {
    let place = Place::new(&Rc::from("<nixpkgs>"), 0..0);
    let items = items
        .into_iter()
        .map(|item| Thunk::done(item, place.clone()));
    Value::list(items.collect())
}
