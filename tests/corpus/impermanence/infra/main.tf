terraform {
  backend "s3" {
    bucket                      = "tfstate"
    key                         = "vault"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://fra1.digitaloceanspaces.com" }
    skip_requesting_account_id  = true
    skip_credentials_validation = true
  }
  required_providers {
    digitalocean = { source = "digitalocean/digitalocean", version = "2.68.0" }
  }
}

resource "digitalocean_ssh_key" "admin" {
  name       = "admin"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICvYBsl/DgCvGh/DMo+nY6kmlyPI24+sT5OvcdsYbW6Q"
}

resource "digitalocean_droplet" "vault" {
  name     = "vault"
  image    = "ubuntu-24-04-x64"
  region   = "fra1"
  size     = "s-1vcpu-2gb"
  ipv6     = true
  ssh_keys = [digitalocean_ssh_key.admin.id]
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

resource "digitalocean_firewall" "vault" {
  name        = "vault"
  droplet_ids = [digitalocean_droplet.vault.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = var.admin_networks
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "80"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  inbound_rule {
    protocol         = "tcp"
    port_range       = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  inbound_rule {
    protocol         = "udp"
    port_range       = "443"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }
  inbound_rule {
    protocol         = "icmp"
    source_addresses = ["0.0.0.0/0", "::/0"]
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
  outbound_rule {
    protocol              = "icmp"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}

variable "admin_networks" { type = list(string) }

resource "null_resource" "install" {
  triggers   = { droplet = digitalocean_droplet.vault.id }
  depends_on = [digitalocean_firewall.vault]
  provisioner "local-exec" {
    command = <<-EOT
      nix run github:nix-community/nixos-anywhere/1.9.0 -- \
        --extra-files ../extra \
        --flake ..#vault \
        root@${digitalocean_droplet.vault.ipv4_address}
    EOT
  }
}
