//! `nix/devenv-profiles.nix`.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;

use super::container_name;
use crate::deployment::{
    Deployment, PackageName, Profile, Protocol, Run, Service, ServiceName, Site, SiteAddress, sites,
};
use crate::render::value::{list, map, nix_key, nix_package, optional_text, script, text};
use crate::shell;

pub(in crate::render) fn devenv_profiles(deployment: &Deployment) -> Value {
    let sites = sites(deployment);
    let packages = packages(deployment);
    let services = &deployment.services;
    let profiles = deployment
        .profiles
        .iter()
        .filter(|(name, _)| name.as_str() != "default");
    map([
        (
            "needs_config",
            Value::from(!sites.is_empty() || services.values().any(has_directory)),
        ),
        (
            "uses_caddy_domain",
            Value::from(sites.iter().any(|site| site.takes_caddy_domain)),
        ),
        (
            "uses_app_domain",
            Value::from(sites.iter().any(|site| site.takes_app_domain)),
        ),
        (
            "needs_pkgs",
            Value::from(!sites.is_empty() || !packages.is_empty()),
        ),
        ("packages", list(packages.into_iter().map(nix_package))),
        ("base_env", entries(&base_env(deployment, &sites))),
        (
            "profiles",
            list(profiles.map(|(name, profile)| {
                let env = profile_env(deployment, name.as_str(), profile, &sites);
                map([("key", nix_key(name.as_str())), ("env", entries(&env))])
            })),
        ),
        (
            "services",
            list(
                services
                    .iter()
                    .map(|(name, service)| process(deployment, name, service)),
            ),
        ),
        ("sites", list(sites.iter().map(|it| site(deployment, it)))),
    ])
}

fn packages(deployment: &Deployment) -> BTreeSet<&PackageName> {
    let runs = deployment.services.values().map(|service| &service.run);
    runs.filter_map(|run| match run {
        Run::Process { packages, .. } => Some(packages),
        Run::Container { .. } => None,
    })
    .flatten()
    .collect()
}

fn has_directory(service: &Service) -> bool {
    matches!(
        &service.run,
        Run::Process {
            directory: Some(_),
            ..
        }
    )
}

/// The variable that carries a service's addresses to Caddy.
fn sites_variable(service: &ServiceName) -> String {
    format!("SEANCE_SITES_{}", service.variable_part())
}

/// The variable that carries host names which only the server's profile serves.
fn further_variable(service: &ServiceName) -> String {
    format!("SEANCE_DOMAINS_{}", service.variable_part())
}

fn site(deployment: &Deployment, site: &Site) -> Value {
    let further = if site.further.is_empty() {
        Value::from(())
    } else {
        nix_key(further_variable(&site.service))
    };
    // What takes lines of its own when nixfmt lays it out.
    let lines = !site.further.is_empty() || (site.takes_caddy_domain && site.takes_app_domain);
    map([
        ("variable", nix_key(sites_variable(&site.service))),
        ("fallback", text(site.fallback(deployment))),
        ("caddy", Value::from(site.takes_caddy_domain)),
        ("app", Value::from(site.takes_app_domain)),
        ("further", further),
        ("lines", Value::from(lines)),
    ])
}

/// The base environment: written values, then what the sites need to be defined everywhere.
fn base_env(deployment: &Deployment, sites: &[Site]) -> BTreeMap<String, String> {
    let Some(profile) = deployment.profiles.get("default") else {
        return BTreeMap::new();
    };
    let mut env = profile_env(deployment, "default", profile, sites);
    for site in sites.iter().filter(|site| !site.further.is_empty()) {
        env.entry(further_variable(&site.service)).or_default();
    }
    env.entry("CADDY_DOMAIN".to_owned()).or_default();
    env.entry("APP_DOMAIN".to_owned()).or_default();
    env
}

