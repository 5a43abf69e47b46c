terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.50"
    }
  }
}

resource "digitalocean_droplet" "this" {
  name     = var.name
  image    = "ubuntu-24-04-x64"
  region   = var.region
  size     = var.size
  backups  = var.backups
  ipv6     = true
  ssh_keys = var.ssh_keys

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys, user_data]
  }
}

resource "digitalocean_firewall" "this" {
  name        = "${var.name}-fw"
  droplet_ids = [digitalocean_droplet.this.id]

  dynamic "inbound_rule" {
    for_each = [
      { proto = "tcp", port = "22", from = var.admins },
      { proto = "tcp", port = "80", from = local.everyone },
      { proto = "tcp", port = "443", from = local.everyone },
      { proto = "udp", port = "443", from = local.everyone },
    ]
    iterator = rule
    content {
      protocol         = rule.value.proto
      port_range       = rule.value.port
      source_addresses = rule.value.from
    }
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "all"
    destination_addresses = local.everyone
  }
  outbound_rule {
    protocol              = "udp"
    port_range            = "all"
    destination_addresses = local.everyone
  }
  outbound_rule {
    protocol              = "icmp"
    destination_addresses = local.everyone
  }
}

locals {
  everyone = ["0.0.0.0/0", "::/0"]
  attr     = "${path.root}/../..#nixosConfigurations.${var.name}.config.system.build"
}

module "system" {
  source    = "github.com/nix-community/nixos-anywhere//terraform/nix-build?ref=1.13.0"
  attribute = "${local.attr}.toplevel"
}

module "disko" {
  source    = "github.com/nix-community/nixos-anywhere//terraform/nix-build?ref=1.13.0"
  attribute = "${local.attr}.diskoScriptNoDeps"
}

module "install" {
  source            = "github.com/nix-community/nixos-anywhere//terraform/install?ref=1.13.0"
  nixos_system      = module.system.result.out
  nixos_partitioner = module.disko.result.out
  target_user       = "root"
  target_host       = digitalocean_droplet.this.ipv4_address
  instance_id       = digitalocean_droplet.this.id
  depends_on        = [digitalocean_firewall.this]
}

module "rebuild" {
  source       = "github.com/nix-community/nixos-anywhere//terraform/nixos-rebuild?ref=1.13.0"
  nixos_system = module.system.result.out
  target_host  = digitalocean_droplet.this.ipv4_address
  target_user  = "root"
  depends_on   = [module.install]
}

output "ip" { value = digitalocean_droplet.this.ipv4_address }
