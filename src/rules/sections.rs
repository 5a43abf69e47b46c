//! The parts of a deployment that rules are about.

/// Each part with the beginnings of its ids, in the order of the documentation.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "The manifest",
        &[
            "manifest",
            "allow",
            "skip",
            "domain",
            "port",
            "profile",
            "site",
            "container",
            "service",
            "deploy",
            "local",
            "zone",
            "state",
            "release",
            "install",
        ],
    ),
    (
        "Generated files and git",
        &["drift", "generation", "git", "lock"],
    ),
    (
        "Languages and wiring",
        &[
            "nix",
            "hcl",
            "option",
            "wiring",
            "caddyfile",
            "devenv",
            "flake",
        ],
    ),
    ("Network", &["net"]),
    ("DigitalOcean's modules", &["do"]),
    ("Disk and boot", &["boot", "disk"]),
    ("SSH and access", &["ssh", "access"]),
    ("Memory and builds", &["ram", "build"]),
    ("OpenTofu", &["tofu"]),
    ("Firewalls", &["fw"]),
    ("The service", &["svc"]),
    ("Caddy and certificates", &["caddy", "acme", "dns"]),
    ("Running the machine", &["ops", "size"]),
];

/// What is in no other part.
const OTHER: &str = "Further rules";

/// The title of the part that an id belongs to.
pub(super) fn of(id: &str) -> &'static str {
    let first = id.split('-').next().unwrap_or(id);
    let part = SECTIONS.iter().find(|(_, starts)| starts.contains(&first));
    part.map_or(OTHER, |(title, _)| title)
}

/// Every title, in order.
pub(super) fn titles() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().map(|(title, _)| *title).chain([OTHER])
}
