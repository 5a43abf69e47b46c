//! Projects as people write them, each with several mistakes that every tool accepts.

use super::of_facts;
use super::testing::{files, with_facts};
use crate::finding::{Finding, Severity};

/// What is found in a project, by rule and place; advice aside.
fn found(project: &str) -> Vec<String> {
    let project = files(project);
    let mut found: Vec<String> = with_facts(&project, of_facts)
        .iter()
        .filter(|finding| finding.severity != Severity::Advice)
        .map(|finding| {
            let place = finding.location.as_ref().map(|it| it.file.as_str());
            format!("{} {}", finding.rule.id, place.unwrap_or("?"))
        })
        .collect();
    found.sort();
    found
}

fn of_rule(project: &str, id: &str) -> Vec<Finding> {
    let found = with_facts(&files(project), of_facts);
    found.into_iter().filter(|it| it.rule.id == id).collect()
}

/// The module of nixpkgs for DigitalOcean together with a layout of disko, and a file that only
/// some have.
const WITH_NIXPKGS_MODULE: &str = r#"
-- flake.nix --
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.disko.url = "github:nix-community/disko";
  inputs.disko.inputs.nixpkgs.follows = "nixpkgs";
  outputs = { nixpkgs, disko, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [
        disko.nixosModules.disko
        { disko.devices.disk.main.device = "/dev/sda"; }
        ./digitalocean.nix
        ./configuration.nix
      ];
    };
  };
}
-- digitalocean.nix --
{ modulesPath, lib, ... }:
{
  imports = lib.optional (builtins.pathExists ./do-userdata.nix) ./do-userdata.nix ++ [
    (modulesPath + "/virtualisation/digital-ocean-image.nix")
  ];
}
-- configuration.nix --
{ ... }:
{
  boot.loader.grub = { efiSupport = true; efiInstallAsRemovable = true; };
  boot.tmp.cleanOnBoot = true;
  services.openssh.enable = true;
  users.users.root.openssh.authorizedKeys.keys = [ "CHANGE" ];
  zramSwap.enable = true;
  disko.devices.disk.main = {
    type = "disk";
    content = {
      type = "gpt";
      partitions = {
        ESP = { size = "1G"; type = "EF00"; content = { type = "filesystem"; format = "vfat"; mountpoint = "/boot"; }; };
        root = { size = "100%"; content = { type = "filesystem"; format = "ext4"; mountpoint = "/"; }; };
      };
    };
  };
  system.stateVersion = "26.05";
}
-- main.tf --
variable "do_token" {}
provider "digitalocean" {
  token = var.do_token
}
resource "digitalocean_droplet" "web" {
  image     = "ubuntu-24-04-x64"
  name      = "web"
  region    = "fra1"
  size      = "s-2vcpu-4gb"
  ssh_keys  = ["aa:bb"]
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}
module "deploy" {
  source            = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=0123456789abcdef0123456789abcdef01234567"
  nixos_system_attr = ".#nixosConfigurations.web.config.system.build.toplevel"
  target_host       = digitalocean_droplet.web.ipv4_address
  instance_id       = digitalocean_droplet.web.ipv4_address
}
-- terraform.tfvars --
do_token = "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
"#;

#[test]
fn the_module_of_nixpkgs_with_a_layout_of_disko() {
    let found = found(WITH_NIXPKGS_MODULE);
    for expected in [
        "boot-bios-gpt-without-ef02 configuration.nix",
        "disk-wrong-device flake.nix",
        "do-account-keys-leak-in digitalocean.nix",
        "net-dhcp-on-stock-image flake.nix",
        "ssh-key-malformed-or-private configuration.nix",
        "tofu-instance-id-unstable main.tf",
        "tofu-secrets-in-tfvars-or-state terraform.tfvars",
    ] {
        let times = found.iter().filter(|it| *it == expected).count();
        assert_eq!(times, 1, "{expected} among {found:#?}");
    }
    assert!(!found.iter().any(|it| it.contains('<')), "{found:#?}");
}

#[test]
fn what_would_install_anew_is_not_made_by_itself() {
    for id in ["tofu-instance-id-unstable", "tofu-instance-id-missing"] {
        let project = match id {
            "tofu-instance-id-missing" => WITH_NIXPKGS_MODULE.replace("  instance_id ", "  # "),
            _ => WITH_NIXPKGS_MODULE.to_owned(),
        };
        let found = of_rule(&project, id);
        assert_eq!(found.len(), 1, "{id}");
        assert_eq!(found[0].patch, None);
        assert!(found[0].help.contains("wipes the disk"));
    }
}

