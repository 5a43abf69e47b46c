//! Systems of small projects, and of this repository.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use super::{Flake, OptionPath, System, discover};
use crate::evaluation::{Evaluator, on_a_large_stack};
use crate::handwritten::Files;
use crate::reading::Read;

fn files(texts: &[(&str, &str)]) -> Files {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    texts.iter().map(own).collect()
}

/// What a question about each system of a project comes to.
fn ask<T: Send>(files: &Files, question: impl Fn(&System) -> T + Sync) -> Vec<T> {
    on_a_large_stack(|| {
        let evaluator = Rc::new(Evaluator::new(files));
        let flake = Flake::read(&evaluator);
        let systems = discover(&evaluator, files, flake.as_ref());
        systems.iter().map(&question).collect()
    })
}

/// An option of the only system, shown.
#[track_caller]
fn option<P: OptionPath + ?Sized + Sync>(module: &str, path: &P) -> String {
    let files = files(&[("configuration.nix", module)]);
    let answers = ask(&files, |system| {
        let view = system.at(path);
        let items = view.list();
        if !items.items.is_empty() {
            let shown = items.items.iter().map(|item| shown(&item.value));
            let more = if items.complete { "" } else { " …" };
            return format!("[{}{more}]", shown.collect::<Vec<_>>().join(" "));
        }
        match view.value() {
            Read::Known(value, place) => {
                let from = if place.is_some() { "" } else { " by default" };
                format!("{}{from}", shown(&value))
            }
            Read::Absent => "absent".to_owned(),
            Read::Unknown => "unknown".to_owned(),
        }
    });
    assert_eq!(answers.len(), 1, "one system");
    answers.into_iter().next().unwrap()
}

fn shown(value: &crate::evaluation::Value) -> String {
    use crate::evaluation::Value;
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Text(text) => text.with_symbols().unwrap_or_else(|| "?".to_owned()),
        Value::Set(_) => "set".to_owned(),
        Value::Symbol(symbol) => format!("<{}>", symbol.name),
        Value::List(list) => format!("{} items", list.items.len()),
        Value::Null => "null".to_owned(),
        _ => "other".to_owned(),
    }
}

#[test]
fn definitions_merge_as_in_nixos() {
    let ssh = "services.openssh.enable";
    assert_eq!(option("{ services.openssh.enable = true; }", ssh), "true");
    assert_eq!(option("{ }", ssh), "false by default");
    assert_eq!(
        option(
            "{ lib, ... }: { services.openssh.enable = lib.mkDefault true; }",
            ssh
        ),
        "true"
    );
    assert_eq!(
        option(
            "{ lib, ... }: with lib; { imports = [ { services.openssh.enable = mkForce false; } ]; services.openssh.enable = true; }",
            ssh
        ),
        "false"
    );
    assert_eq!(
        option(
            "{ lib, ... }: { config = lib.mkIf true { services.openssh.enable = true; }; }",
            ssh
        ),
        "true"
    );
    assert_eq!(
        option(
            "{ lib, ... }: { config = lib.mkIf false { services.openssh.enable = true; }; }",
            ssh
        ),
        "false by default"
    );
    assert_eq!(
        option(
            "{ lib, x, ... }: { config = lib.mkIf x { services.openssh.enable = true; }; }",
            ssh
        ),
        "unknown"
    );
    assert_eq!(
        option(
            "{ lib, ... }: lib.mkMerge [ { services.openssh.enable = true; } ]",
            ssh
        ),
        "true",
        "what a function gives may be marked"
    );
    assert_eq!(
        option(
            "{ lib, config, ... }: lib.mkIf config.services.nginx.enable { services.openssh.enable = true; }",
            ssh
        ),
        "false by default"
    );
    assert_eq!(
        option(
            "{ lib, ... }: { imports = [ (lib.mkMerge [ { services.openssh.enable = true; } ]) ]; }",
            ssh
        ),
        "unknown",
        "a list of modules is none"
    );
    assert_eq!(
        option(
            "{ lib, ... }: { services = lib.mkMerge [ { openssh.enable = true; } { } ]; }",
            ssh
        ),
        "true"
    );
}

