//! OpenTofu configurations as people write them, in which nothing is wrong.

use super::testing::{files, with_facts};
use super::{dns, firewall, size, tofu};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};

/// What the rules about OpenTofu find; the Nix files here are stubs.
fn about_tofu(facts: &Facts<'_>) -> Vec<Finding> {
    let subjects = [dns::CHECKS, firewall::CHECKS, size::CHECKS, tofu::CHECKS];
    let checks = subjects.into_iter().flatten();
    checks.flat_map(|check| (check.find)(facts)).collect()
}

/// What is found in a project, advice aside.
fn faults(project: &str) -> Vec<String> {
    let found = with_facts(&files(project), about_tofu);
    let faults = found
        .iter()
        .filter(|finding| finding.severity != Severity::Advice);
    faults
        .map(|it| format!("{}: {}", it.rule.id, it.message))
        .collect()
}

#[test]
fn one_file_with_all_in_one() {
    let project = r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ]; }; }; }
-- web.nix --
{
  services.caddy.enable = true;
  networking.firewall.allowedTCPPorts = [ 80 443 ];
  services.postgresql.enable = true;
  services.restic.backups.db = { };
}
-- main.tf --
terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.0"
    }
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 4.0"
    }
  }
}

variable "do_token" {
  sensitive = true
}

variable "deploy_key" {
  type      = string
  default   = null
}

provider "digitalocean" {
  token = var.do_token
}

data "digitalocean_ssh_key" "me" {
  name = "me"
}

resource "digitalocean_droplet" "web" {
  image    = "debian-12-x64"
  name     = "web"
  region   = "ams3"
  size     = "s-2vcpu-4gb"
  ipv6     = true
  backups  = true
  ssh_keys = [data.digitalocean_ssh_key.me.id]

  lifecycle {
    ignore_changes = [image, ssh_keys]
  }
}

resource "digitalocean_firewall" "web" {
  name        = "web"
  droplet_ids = [digitalocean_droplet.web.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["198.51.100.7/32"]
  }

  dynamic "inbound_rule" {
    for_each = { http = 80, https = 443 }
    content {
      protocol         = "tcp"
      port_range       = inbound_rule.value
      source_addresses = ["0.0.0.0/0", "::/0"]
    }
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "all"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }

  outbound_rule {
    protocol              = "udp"
    port_range            = "all"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}

resource "cloudflare_record" "web" {
  for_each = { A = digitalocean_droplet.web.ipv4_address, AAAA = digitalocean_droplet.web.ipv6_address }
  zone_id  = "0123456789abcdef0123456789abcdef"
  name     = "web"
  type     = each.key
  content  = each.value
  proxied  = false
}

module "deploy" {
  source                 = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=1.9.0"
  nixos_system_attr      = ".#nixosConfigurations.web.config.system.build.toplevel"
  nixos_partitioner_attr = ".#nixosConfigurations.web.config.system.build.diskoScript"
  target_host            = digitalocean_droplet.web.ipv4_address
  instance_id            = digitalocean_droplet.web.id
  deployment_ssh_key     = var.deploy_key
  extra_files_script     = "${path.module}/secrets.sh"
  special_args           = { domain = "example.org" }
  depends_on             = [digitalocean_firewall.web]
}
"#;
    assert_eq!(faults(project), [""; 0]);
}

#[test]
fn a_module_for_every_server() {
    let project = r#"
-- hosts/droplet.nix --
{ disko.devices.disk.main.device = "/dev/vda"; }
-- infra/main.tf --
locals {
  servers = {
    web = { size = "s-2vcpu-4gb", public = true }
    job = { size = "s-1vcpu-2gb", public = false }
  }
}

module "server" {
  source   = "./server"
  for_each = local.servers
  name     = each.key
  size     = each.value.size
  public   = each.value.public
  keys     = var.ssh_keys
}

variable "ssh_keys" {
  type = list(string)
}

module "install" {
  source      = "git::https://github.com/nix-community/nixos-anywhere.git//terraform/install?ref=91fc9b70fc295258c366cce8627efb6f185fd9fb"
  for_each    = module.server
  target_host = each.value.address
  instance_id = each.value.id
  flake       = "..#${each.key}"
}
-- infra/server/main.tf --
terraform {
  required_providers {
    digitalocean = { source = "digitalocean/digitalocean" }
  }
}

variable "name" {}
variable "size" {}
variable "public" { type = bool }
variable "keys" {}

resource "digitalocean_droplet" "this" {
  name     = var.name
  image    = "ubuntu-24-04-x64"
  region   = "fra1"
  size     = var.size
  ssh_keys = var.keys
  tags     = ["nixos", var.name]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys, user_data]
  }
}

