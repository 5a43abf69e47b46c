mod embedded;
mod source;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Answer, Finder, Kind, Literal, dotted, find, kind};

fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

fn set(pairs: &[(&str, Literal)]) -> Literal {
    let pairs = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Literal::Set(pairs.collect::<BTreeMap<_, _>>())
}

fn path(name: &str) -> Vec<&str> {
    name.split('.').collect()
}

#[test]
fn a_path_leads_to_its_option_under_any_chosen_name() {
    let Answer::Known(option) = find(&path("systemd.services.backend.serviceConfig")) else {
        panic!("an option");
    };
    assert_eq!(option.name, "systemd.services.<name>.serviceConfig");
    let Answer::Known(option) =
        find(&["users", "users", "a.b", "openssh", "authorizedKeys", "keys"])
    else {
        panic!("an option");
    };
    assert!(option.kind().is_list());
    assert!(
        kind(&path("networking.firewall.extraCommands"))
            .unwrap()
            .is_lines()
    );
    assert!(kind(&path("systemd.services")).unwrap().is_attrs_of());
    let Answer::Known(option) = find(&["boot", "kernel", "sysctl", "net.core.rmem_max"]) else {
        panic!("an option with a dot in its name");
    };
    assert_eq!(option.name, "boot.kernel.sysctl.\"net.core.rmem_max\"");
}

#[test]
fn what_lies_inside_an_option_is_not_unknown() {
    for inside in [
        "services.openssh.settings.AllowUsers",
        "services.cloud-init.settings.datasource.ConfigDrive",
        "boot.kernel.sysctl.vm",
        "environment.etc.motd",
        "nix.settings.anything-at-all",
        "systemd.services.backend.serviceConfig.WhateverDirective",
        "services.fail2ban.jails.sshd.settings.maxretry",
        "specialisation.x.configuration.services.foo",
        "services.caddy.settings.apps.http",
        "disko.devices.disk.main.content.partitions.root.size",
    ] {
        assert!(
            matches!(
                find(&path(inside)),
                Answer::Inside { .. } | Answer::Known(_)
            ),
            "{inside}: {:?}",
            find(&path(inside))
        );
    }
    let Answer::Inside { option, kind } = find(&path("users.users.alice")) else {
        panic!("one user");
    };
    assert_eq!(option.name, "users.users");
    assert!(kind.is_submodule());
    let inside = kind_of("environment.sessionVariables.EDITOR");
    assert_ne!(
        inside.accepts(&Literal::List(vec![Literal::Bool(true)])),
        Some(true)
    );
    assert_eq!(find(&path("services.openssh")), Answer::Namespace);
    assert_eq!(
        find(&path("networking.interfaces.eth0.ipv4")),
        Answer::Namespace
    );
    assert_eq!(find(&[]), Answer::Namespace);
}

fn kind_of(name: &str) -> Kind {
    kind(&path(name)).expect("a kind")
}

#[test]
fn a_misspelt_name_is_unknown_with_what_was_meant() {
    let unknown = |name: &str| find(&path(name));
    assert_eq!(
        unknown("services.openssh.prots"),
        Answer::Unknown {
            at: 2,
            nearest: Some("ports"),
            certain: true
        }
    );
    assert_eq!(
        unknown("services.caddy.virtualHosts.site.extraConfg"),
        Answer::Unknown {
            at: 4,
            nearest: Some("extraConfig"),
            certain: true
        }
    );
    assert_eq!(
        unknown("services.opnessh.enable"),
        Answer::Unknown {
            at: 1,
            nearest: Some("openssh"),
            certain: false
        }
    );
    // Not every part of these is known.
    for vague in [
        "services.journald.upload.enable",
        "services.restic.server.enable",
        "system.nixos.distroId",
        "disko.devices.disk.main.type",
        "disko.devices.disk.main.typ",
        "services.nowhere.enable",
        "nonsense",
    ] {
        let Answer::Unknown { certain, .. } = unknown(vague) else {
            panic!("{vague} is known");
        };
        assert!(!certain, "{vague}");
    }
}

