use crate::evaluation::Value;
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::nixos::{Item, System};
use crate::preflight::Check;
use crate::preflight::host::{is_off, is_on, on_droplets, report, switch, undefined};
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.openssh = { enable = true; openFirewall = false; }; }
"#,
        good: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ services.openssh = { enable = true; openFirewall = false; }; networking.firewall.allowedTCPPorts = [ 22 ]; }
"#,
        undecidable: r#"-- main.tf --
resource "digitalocean_droplet" "a" {
  image = "ubuntu-24-04-x64"
}
-- configuration.nix --
{ ports, ... }: { services.openssh = { enable = true; openFirewall = false; }; networking.firewall.allowedTCPPorts = ports; }
"#,
    },
};

static RULE: Rule = Rule {
    id: "ssh-server-off-or-closed",
    severity: Severity::Error,
    title: "sshd is off, or its port is closed",
    why: "Nothing else lets a person in after the first boot: the web console needs an agent that NixOS does not run.",
    fix: "Set `services.openssh.enable = true`, and leave `openFirewall` at its default.",
    evidence: "nixpkgs: the sshd module; nixos-anywhere: its examples",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    on_droplets(facts, |system| {
        // A tunnel may carry an sshd of its own.
        if !is_off(system, "services.tailscale.enable") {
            return None;
        }
        switched_off(facts, system)
            .or_else(|| closed(facts, system))
            .or_else(|| on_loopback(facts, system))
            .or_else(|| without_host_key(facts, system))
    })
}

/// sshd ends at its start when it has no key to prove itself with.
fn without_host_key(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let option = system.at("services.openssh.hostKeys");
    let keys = option.list();
    let others = [
        "services.openssh.settings.HostKey",
        "services.openssh.extraConfig",
        "services.openssh.startWhenNeeded",
    ];
    let is_on = is_on(system, "services.openssh.enable");
    if !is_on || option.is_defined() != Some(true) || !undefined(system, &others) {
        return None;
    }
    let lacks = |item: &Item| {
        let Value::Set(set) = &item.value else {
            return None;
        };
        let mut wanted = ["path", "type"].into_iter();
        wanted.find(|name| set.complete && !set.fields.contains_key(*name))
    };
    let (message, help) = if let Some(name) = keys.items.iter().find_map(lacks) {
        let message = format!("a host key of sshd has no `{name}`, which it must have");
        (
            message,
            "write `type` and `path` of the key, or remove `services.openssh.hostKeys`",
        )
    } else if keys.complete && keys.items.is_empty() {
        let message = "sshd has no host key, so it does not start".to_owned();
        (
            message,
            "remove `services.openssh.hostKeys`, which has good defaults",
        )
    } else {
        return None;
    };
    Some(report(
        facts,
        &RULE,
        system,
        option.place().as_ref(),
        message,
        help,
    ))
}

fn switched_off(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let option = "services.openssh.enable";
    let neighbours = [
        "services.openssh",
        "users.users.root",
        "networking.hostName",
    ];
    let message = "sshd is off, so nobody can log in to the server";
    is_off(system, option)
        .then(|| switch(facts, &RULE, system, option, "true", &neighbours, message))
}

fn closed(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let option = "services.openssh.openFirewall";
    let others = [
        "networking.firewall.interfaces",
        "networking.firewall.trustedInterfaces",
        "networking.firewall.extraCommands",
        "networking.firewall.extraInputRules",
        "networking.nftables.tables",
        "networking.nftables.ruleset",
        "services.openssh.listenAddresses",
        "services.fwknop",
        "services.endlessh",
    ];
    let list = system.at("networking.firewall.allowedTCPPorts");
    if !(is_off(system, option) || list.is_forced())
        || !is_on(system, "networking.firewall.enable")
        || !undefined(system, &others)
    {
        return None;
    }
    let open = list.list();
    let ranges = system.at("networking.firewall.allowedTCPPortRanges").list();
    let ports = system.at("services.openssh.ports").list();
    if !open.complete || !ranges.complete || !ranges.items.is_empty() || !ports.complete {
        return None;
    }
    let port_of = |value: &Value| match value {
        Value::Integer(port) => Some(*port),
        _ => None,
    };
    let ports: Option<Vec<i64>> = ports.items.iter().map(|it| port_of(&it.value)).collect();
    let open: Option<Vec<i64>> = open.items.iter().map(|it| port_of(&it.value)).collect();
    let (ports, open) = (ports?, open?);
    let port = *ports.first()?;
    if ports.iter().any(|port| open.contains(port)) {
        return None;
    }
    if list.is_forced() {
        let message = format!("`mkForce` closes port {port}, at which sshd listens");
        let help = format!("add {port} to this list, or remove `mkForce`");
        let place = list.place();
        return Some(report(facts, &RULE, system, place.as_ref(), message, help));
    }
    let message = format!("nothing opens port {port}, at which sshd listens");
    Some(switch(facts, &RULE, system, option, "true", &[], message))
}

fn on_loopback(facts: &Facts<'_>, system: &System) -> Option<Finding> {
    let option = system.at("services.openssh.listenAddresses");
    let addresses = option.list();
    let is_loopback = |value: &Value| {
        let Value::Set(set) = value else { return false };
        let address = set
            .fields
            .get("addr")
            .map(|it| facts.evaluator().force(&it.value));
        matches!(address, Some(Value::Text(text)) if text.known().is_some_and(|it| {
            it.starts_with("127.") || it == "::1" || it == "localhost"
        }))
    };
    let all = addresses.items.iter().all(|it| is_loopback(&it.value));
    if !addresses.complete || addresses.items.is_empty() || !all {
        return None;
    }
    let message = "sshd listens at loopback addresses only, so nobody reaches it";
    let help = "remove `services.openssh.listenAddresses`";
    Some(report(
        facts,
        &RULE,
        system,
        option.place().as_ref(),
        message,
        help,
    ))
}
