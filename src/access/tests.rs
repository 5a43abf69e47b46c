//! The chain of this repository, and chains with one link missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{Answer, Chain, chains, findings};
use crate::evaluation::on_a_large_stack;
use crate::facts::{Facts, Manifest};
use crate::handwritten::Files;
use crate::preflight::testing::files;

fn ask(files: &Files) -> Vec<Chain> {
    on_a_large_stack(|| chains(&Facts::new(files, None)))
}

fn broken(files: &Files) -> Vec<(&'static str, Answer)> {
    let chains = ask(files);
    assert_eq!(chains.len(), 1, "one droplet");
    let links = chains.into_iter().flat_map(|chain| chain.links);
    links
        .filter(|link| link.answer != Answer::Holds)
        .map(|link| (link.title, link.answer))
        .collect()
}

const SOUND: &str = r#"
-- main.tf --
resource "digitalocean_droplet" "web" { image = "ubuntu-24-04-x64" }
resource "digitalocean_firewall" "web" {
  droplet_ids = [digitalocean_droplet.web.id]
  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["203.0.113.7/32"]
  }
}
-- configuration.nix --
{ modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];
  boot.loader.grub.device = "/dev/vda";
  fileSystems."/" = { device = "/dev/vda2"; fsType = "ext4"; };
  networking.useDHCP = false;
  services.cloud-init = { enable = true; network.enable = true; };
  services.openssh.enable = true;
  users.users.root.openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop" ];
}
"#;

/// The sound project with one text replaced.
fn with(from: &str, to: &str) -> Files {
    assert!(SOUND.contains(from), "{from}");
    files(&SOUND.replace(from, to))
}

#[test]
fn a_sound_machine_is_reached() {
    assert_eq!(broken(&files(SOUND)), []);
}

#[test]
fn every_missing_link_is_named() {
    let cases = [
        (
            "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop\"",
            "",
            "a key reaches an account",
        ),
        ("services.openssh.enable = true;", "", "sshd runs"),
        (
            "services.openssh.enable = true;",
            "services.openssh = { enable = true; settings.PermitRootLogin = \"no\"; };",
            "sshd allows the account",
        ),
        (
            "services.openssh.enable = true;",
            "services.openssh = { enable = true; settings.AllowUsers = [ \"admin\" ]; };",
            "sshd allows the account",
        ),
        (
            "services.openssh.enable = true;",
            "services.openssh = { enable = true; openFirewall = false; };",
            "the NixOS firewall opens sshd's port",
        ),
        (
            "port_range       = \"22\"",
            "port_range = \"443\"",
            "the DigitalOcean firewall opens sshd's port",
        ),
        (
            "network.enable = true;",
            "",
            "the network configuration assigns the droplet's address",
        ),
        (
            "boot.loader.grub.device = \"/dev/vda\";",
            "boot.loader.systemd-boot.enable = true;",
            "the droplet's firmware finds a boot loader",
        ),
        (
            "imports = [ (modulesPath + \"/profiles/qemu-guest.nix\") ];",
            "",
            "the kernel finds the disk",
        ),
        (
            "fileSystems.\"/\" = { device = \"/dev/vda2\"; fsType = \"ext4\"; };",
            "",
            "the root file system is mounted",
        ),
    ];
    for (from, to, link) in cases {
        assert_eq!(broken(&with(from, to)), [(link, Answer::Broken)], "{from}");
    }
}

#[test]
fn what_is_not_in_the_files_is_not_proven() {
    let unread = with(
        "imports = [ (modulesPath",
        "imports = [ <mine> (modulesPath",
    );
    let unproven = [
        ("sshd allows the account", Answer::Unknown),
        ("sshd's port is open", Answer::Unknown),
    ];
    assert_eq!(
        broken(&unread),
        unproven,
        "it may change a default, but not what is written"
    );
    let keys = with(
        "[ \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop\" ]",
        "(import <keys>)",
    );
    assert_eq!(
        broken(&keys),
        [("a key reaches an account", Answer::Unknown)]
    );
}

