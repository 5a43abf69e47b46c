//! `svc-unit-missing`

use super::super::Check;
#[cfg(test)]
use super::super::testing::Examples;
use crate::facts::{Facts, Manifest};
use crate::finding::{Finding, Severity};
use crate::nixos::System;
use crate::rules::Rule;

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    find,
    #[cfg(test)]
    examples: Examples {
        bad: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- configuration.nix --\n{ nixpkgs.hostPlatform = \"x86_64-linux\"; }\n"
        ),
        good: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- configuration.nix --\n{ pkgs, ... }:\n{ systemd.services.example.serviceConfig = { ",
            "ExecStart = \"${pkgs.devenv}/bin/devenv up\"; WorkingDirectory = \"/opt/a\"; }; }\n",
            "-- devenv.nix --\n",
            "{ processes.web.exec = \"./serve\"; processes.caddy.exec = \"caddy run\"; }\n"
        ),
        undecidable: concat!(
            "-- seance.toml --\n",
            include_str!("../../../tests/data/smallest.toml"),
            "\n-- configuration.nix --\n{ units, ... }:\n{ systemd.services = units; }\n"
        ),
    },
};

static RULE: Rule = Rule {
    id: "svc-unit-missing",
    severity: Severity::Error,
    title: "nothing runs the services of the manifest",
    why: "One unit runs devenv, and devenv runs every service of seance.toml and Caddy in front of them. Without the unit, its command, its folder or the process the machine boots and answers nobody.",
    fix: "Run `seance gen`, and import what it writes.",
    evidence: "the generated nix/service.nix and nix/devenv-profiles.nix",
};

fn find(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(manifest) = facts.manifest else {
        return Vec::new();
    };
    if manifest.deployment.services.is_empty() {
        return Vec::new();
    }
    let systems = facts.droplet_systems();
    let mut findings: Vec<Finding> = systems
        .iter()
        .filter_map(|system| of_system(facts, manifest, system))
        .collect();
    findings.extend(processes(facts, manifest));
    findings
}

fn of_system(facts: &Facts<'_>, manifest: Manifest<'_>, system: &System) -> Option<Finding> {
    let name = manifest.deployment.server().name.as_str();
    let report = |message: String, help: &str| {
        let place = system.at(&["systemd", "services", name]).place();
        let place = place.as_ref().unwrap_or(&system.place);
        Some(facts.finding(&RULE, Some(place), message, help))
    };
    let view = system.at(&["systemd", "services", name]);
    let lacks = |path: &[&str]| {
        let view = path
            .iter()
            .fold(view.clone(), |view, part| view.at(&[*part]));
        view.is_defined() == Some(false)
    };
    if view.is_defined() == Some(false) {
        let message = format!("the system has no unit `{name}.service`, which runs the services");
        return report(
            message,
            "import `./service.nix` in nix/nixos-configuration.nix",
        );
    }
    if lacks(&["serviceConfig", "ExecStart"]) && lacks(&["script"]) {
        let message = format!("`{name}.service` runs nothing");
        return report(message, "write its `ExecStart`, or run `seance gen`");
    }
    let secrets = manifest.deployment.services.values();
    let secret = secrets.flat_map(|service| &service.secrets).next();
    let carriers = [
        "EnvironmentFile",
        "LoadCredential",
        "LoadCredentialEncrypted",
        "PassEnvironment",
    ];
    if let Some(secret) = secret
        && carriers.iter().all(|it| lacks(&["serviceConfig", it]))
    {
        let message =
            format!("`{name}.service` reads no file of secrets, and a service wants `{secret}`");
        return report(
            message,
            "write `EnvironmentFile` in its `serviceConfig`, or run `seance gen`",
        );
    }
    let units = facts.devenv_units();
    let mut units = units.filter(|(unit, _)| &*unit.name == name && unit.complete);
    let (unit, _) = units.next()?;
    // From `/` only a whole path leads anywhere.
    let moves = unit.steps.iter().any(|step| {
        let mut words = step.command.arguments().iter();
        matches!(step.command.program(), Some("cd" | "pushd"))
            && words.any(|word| !word.decided || word.text.starts_with(['/', '~']))
    });
    if lacks(&["serviceConfig", "WorkingDirectory"]) && !moves {
        let message = format!("`{name}.service` runs devenv in `/`, where there is no devenv.nix");
        return report(
            message,
            "write `WorkingDirectory` in its `serviceConfig`, or run `seance gen`",
        );
    }
    None
}

/// The services, and Caddy in front of them, that devenv does not run on the server.
fn processes(facts: &Facts<'_>, manifest: Manifest<'_>) -> Vec<Finding> {
    let server = manifest.deployment.server();
    let shell = facts
        .shell()
        .and_then(|it| it.under(server.profile.as_str()));
    let Some(processes) = shell.map(|it| it.at("processes")) else {
        return Vec::new();
    };
    let known = processes.names();
    if !known.complete {
        return Vec::new();
    }
    let services = &manifest.deployment.services;
    let has_sites = services.values().any(|it| !it.domains.is_empty());
    let wanted = services.keys().map(|it| it.as_str());
    let wanted = wanted.chain(has_sites.then_some("caddy"));
    let missing = wanted.filter(|name| known.names.iter().all(|it| &**it != *name));
    let finding = |name: &str| {
        let message = format!("devenv has no process `{name}`");
        let help = "run `seance gen`, which writes it into nix/devenv-profiles.nix";
        let key: &[&str] = if name == "caddy" {
            &["services"]
        } else {
            &["services", name]
        };
        facts.finding_at(&RULE, manifest.document.location(key), message, help)
    };
    missing.map(finding).collect()
}
