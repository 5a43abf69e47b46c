locals {
  nodes = toset(["front", "worker-a"])
}

resource "digitalocean_droplet" "node" {
  for_each = local.nodes

  name     = each.key
  image    = "ubuntu-24-04-x64"
  region   = "ams3"
  size     = "s-2vcpu-2gb"
  ssh_keys = [data.digitalocean_ssh_key.colmena.id]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

data "digitalocean_ssh_key" "colmena" {
  name = "colmena"
}

output "addresses" {
  value = { for name, node in digitalocean_droplet.node : name => node.ipv4_address }
}
