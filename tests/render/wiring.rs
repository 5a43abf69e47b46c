//! What the generated files must say together.

use super::literals::{at, literals};
use super::support::{body, manifest_with};

fn exec(manifest: &str, service: &str) -> String {
    let devenv = literals(&body(manifest, "nix/devenv-profiles.nix"));
    at(&devenv, &format!("processes.{service}.exec")).concat()
}

fn container(ports: &str, rest: &str) -> String {
    let service = "image = \"a/b:1\"\nport = 7000\ncontainer_port = 70\n";
    let ports = format!("[ports]\nssh = 22\nhttp = 80\nhttps = 443\n{ports}\n");
    exec(
        &manifest_with(&format!(
            "{ports}[services.voice]\n{service}{rest}\n\
             [services.web]\ncommand = \"run\"\nport = 3000\ndomains = [\"web\"]\n\
             [profiles.prod.env]\nCADDY_DOMAIN = \"www.example.org\"\nAPP_DOMAIN = \"\"\n\
             [check.allow]\nservice-unreachable = \"for its neighbours\"\n"
        )),
        "voice",
    )
}

/// docker opens what it publishes behind the firewall's back, and Caddy and the health check ask
/// over TCP on loopback.
#[test]
fn a_container_is_published_where_it_is_asked_for() {
    for (ports, rest, published) in [
        ("", "", " --publish 127.0.0.1:7000:70 "),
        ("voice = 7000", "", " --publish 7000:70 "),
        (
            "voice = { port = 7000, protocol = \"both\" }",
            "",
            " --publish 7000:70 --publish 7000:70/udp ",
        ),
        (
            "voice = { port = 7000, protocol = \"udp\" }",
            "health = [\"/\"]",
            " --publish 127.0.0.1:7000:70 --publish 7000:70/udp ",
        ),
    ] {
        let exec = container(ports, rest);
        assert!(exec.contains(published), "{ports}: {exec}");
        let count = published.matches("--publish").count();
        assert_eq!(exec.matches("--publish").count(), count, "{exec}");
    }
}

/// Only the server's profile serves the real names; on a laptop they would ask for certificates.
#[test]
fn further_domains_belong_to_the_profile_of_the_server_alone() {
    let manifest = |profile: &str| {
        let base = manifest_with("more = \"more.example.org\"\nlast = \"last.example.org\"\n")
            .replace("region =", &format!("profile = \"{profile}\"\nregion ="));
        format!(
            "{base}[services.web]\ncommand = \"run\"\nport = 3000\n\
             domains = [\"web\", \"more\", \"last\"]\n\
             [profiles.{profile}.env]\nCADDY_DOMAIN = \"www.example.org\"\n\
             [profiles.laptop.env]\nCADDY_DOMAIN = \"localhost:8080\"\nAPP_DOMAIN = \"\"\n"
        )
    };
    let variable = "SEANCE_DOMAINS_WEB";
    for profile in ["default", "prod"] {
        let devenv = literals(&body(&manifest(profile), "nix/devenv-profiles.nix"));
        let base = at(&devenv, &format!("env.{variable}"));
        let laptop = at(&devenv, &format!("profiles.laptop.module.env.{variable}"));
        let prod = at(&devenv, &format!("profiles.prod.module.env.{variable}"));
        if profile == "default" {
            assert_eq!(
                (base, laptop),
                (vec!["last.example.org".to_owned()], vec![String::new()])
            );
        } else {
            assert_eq!(
                (base, prod),
                (vec![String::new()], vec!["last.example.org".to_owned()])
            );
        }
    }
}
