//! A backend that nobody listens as.

use crate::caddy::Upstream;
use crate::facts::{Facts, Manifest};
use crate::finding::{Finding, Patch, Severity};
use crate::preflight::Check;
#[cfg(test)]
use crate::preflight::testing::Examples;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- Caddyfile --\nwww.example.org {\n\treverse_proxy 127.0.0.1:3001\n}\n"
        ),
        good: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- Caddyfile --\nwww.example.org {\n\treverse_proxy 127.0.0.1:3000\n}\n"
        ),
        undecidable: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- devenv.nix --\n{\n  processes.admin.exec = \"./admin\";\n}\n",
            "\n-- Caddyfile --\nwww.example.org {\n\treverse_proxy 127.0.0.1:{$PORT}\n\
             \treverse_proxy /admin 127.0.0.1:3001\n}\n"
        ),
    },
};

static RULE: Rule = Rule {
    id: "caddy-upstream-mismatch",
    severity: Severity::Warning,
    title: "Caddy asks a port that nothing listens on",
    why: "Caddy starts with any backend and answers 502 once somebody asks. The port in the \
          Caddyfile and the port of the service are two texts that nothing holds together.",
    fix: "Write the port that the service listens on.",
    evidence: "Caddy's documentation of reverse_proxy",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(manifest) = facts.manifest else {
        return Vec::new();
    };
    let upstreams = facts.caddy().iter().flat_map(|file| file.upstreams());
    let unanswered: Vec<Upstream> = upstreams
        .filter(|upstream| is_unanswered(upstream, manifest))
        .collect();
    if unanswered.is_empty() || something_else_may_listen(facts, manifest) {
        return Vec::new();
    }
    unanswered
        .iter()
        .map(|upstream| finding(facts, manifest, upstream))
        .collect()
}

/// Whether a backend on this machine has a port that no service of the manifest has.
fn is_unanswered(upstream: &Upstream, manifest: Manifest<'_>) -> bool {
    let ports = upstream.ports();
    let services = &manifest.deployment.services;
    let mut listens = services.values().map(|service| service.port.number());
    upstream.is_local() && !ports.is_empty() && !listens.any(|port| ports.contains(&port))
}

/// Whether a person's own files may start something: then its port is theirs to know.
fn something_else_may_listen(facts: &Facts<'_>, manifest: Manifest<'_>) -> bool {
    let starts = [
        "processes",
        "services.",
        "services =",
        "virtualisation",
        "containers",
    ];
    facts.files.iter().any(|(path, text)| {
        let own = path.rsplit('.').next() == Some("nix") && !manifest.owned.contains(path.as_str());
        own && starts.iter().any(|word| text.contains(word))
    })
}

fn finding(facts: &Facts<'_>, manifest: Manifest<'_>, upstream: &Upstream) -> Finding {
    let services = &manifest.deployment.services;
    let listening: Vec<String> = services
        .iter()
        .map(|(name, service)| format!("`{name}` on {}", service.port.number()))
        .collect();
    let message = format!(
        "no service listens on `{}`: {} does",
        upstream.written(),
        listening.join(", ")
    );
    let place = upstream.place();
    let mut only = services.iter();
    let (Some((name, service)), None) = (only.next(), only.next()) else {
        let help = "write the port of the service that is meant";
        return facts.finding(&RULE, Some(place), message, help);
    };
    let right = format!("127.0.0.1:{}", service.port.number());
    let help = format!("write `{right}`, where `{name}` listens");
    let patch = Patch {
        file: place.file.to_string(),
        range: place.range(),
        replacement: right,
    };
    let location = manifest
        .document
        .location(&["services", name.as_str(), "port"]);
    facts
        .finding(&RULE, Some(place), message, help)
        .related(location, "the service's port")
        .patched(patch)
}