/// A server without a layout, as a script that converts droplets leaves it.
const CONVERTED: &str = r#"
-- configuration.nix --
{ modulesPath, ... }:
{
  imports = [ (modulesPath + "/profiles/qemu-guest.nix") ];
  boot.loader.systemd-boot.enable = true;
  boot.tmp.cleanOnBoot = true;
  fileSystems."/" = { device = "/dev/vda1"; fsType = "ext4"; };
  zramSwap.enable = true;
  networking.useDHCP = false;
  networking.interfaces.eth0.ipv4.addresses = [ { address = "192.0.2.7"; prefixLength = 20; } ];
  networking.usePredictableInterfaceNames = false;
  networking.defaultGateway = "192.0.2.1";
  services.openssh = {
    enable = true;
    passwordAuthentication = false;
    settings.PermitRootLogin = "no";
  };
  users.extraUsers.ada = { isNormalUser = true; };
  users.users.root.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop"
  ];
  systemd.services.blog = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStartPre = "/run/current-system/sw/bin/git -C /srv/blog pull";
    serviceConfig.ExecStart = "/srv/blog/start";
  };
  system.stateVersion = "26.05";
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  image  = "ubuntu-24-04-x64"
  name   = "nixos"
  size   = "s-2vcpu-4gb"
  region = "fra1"
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image]
  }
}
"#;

#[test]
fn a_droplet_that_a_script_converted() {
    let found = found(CONVERTED);
    for expected in [
        "boot-uefi-only-on-droplet configuration.nix",
        "ssh-no-root-key configuration.nix",
        "svc-pull-on-start configuration.nix",
    ] {
        assert!(
            found.iter().any(|it| it == expected),
            "{expected}: {found:#?}"
        );
    }
    assert!(
        !found.iter().any(|it| it.contains("password")),
        "{found:#?}"
    );
    let loader = &of_rule(CONVERTED, "boot-uefi-only-on-droplet")[0];
    assert_eq!(loader.patch, None, "GRUB would have no room");
    let without = CONVERTED.replace("systemd-boot.enable = true", "systemd-boot.enable = false");
    let disk = of_rule(&without, "disk-wrong-device");
    assert_eq!(disk.len(), 1, "GRUB is told no disk");
    let told = without.replace(
        "boot.tmp.",
        "boot.loader.grub.device = \"/dev/vda\"; boot.tmp.",
    );
    assert!(of_rule(&told, "disk-wrong-device").is_empty());
}

/// A zone at DigitalOcean, whose records are relative to it.
const ZONE: &str = r#"
-- configuration.nix --
{
  services.caddy = {
    enable = true;
    virtualHosts."shop.example.org".extraConfig = "respond ok";
    virtualHosts."api.example.org".extraConfig = "respond ok";
    virtualHosts."example.net".extraConfig = "respond ok";
  };
}
-- main.tf --
resource "digitalocean_droplet" "web" {
  name  = "nixos"
  image = "ubuntu-24-04-x64"
}
resource "digitalocean_domain" "zone" {
  name = "example.org"
}
resource "digitalocean_record" "shop" {
  domain = digitalocean_domain.zone.id
  type   = "A"
  name   = "shop"
  value  = digitalocean_droplet.web.ipv4_address
}
"#;

#[test]
fn records_of_a_zone_at_digitalocean() {
    let missing = of_rule(ZONE, "dns-record-missing");
    let messages: Vec<_> = missing.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("`api.example.org`"), "{messages:?}");
    let wild = ZONE.replace("\"shop\"\n  value", "\"*\"\n  value");
    assert!(of_rule(&wild, "dns-record-missing").is_empty());
    let hidden = ZONE.replace("digitalocean_domain.zone.id", "var.zone");
    assert!(of_rule(&hidden, "dns-record-missing").is_empty());
}

#[test]
fn a_long_place_is_shown_by_its_first_line() {
    let found = of_rule(CONVERTED, "ops-gc");
    let location = found[0].location.clone().unwrap();
    let text = files(CONVERTED)["configuration.nix"].clone();
    assert_eq!(&text[location.range.unwrap()], "{ modulesPath, ... }:");
}

#[test]
fn a_forced_list_of_ports_shuts_sshd_out() {
    let forced = CONVERTED.replace(
        "boot.tmp.",
        "networking.firewall.allowedTCPPorts = (import <nixpkgs/lib>).mkForce [ ]; boot.tmp.",
    );
    assert!(of_rule(&forced, "ssh-server-off-or-closed").is_empty());
    let forced = CONVERTED
        .replace("{ modulesPath, ... }", "{ lib, modulesPath, ... }")
        .replace(
            "boot.tmp.",
            "networking.firewall.allowedTCPPorts = lib.mkForce [ ]; boot.tmp.",
        );
    assert_eq!(of_rule(&forced, "ssh-server-off-or-closed").len(), 1);
}
