locals {
  admin_cidrs = ["198.51.100.0/24", "2001:db8:7::/48"]
  web_ports   = [80, 443]
  anywhere    = ["0.0.0.0/0", "::/0"]
}

resource "digitalocean_droplet" "api" {
  name        = "api"
  image       = "debian-12-x64"
  region      = var.region
  size        = "s-2vcpu-4gb"
  ipv6        = true
  monitoring  = false
  resize_disk = true
  ssh_keys    = var.ssh_key_ids

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, user_data, ssh_keys]
  }
}

resource "digitalocean_firewall" "api" {
  name        = "api"
  droplet_ids = [digitalocean_droplet.api.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = local.admin_cidrs
  }

  dynamic "inbound_rule" {
    for_each = toset([for p in local.web_ports : tostring(p)])
    content {
      protocol         = "tcp"
      port_range       = inbound_rule.key
      source_addresses = local.anywhere
    }
  }

  dynamic "outbound_rule" {
    for_each = ["tcp", "udp", "icmp"]
    content {
      protocol              = outbound_rule.value
      port_range            = outbound_rule.value == "icmp" ? null : "1-65535"
      destination_addresses = local.anywhere
    }
  }
}

resource "digitalocean_record" "api" {
  for_each = {
    A    = digitalocean_droplet.api.ipv4_address
    AAAA = digitalocean_droplet.api.ipv6_address
  }
  domain = "example.io"
  name   = "api"
  type   = each.key
  value  = each.value
  ttl    = 300
}

module "deploy" {
  source = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b70fc295258c366cce8627efb6f185fd9fb"

  nixos_system_attr      = ".#nixosConfigurations.api.config.system.build.toplevel"
  nixos_partitioner_attr = ".#nixosConfigurations.api.config.system.build.diskoScript"

  target_host  = digitalocean_droplet.api.ipv4_address
  instance_id  = digitalocean_droplet.api.id
  install_user = "root"

  depends_on = [digitalocean_firewall.api]
}