#[test]
fn this_repository_is_proven_with_a_place_for_every_link() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Files::new();
    for folder in ["", "nix", "terraform"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if crate::handwritten::is_source(&name) {
                all.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let text = fs::read_to_string(root.join("seance.toml")).unwrap();
    let loaded = crate::manifest::load("seance.toml", &text);
    let deployment = loaded.deployment.unwrap();
    let owned: BTreeSet<_> = crate::render::outputs::owned(&deployment);
    let manifest = Manifest {
        deployment: &deployment,
        document: &loaded.document,
        owned: &owned,
    };
    let chains = on_a_large_stack(|| {
        let facts = Facts::new(&all, Some(manifest));
        let chains = chains(&facts);
        assert!(findings(&facts, &chains).is_empty());
        chains
    });
    assert_eq!(chains.len(), 1);
    for link in &chains[0].links {
        assert_eq!(link.answer, Answer::Holds, "{link:?}");
        assert!(link.location.is_some(), "{link:?}");
        assert!(link.decided_by.is_some(), "{link:?}");
    }
}

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ";

#[test]
fn a_text_that_is_no_key_opens_nothing() {
    assert_eq!(
        broken(&with(&format!("{KEY} laptop"), "CHANGE ME")),
        [("a key reaches an account", Answer::Broken)]
    );
}

#[test]
fn another_account_may_be_the_way_in() {
    let settings = "settings.PermitRootLogin = \"no\";";
    let text = SOUND.replace(
        "services.openssh.enable = true;",
        &format!(
            "services.openssh = {{ enable = true; {settings} }}; \
                 users.users.ada.openssh.authorizedKeys.keys = [ \"{KEY} ada\" ];"
        ),
    );
    assert_eq!(broken(&files(&text)), []);
}

#[test]
fn the_system_that_is_installed_on_the_droplet_is_asked() {
    let project = files(
        r#"
-- flake.nix --
{
  outputs = { nixpkgs, ... }: let
    host = file: nixpkgs.lib.nixosSystem { modules = [ file ]; };
  in { nixosConfigurations = { laptop = host ./laptop.nix; web = host ./web.nix; }; };
}
-- laptop.nix --
{ services.xserver.enable = true; }
-- web.nix --
{ services.openssh.enable = true; }
-- main.tf --
resource "digitalocean_droplet" "a" { image = "ubuntu-24-04-x64" }
module "build" {
  source    = "github.com/nix-community/nixos-anywhere//terraform/nix-build"
  attribute = ".#nixosConfigurations.web.config.system.build.toplevel"
}
module "install" {
  source       = "github.com/nix-community/nixos-anywhere//terraform/install"
  nixos_system = module.build.result.out
  target_host  = digitalocean_droplet.a.ipv4_address
}
"#,
    );
    let names: Vec<_> = ask(&project).into_iter().map(|it| it.system).collect();
    assert_eq!(names, [Some("web".to_owned())]);
}

#[test]
fn a_forced_list_of_ports_takes_no_additions() {
    let forced = "{ lib, modulesPath, ... }:\n{\n  networking.firewall.allowedTCPPorts = lib.mkForce [ 80 ];";
    let closed = with("{ modulesPath, ... }:\n{", forced);
    assert_eq!(
        broken(&closed),
        [("the NixOS firewall opens sshd's port", Answer::Broken)]
    );
    let open = with("{ modulesPath, ... }:\n{", &forced.replace("80", "22"));
    assert_eq!(broken(&open), []);
}

#[test]
fn the_wrong_disk_of_grub_is_named() {
    let wrong = with("device = \"/dev/vda\"", "device = \"/dev/sda\"");
    let links = ask(&wrong).remove(0).links;
    let broken = links.iter().find(|link| link.answer == Answer::Broken);
    let says = &broken.expect("a missing link").says;
    assert!(says.contains("/dev/sda"), "{says}");
}
