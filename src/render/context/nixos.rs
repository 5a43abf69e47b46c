//! `nix/nixos-configuration.nix`.

use minijinja::Value;

use crate::deployment::Deployment;
use crate::render::firewall;
use crate::render::value::{list, map, text};

/// Memory up to which one build job at a time is all that fits, in MiB.
const SMALL_MEMORY_MIB: u32 = 2048;

pub(in crate::render) fn nixos_configuration(deployment: &Deployment) -> Value {
    let server = deployment.server();
    let ports = |udp| {
        let ports = firewall::open_ports(deployment, udp);
        list(ports.into_iter().map(|port| port.number()))
    };
    let keys = server.ssh_keys.iter().map(|key| key.as_str().to_owned());
    map([
        (
            "server",
            map([
                ("name", text(server.name.as_str())),
                ("state_version", text(server.state_version.as_str())),
                ("timezone", text(server.timezone.as_str())),
                ("ssh_keys", list(keys)),
                (
                    "small",
                    Value::from(server.size.memory_mib <= SMALL_MEMORY_MIB),
                ),
            ]),
        ),
        (
            "ssh_port",
            Value::from(firewall::ssh_port(deployment).number()),
        ),
        (
            "firewall",
            map([("tcp", ports(false)), ("udp", ports(true))]),
        ),
    ])
}