#[test]
fn old_names_lead_to_the_new_ones() {
    let renamed = |name: &str| match find(&path(name)) {
        Answer::Renamed { to } => to,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(
        renamed("services.openssh.passwordAuthentication"),
        "services.openssh.settings.PasswordAuthentication"
    );
    // Through two renames, with the rest of the path and the chosen names.
    assert_eq!(renamed("nix.useChroot"), "nix.settings.sandbox");
    assert_eq!(renamed("jobs.app.script"), "systemd.services.app.script");
    assert_eq!(
        renamed("networking.interfaces.eth0.ip4"),
        "networking.interfaces.eth0.ipv4.addresses"
    );
    assert_eq!(
        find(&path("services.openssh.banner")),
        Answer::Removed {
            option: "services.openssh.banner"
        }
    );
    assert_eq!(
        find(&path("services.anbox.enable")),
        Answer::Removed {
            option: "services.anbox"
        }
    );
    // Renamed to a name that was removed since.
    assert_eq!(
        find(&path("boot.bootMount")),
        Answer::Removed {
            option: "boot.bootMount"
        }
    );
    assert_eq!(
        find(&path("docker-containers.web.image")),
        Answer::Changed {
            option: "docker-containers"
        }
    );
    let Answer::Known(option) = find(&path("users.extraUsers.alice.shell")) else {
        panic!("an alias");
    };
    assert_eq!(option.name, "users.users.<name>.shell");
}

#[test]
fn kinds_judge_what_a_file_shows() {
    let accepts = |name: &str, value: &Literal| kind_of(name).accepts(value);
    let ports =
        |ports: &[i64]| Literal::List(ports.iter().map(|port| Literal::Int(*port)).collect());
    assert_eq!(
        accepts("services.openssh.enable", &Literal::Bool(true)),
        Some(true)
    );
    assert_eq!(
        accepts("services.openssh.enable", &text("true")),
        Some(false)
    );
    assert_eq!(accepts("services.openssh.enable", &Literal::Other), None);
    assert_eq!(
        accepts("networking.firewall.allowedTCPPorts", &ports(&[22, 80])),
        Some(true)
    );
    assert_eq!(
        accepts("networking.firewall.allowedTCPPorts", &ports(&[22, 70000])),
        Some(false)
    );
    assert_eq!(
        accepts("networking.firewall.allowedTCPPorts", &Literal::Int(22)),
        Some(false)
    );
    assert_eq!(
        accepts("services.openssh.settings.PermitRootLogin", &text("no")),
        Some(true)
    );
    assert_eq!(
        accepts("services.openssh.settings.PermitRootLogin", &text("never")),
        Some(false)
    );
    assert_eq!(accepts("time.timeZone", &Literal::Null), Some(true));
    assert_eq!(accepts("time.timeZone", &Literal::Int(1)), Some(false));
    // A list of names or a set of flags.
    assert_eq!(
        accepts("boot.kernelModules", &Literal::Bool(true)),
        Some(false)
    );
    assert_ne!(
        accepts("boot.kernelModules", &Literal::List(vec![text("kvm")])),
        Some(false)
    );
    assert_eq!(
        accepts("boot.kernelModules", &set(&[("kvm", Literal::Bool(true))])),
        Some(true)
    );
    // A package is a set, and what a function makes is not known.
    assert_eq!(accepts("services.caddy.package", &set(&[])), None);
    assert_eq!(
        accepts("services.caddy.package", &text("caddy")),
        Some(false)
    );
    assert_eq!(
        accepts("services.caddy.package", &text("/nix/store/x-caddy")),
        None
    );
    assert_eq!(
        accepts("systemd.services", &set(&[("x", Literal::Int(1))])),
        Some(false)
    );
    let forced = set(&[("_type", text("override"))]);
    assert_eq!(accepts("services.openssh.enable", &forced), None);
    assert_eq!(accepts("systemd.services", &set(&[("x", forced)])), None);
}

#[test]
fn kinds_read_as_english() {
    for (name, words) in [
        ("services.openssh.enable", "`true` or `false`"),
        (
            "networking.firewall.allowedTCPPorts",
            "a list, each element a port from 0 to 65535",
        ),
        ("time.timeZone", "a string or null"),
    ] {
        assert_eq!(kind_of(name).to_string(), words);
    }
    let sandbox = Kind::parse("<false true \"lock\">");
    assert_eq!(sandbox.to_string(), "`false`, `true` or `\"lock\"`");
}

#[test]
fn a_finder_remembers_nothing_wrong() {
    let mut finder = Finder::default();
    let names = include_str!("facts.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let names: Vec<&str> = names.filter_map(|line| line.split(' ').next()).collect();
    // Forwards paths begin alike; the stride jumps about.
    let jumps = (0..names.len()).map(|at| names[at * 7919 % names.len()]);
    for name in names.iter().copied().chain(jumps) {
        let path: Vec<&str> = name.split('.').collect();
        let longer: Vec<&str> = path.iter().copied().chain(["x"]).collect();
        for path in [path, longer] {
            assert_eq!(finder.find(&path), find(&path), "{path:?}");
        }
    }
}

#[test]
fn paths_are_written_as_nix_writes_them() {
    assert_eq!(
        dotted(&["a", "b.c", "<name>", "with"]),
        "a.\"b.c\".<name>.\"with\""
    );
}

proptest! {
    #[test]
    fn any_path_has_an_answer(path in prop::collection::vec(
        prop_oneof![
            Just("services".to_owned()), Just("users".to_owned()), Just("openssh".to_owned()),
            Just("<name>".to_owned()), Just("*".to_owned()), Just(String::new()), ".{0,12}"
        ], 0..7)) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        if let Answer::Unknown { at, .. } = find(&path) {
            prop_assert!(at < path.len());
        }
    }

    #[test]
    fn any_text_is_a_kind(text in "[?\\[\\]{}()<>|~a-z\" ]{0,40}") {
        let kind = Kind::parse(&text);
        let _ = (kind.accepts(&Literal::Null), kind.within(3), kind.to_string());
    }
}