#[test]
fn lists_merge_in_order() {
    let ports = "networking.firewall.allowedTCPPorts";
    let two = "{ lib, ... }: { imports = [ { networking.firewall.allowedTCPPorts = [ 1 ]; } ]; networking.firewall.allowedTCPPorts = lib.mkBefore [ 2 ]; }";
    assert_eq!(option(two, ports), "[2 1]");
    let forced = "{ lib, ... }: { imports = [ { networking.firewall.allowedTCPPorts = [ 1 ]; } ]; networking.firewall.allowedTCPPorts = lib.mkForce [ 2 ]; }";
    assert_eq!(option(forced, ports), "[2]");
    let unknown = "{ x, ... }: { networking.firewall.allowedTCPPorts = [ 1 ] ++ x; }";
    assert_eq!(option(unknown, ports), "[1 …]");
    let conditional = "{ lib, x, ... }: { networking.firewall.allowedTCPPorts = lib.mkMerge [ [ 1 ] (lib.mkIf x [ 2 ]) ]; }";
    assert_eq!(option(conditional, ports), "[1 …]");
}

#[test]
fn options_depend_on_each_other() {
    let module = "{ config, lib, ... }: let cfg = config.my.ssh; in {
      options.my.ssh.enable = lib.mkEnableOption \"ssh\";
      options.my.ssh.port = lib.mkOption { type = lib.types.port; default = 2222; };
      config = lib.mkIf cfg.enable { services.openssh = { enable = true; ports = [ cfg.port ]; }; };
    }";
    assert_eq!(
        option(module, "services.openssh.enable"),
        "false by default"
    );
    let enabled = format!("{{ imports = [ ({module}) {{ my.ssh.enable = true; }} ]; }}");
    assert_eq!(option(&enabled, "services.openssh.enable"), "true");
    assert_eq!(option(&enabled, "services.openssh.ports"), "[2222]");
    let circle = "{ config, lib, ... }: { a.b = lib.mkIf config.a.c 1; a.c = config.a.b == 1; }";
    assert_eq!(option(circle, "a.b"), "unknown");
}

#[test]
fn what_cannot_be_read_leaves_defaults_open() {
    let module = "{ inputs, ... }: { imports = [ inputs.mine.nixosModules.x ]; networking.hostName = \"a\"; }";
    assert_eq!(option(module, "services.openssh.enable"), "unknown");
    assert_eq!(option(module, "networking.hostName"), "a");
    let harmless = "{ inputs, ... }: { imports = [ inputs.sops-nix.nixosModules.sops ]; }";
    assert_eq!(
        option(harmless, "services.openssh.enable"),
        "unknown",
        "nobody gives `inputs`"
    );
}

#[test]
fn a_default_may_be_overridden_by_what_cannot_be_read() {
    let module = "{ lib, ... }: { imports = [ <mine/x.nix> ]; services.openssh.enable = lib.mkDefault true; networking.useDHCP = false; }";
    assert_eq!(option(module, "services.openssh.enable"), "unknown");
    assert_eq!(option(module, "networking.useDHCP"), "false");
}