fn profile_env(
    deployment: &Deployment,
    name: &str,
    profile: &Profile,
    sites: &[Site],
) -> BTreeMap<String, String> {
    let written = profile.env.iter();
    let mut env: BTreeMap<String, String> = written
        .map(|(key, value)| (key.to_string(), value.clone()))
        .collect();
    let domain = |value: &Option<SiteAddress>| value.as_ref().map(ToString::to_string);
    if let Some(value) = &profile.caddy_domain {
        env.insert("CADDY_DOMAIN".to_owned(), domain(value).unwrap_or_default());
    }
    if let Some(value) = &profile.app_domain {
        env.insert("APP_DOMAIN".to_owned(), domain(value).unwrap_or_default());
    }
    let of_server = deployment.server().profile.as_str();
    for site in sites.iter().filter(|site| !site.further.is_empty()) {
        let variable = further_variable(&site.service);
        if name == of_server {
            let domains: Vec<&str> = site.further.iter().map(|domain| domain.as_str()).collect();
            env.insert(variable, domains.join(" "));
        } else if of_server == "default" {
            // The base environment has the server's names, and only the server may serve them.
            env.insert(variable, String::new());
        }
    }
    env
}

fn entries<K: ToString, V: ToString>(env: &BTreeMap<K, V>) -> Value {
    list(env.iter().map(|(key, value)| {
        map([
            ("key", nix_key(key.to_string())),
            ("value", text(value.to_string())),
        ])
    }))
}

fn process(deployment: &Deployment, name: &ServiceName, service: &Service) -> Value {
    let (exec, env, directory) = match &service.run {
        Run::Process {
            command, directory, ..
        } => (command.to_string(), service.env.clone(), directory.as_ref()),
        // A container's environment is in its command line.
        Run::Container { .. } => (
            container_script(deployment, name, service),
            BTreeMap::new(),
            None,
        ),
    };
    map([
        ("key", nix_key(name.as_str())),
        ("exec", script(exec)),
        (
            "directory",
            optional_text(directory.map(|directory| format!("/{directory}"))),
        ),
        ("env", entries(&env)),
        ("port", Value::from(service.port.number())),
        (
            "ready",
            optional_text(service.health.first().map(|path| path.as_str())),
        ),
    ])
}

/// Removes what a crash left behind, then runs the container in the foreground.
fn container_script(deployment: &Deployment, name: &ServiceName, service: &Service) -> String {
    let Run::Container {
        image,
        port: inside,
    } = &service.run
    else {
        return String::new();
    };
    let container = container_name(deployment, name);
    let mut words: Vec<String> = ["docker", "run", "--rm", "--init", "--name", &container]
        .map(str::to_owned)
        .to_vec();
    for published in publications(deployment, service, inside.number()) {
        words.extend(["--publish".to_owned(), published]);
    }
    for (key, value) in &service.env {
        words.extend(["--env".to_owned(), format!("{key}={value}")]);
    }
    // A name alone takes the value from the environment of the docker client.
    for secret in &service.secrets {
        words.extend(["--env".to_owned(), secret.to_string()]);
    }
    words.push(image.to_string());
    let run = shell::command(words.iter().map(String::as_str));
    let remove = shell::command(["docker", "rm", "--force", &container]);
    format!("{remove} >/dev/null 2>&1 || true\nexec {run}\n")
}

/// docker opens published ports behind the back of the NixOS firewall, so a port that is not in
/// `[ports]` is bound to loopback.
fn publications(deployment: &Deployment, service: &Service, inside: u16) -> Vec<String> {
    let host = service.port;
    let is_public = |speaks: fn(Protocol) -> bool| {
        let mut public = deployment.ports.values();
        public.any(|public| public.port == host && speaks(public.protocol))
    };
    let (tcp, udp) = (is_public(Protocol::tcp), is_public(Protocol::udp));
    // Caddy and the health check ask over TCP, whatever the world speaks to the container.
    let is_asked_here = !service.domains.is_empty() || !service.health.is_empty();
    let mut published = Vec::new();
    if tcp {
        published.push(format!("{host}:{inside}"));
    } else if !udp || is_asked_here {
        published.push(format!("127.0.0.1:{host}:{inside}"));
    }
    if udp {
        published.push(format!("{host}:{inside}/udp"));
    }
    published
}