resource "digitalocean_firewall" "ssh" {
  name = "${var.name}-ssh"
  tags = ["nixos"]

  inbound_rule {
    protocol           = "tcp"
    port_range         = "22"
    source_droplet_ids = []
    source_tags        = ["bastion"]
  }
}

resource "digitalocean_firewall" "base" {
  count       = var.public ? 1 : 0
  name        = "${var.name}-web"
  droplet_ids = [digitalocean_droplet.this.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["0.0.0.0/0"]
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "1-65535"
    destination_addresses = ["0.0.0.0/0"]
  }

  outbound_rule {
    protocol              = "udp"
    port_range            = "1-65535"
    destination_addresses = ["0.0.0.0/0"]
  }
}

output "id" { value = digitalocean_droplet.this.id }
output "address" { value = digitalocean_droplet.this.ipv4_address }
"#;
    assert_eq!(faults(project), [""; 0]);
}

#[test]
fn installed_by_hand_and_reached_through_a_tunnel() {
    let project = r#"
-- configuration.nix --
{ system.stateVersion = "25.11"; services.tailscale.enable = true; boot.loader.grub.device = "/dev/vda"; }
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; }; }; }
-- droplet.tf --
variable "region" {
  default = "lon1"
}

resource "digitalocean_custom_image" "nixos" {
  name    = "nixos"
  url     = "https://example.org/nixos.qcow2.gz"
  regions = [var.region]
}

resource "digitalocean_droplet" "box" {
  name   = "box"
  image  = digitalocean_custom_image.nixos.id
  region = var.region
  size   = "s-1vcpu-1gb"

  lifecycle {
    prevent_destroy = true
  }
}

resource "digitalocean_firewall" "box" {
  name        = "box"
  droplet_ids = digitalocean_droplet.box[*].id

  inbound_rule {
    protocol         = "udp"
    port_range       = "41641"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }

  dynamic "outbound_rule" {
    for_each = toset(["tcp", "udp"])
    content {
      protocol              = outbound_rule.key
      port_range            = "1-65535"
      destination_addresses = ["0.0.0.0/0", "::/0"]
    }
  }
}
"#;
    assert_eq!(faults(project), [""; 0]);
}

#[test]
fn droplets_of_other_systems_are_none_of_ours() {
    let project = r#"
-- flake.nix --
{ outputs = { nixpkgs, ... }: { nixosConfigurations.laptop = nixpkgs.lib.nixosSystem { modules = [ ]; }; }; }
-- runner/main.tf --
resource "digitalocean_droplet" "runner" {
  name   = "runner"
  image  = "ubuntu-24-04-x64"
  region = "nyc3"
  size   = "s-1vcpu-512mb-10gb"
}

resource "digitalocean_firewall" "runner" {
  name        = "runner"
  droplet_ids = [digitalocean_droplet.runner.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}
"#;
    assert_eq!(faults(project), [""; 0]);
}

#[test]
fn installed_by_a_command() {
    let project = r#"
-- main.tf --
resource "digitalocean_droplet" "web" {
  image    = "ubuntu-24-04-x64"
  name     = "web"
  region   = "tor1"
  size     = "g-2vcpu-8gb"
  ssh_keys = [var.key]

  lifecycle {
    prevent_destroy = true
  }
}

variable "key" {}

resource "null_resource" "install" {
  triggers = {
    droplet = digitalocean_droplet.web.id
  }

  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- --flake .#web root@${digitalocean_droplet.web.ipv4_address}"
  }
}

resource "terraform_data" "again" {
  provisioner "local-exec" {
    command = "nix run github:nix-community/nixos-anywhere -- --flake .#web root@${digitalocean_droplet.web.ipv4_address}"
  }

  lifecycle {
    replace_triggered_by = [digitalocean_droplet.web.id]
  }
}
"#;
    assert_eq!(faults(project), [""; 0]);
    let untied = project.replace("droplet = digitalocean_droplet.web.id", "");
    let untied = untied.replace("triggers = {", "triggers = null\n  unused = {");
    assert_eq!(faults(&untied).len(), 1);
    let unstable = project.replace(
        "droplet = digitalocean_droplet.web.id",
        "a = digitalocean_droplet.web.ipv4_address",
    );
    assert_eq!(faults(&unstable).len(), 1);
}
