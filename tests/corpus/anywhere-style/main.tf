terraform {
  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.50"
    }
  }
}

variable "ssh_keys" {
  type = list(string)
}

resource "digitalocean_droplet" "machine" {
  name     = "machine"
  image    = "ubuntu-24-04-x64"
  region   = "nyc3"
  size     = "s-2vcpu-4gb"
  ssh_keys = var.ssh_keys

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

module "system" {
  source    = "github.com/nix-community/nixos-anywhere//terraform/nix-build?ref=91fc9b7"
  attribute = ".#nixosConfigurations.digitalocean.config.system.build.toplevel"
}

module "partitioner" {
  source    = "github.com/nix-community/nixos-anywhere//terraform/nix-build?ref=91fc9b7"
  attribute = ".#nixosConfigurations.digitalocean.config.system.build.diskoScript"
}

module "install" {
  source            = "github.com/nix-community/nixos-anywhere//terraform/install?ref=91fc9b7"
  nixos_system      = module.system.result.out
  nixos_partitioner = module.partitioner.result.out
  target_host       = digitalocean_droplet.machine.ipv4_address
  instance_id       = digitalocean_droplet.machine.id
}
