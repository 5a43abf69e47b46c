terraform {
  required_providers {
    digitalocean = {
      source = "digitalocean/digitalocean"
    }
  }
}

provider "digitalocean" {
  token = var.do_token
}

variable "do_token" {
  type = string
}

resource "digitalocean_droplet" "ledger" {
  name               = "ledger-01"
  image              = "ubuntu-24-04-x64"
  region             = "sfo1"
  size               = "s-1vcpu-1gb"
  public_networking  = true
}

resource "digitalocean_firewall" "ledger" {
  name        = "ledger"
  droplet_ids = [digitalocean_droplet.ledger.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "80,443"
    source_addresses = ["0.0.0.0/0"]
  }

  inbound_rule {
    protocol         = "tcp"
    port_range       = "5432"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
}

resource "digitalocean_record" "ledger" {
  domain = "example.org"
  type   = "A"
  name   = "ledgr"
  value  = digitalocean_droplet.ledger.ipv4_address
}

resource "digitalocean_record" "ledger6" {
  domain = "example.org"
  type   = "AAAA"
  name   = "ledger"
  value  = digitalocean_droplet.ledger.ipv6_address
}

module "deploy" {
  source                 = "github.com/nix-community/nixos-anywhere//terraform/all-in-one"
  nixos_system_attr      = ".#nixosConfigurations.ledger.config.system.build.toplevel"
  nixos_partitioner_attr = ".#nixosConfigurations.ledger.config.system.build.disko"
  target_host            = digitalocean_droplet.ledger.ipv4_address
  instance_id            = digitalocean_droplet.ledger.ipv4_address
  target_port            = 2222
  build_on_remote        = true
  debug_logging          = true
}
