variable "admin_cidr" {}
variable "ssh_key_fingerprint" {}

resource "digitalocean_droplet" "tickets" {
  name     = "tickets"
  image    = "debian-12-x64"
  region   = "ams3"
  size     = "s-1vcpu-2gb"
  ssh_keys = [var.ssh_key_fingerprint]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

resource "digitalocean_firewall" "tickets" {
  name        = "tickets"
  droplet_ids = [digitalocean_droplet.tickets.id]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = [var.admin_cidr]
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
  outbound_rule {
    protocol              = "tcp"
    port_range            = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol              = "udp"
    port_range            = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
  outbound_rule {
    protocol              = "icmp"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}

resource "digitalocean_record" "site" {
  for_each = toset(["@", "www"])
  domain   = "tickets.example"
  type     = "A"
  name     = each.value
  value    = digitalocean_droplet.tickets.ipv4_address
}
