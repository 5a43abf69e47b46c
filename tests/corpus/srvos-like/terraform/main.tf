variable "region" {
  type    = string
  default = "fra1"
}

resource "digitalocean_ssh_key" "admin" {
  name       = "admin"
  public_key = file("${path.module}/../keys/admin.pub")
}

resource "digitalocean_droplet" "web" {
  name     = "web"
  image    = "debian-12-x64"
  size     = "s-1vcpu-2gb"
  region   = var.region
  ssh_keys = [digitalocean_ssh_key.admin.id]
  ipv6     = true

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

resource "digitalocean_firewall" "web" {
  name        = "web"
  droplet_ids = [digitalocean_droplet.web.id]

  dynamic "inbound_rule" {
    for_each = ["22", "80", "443"]
    content {
      protocol         = "tcp"
      port_range       = inbound_rule.value
      source_addresses = inbound_rule.value == "22" ? ["203.0.113.0/24"] : ["0.0.0.0/0", "::/0"]
    }
  }

  dynamic "outbound_rule" {
    for_each = ["tcp", "udp"]
    content {
      protocol              = outbound_rule.value
      port_range            = "1-65535"
      destination_addresses = ["0.0.0.0/0", "::/0"]
    }
  }

  outbound_rule {
    protocol              = "icmp"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}