#[test]
fn known_modules_have_their_effects() {
    let ocean = "{ modulesPath, ... }: { imports = [ (modulesPath + \"/virtualisation/digital-ocean-config.nix\") ]; }";
    assert_eq!(option(ocean, "boot.loader.grub.devices"), "[/dev/vda]");
    assert_eq!(
        option(ocean, "virtualisation.digitalOcean.rebuildFromUserData"),
        "true by default"
    );
    assert_eq!(
        option(ocean, &["fileSystems", "/", "autoResize"]),
        "true by default"
    );
    let channel = "{ imports = [ <nixpkgs/nixos/modules/profiles/qemu-guest.nix> ]; }";
    assert!(option(channel, "boot.initrd.availableKernelModules").contains("virtio_blk"));
    let disko = "{ imports = [ \"${builtins.fetchTarball \"https://github.com/nix-community/disko/archive/master.tar.gz\"}/module.nix\" ];
      disko.devices.disk.a = { device = \"/dev/vda\"; content = { type = \"gpt\"; partitions = {
        boot = { size = \"1M\"; type = \"EF02\"; };
        root = { size = \"100%\"; content = { type = \"filesystem\"; format = \"ext4\"; mountpoint = \"/\"; }; }; }; }; }; }";
    assert_eq!(option(disko, "boot.loader.grub.devices"), "[/dev/vda]");
    assert_eq!(
        option(disko, &["fileSystems", "/", "fsType"]),
        "ext4 by default"
    );
}

#[test]
fn disko_without_a_layout_mounts_nothing() {
    let files = files(&[("configuration.nix", "{ imports = [ <disko/module.nix> ]; }")]);
    let answers = ask(&files, |system| {
        let names = system.at("fileSystems").names();
        (names.names.len(), names.complete)
    });
    assert_eq!(answers, [(0, true)]);
}

#[test]
fn disko_mounts_what_groups_pools_and_memory_hold() {
    let module = "{ imports = [ <disko/module.nix> ]; disko.devices = {
      disk.a = { device = \"/dev/vda\"; content = { type = \"gpt\"; partitions = {
        boot.type = \"EF02\";
        lvm.content = { type = \"lvm_pv\"; vg = \"g\"; };
        zfs.content = { type = \"zfs\"; pool = \"z\"; }; }; }; };
      lvm_vg.g.lvs = {
        root.content = { type = \"filesystem\"; format = \"ext4\"; mountpoint = \"/\"; };
        swap.content.type = \"swap\"; };
      zpool.z.datasets.home = { type = \"zfs_fs\"; mountpoint = \"/home\"; };
      nodev.\"/tmp\".fsType = \"tmpfs\"; }; }";
    for (mountpoint, kind) in [("/", "ext4"), ("/home", "zfs"), ("/tmp", "tmpfs")] {
        assert_eq!(
            option(module, &["fileSystems", mountpoint, "fsType"]),
            format!("{kind} by default")
        );
    }
    assert_eq!(option(module, "swapDevices"), "[set]");
    assert_eq!(option(module, "boot.loader.grub.devices"), "[/dev/vda]");
}

#[test]
fn flakes_of_every_style() {
    let module = (
        "host.nix",
        "{ pkgs, ... }: { networking.hostName = \"a\"; }",
    );
    let plain = "{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-26.05\"; outputs = { self, nixpkgs, ... }@inputs: {
      nixosConfigurations.a = nixpkgs.lib.nixosSystem { system = \"x86_64-linux\"; specialArgs = { inherit inputs; }; modules = [ ./host.nix ]; }; }; }";
    let through_function = "{ outputs = inputs: let mk = name: inputs.nixpkgs.lib.nixosSystem { modules = [ (./. + \"/${name}.nix\") ]; };
      in { nixosConfigurations = inputs.nixpkgs.lib.genAttrs [ \"host\" ] mk; }; }";
    let parts = "{ outputs = inputs@{ flake-parts, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ \"x86_64-linux\" ]; flake.nixosConfigurations.a = inputs.nixpkgs.lib.nixosSystem { modules = [ \"${inputs.self}/host.nix\" ]; }; }; }";
    let of_self = "{ outputs = { self, nixpkgs }: { nixosModules.host = ./host.nix;
      nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ self.nixosModules.host ]; }; }; }";
    let utils = "{ outputs = { self, nixpkgs, flake-utils }: flake-utils.lib.eachDefaultSystem (system: { }) // {
      nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ (self + \"/host.nix\") ]; }; }; }";
    let whole_parts = "{ outputs = inputs@{ flake-parts, ... }: flake-parts.lib.mkFlake { inherit inputs; } ({ self, config, ... }: {
      flake.nixosModules.host = ./host.nix; flake.modules.nixos.empty = { };
      flake.nixosConfigurations.a = inputs.nixpkgs.lib.nixosSystem {
        modules = [ self.nixosModules.host config.flake.modules.nixos.empty ]; }; }); }";
    let with_inputs = "{ inputs.nixpkgs.url = \"nixpkgs\"; outputs = inputs: with inputs; {
      nixosConfigurations.a = nixpkgs.lib.nixosSystem { modules = [ ./host.nix ]; }; }; }";
    let optional = "{ outputs = { nixpkgs, ... }: { nixosConfigurations.a = nixpkgs.lib.nixosSystem {
      modules = nixpkgs.lib.optional (builtins.pathExists ./local.nix) ./local.nix ++ [ ./host.nix ]; }; }; }";
    for flake in [
        plain,
        through_function,
        parts,
        of_self,
        utils,
        whole_parts,
        with_inputs,
        optional,
    ] {
        let files = files(&[("flake.nix", flake), module]);
        let names = ask(&files, |system| {
            (
                system.at("networking.hostName").string().value().cloned(),
                system.unread.len(),
            )
        });
        assert_eq!(names.len(), 1, "{flake}");
        assert_eq!(names[0].0.as_deref(), Some("a"), "{flake}");
        assert_eq!(names[0].1, 0, "{flake}");
    }
}

#[test]
fn hives_and_pinned_sources_are_read() {
    let host = ("host.nix", "{ name, ... }: { networking.hostName = name; }");
    let hive = "{ meta.nixpkgs = <nixpkgs>; defaults = { imports = [ ./host.nix ]; };
      a = { deployment.targetHost = \"a\"; }; }";
    let hives = [
        files(&[("hive.nix", hive), host]),
        files(&[("flake.nix", &format!("{{ outputs = _: {{ colmena = {hive}; }}; }}")), host]),
        files(&[
            (
                "flake.nix",
                &format!("{{ outputs = inputs: {{ colmenaHive = inputs.colmena.lib.makeHive {hive}; }}; }}"),
            ),
            host,
        ]),
        files(&[
            (
                "default.nix",
                "{ sources ? import ./npins }: {
                  b = 1;
                  a = import \"${sources.nixpkgs}/nixos/lib/eval-config.nix\" {
                    specialArgs.name = \"a\"; modules = [ \"${sources.disko}/module.nix\" ./host.nix ]; }; }",
            ),
            ("npins/default.nix", "# Generated by npins. Do not modify\nthrow \"\""),
            host,
        ]),
    ];
    for files in hives {
        let names = ask(&files, |system| {
            let host_name = system.at("networking.hostName").string();
            (
                system.name.clone(),
                host_name.value().cloned(),
                system.unread.len(),
            )
        });
        let a = Some("a".to_owned());
        assert_eq!(names, [(a.clone(), a, 0)], "{files:?}");
    }
}

#[test]
fn this_repository_is_read_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Files::new();
    for path in [
        "flake.nix",
        "nix/deployment.nix",
        "nix/nixos-configuration.nix",
        "nix/disko-config.nix",
        "nix/service.nix",
        "nix/extra.nix",
    ] {
        files.insert(
            path.to_owned(),
            fs::read_to_string(root.join(path)).unwrap(),
        );
    }
    let answers = ask(&files, |system| {
        let unit = system.at(&["systemd", "services", "seance-backend", "serviceConfig"]);
        (
            system.unread.len(),
            system.at("networking.useDHCP").boolean().value().copied(),
            system.at("boot.loader.grub.devices").list().items.len(),
            system
                .at(&["fileSystems", "/", "autoResize"])
                .boolean()
                .value()
                .copied(),
            unit.at("User").string().value().cloned(),
            unit.at("ExecStart")
                .text()
                .value()
                .and_then(|text| text.with_symbols()),
            system
                .at(&[
                    "users",
                    "users",
                    "root",
                    "openssh",
                    "authorizedKeys",
                    "keys",
                ])
                .list()
                .items
                .len(),
            system.at("systemd.services").names().names.len(),
            system.at("systemd.services").names().complete,
        )
    });
    assert_eq!(answers.len(), 1);
    let (unread, dhcp, devices, resize, user, start, keys, services, complete) = &answers[0];
    assert_eq!(*unread, 0);
    assert_eq!(*dhcp, Some(false));
    assert_eq!(*devices, 1, "disko names the disk once");
    assert_eq!(*resize, Some(true));
    assert_eq!(user.as_deref(), Some("seance-backend"));
    assert_eq!(
        start.as_deref(),
        Some(
            "${pkgs.writeShellScript} ${pkgs.devenv}/bin/devenv --profile=prod --no-tui up --strict-ports"
        )
    );
    assert_eq!(*keys, 1);
    assert_eq!(*services, 4);
    assert!(complete);
}

#[test]
fn a_former_name_means_what_the_present_one_does() {
    let module = "{ services.openssh.passwordAuthentication = false; services.sshd.enable = true; \
        users.extraUsers.ada.openssh.authorizedKeys.keys = [ \"a\" ]; \
        users.users.ada.openssh.authorizedKeys.keys = [ \"b\" ]; }";
    let asks = "services.openssh.settings.PasswordAuthentication";
    assert_eq!(option(module, asks), "false");
    assert_eq!(option(module, "services.openssh.enable"), "true");
    let keys = "users.users.ada.openssh.authorizedKeys.keys";
    assert_eq!(option(module, keys), "[b a]");
}

#[test]
fn the_stronger_of_a_former_and_a_present_name_wins() {
    let module = "{ lib, ... }: { services.openssh.permitRootLogin = lib.mkForce \"no\"; \
        services.openssh.settings.PermitRootLogin = \"yes\"; }";
    assert_eq!(
        option(module, "services.openssh.settings.PermitRootLogin"),
        "no"
    );
}
