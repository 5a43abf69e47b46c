locals {
  droplet = {
    name   = "app"
    size   = "s-2vcpu-2gb"
    region = "fra1"
  }
}

data "digitalocean_ssh_keys" "all" {}

resource "digitalocean_droplet" "app" {
  name     = local.droplet.name
  size     = local.droplet.size
  region   = local.droplet.region
  image    = "ubuntu-24-04-x64"
  ipv6     = true
  ssh_keys = data.digitalocean_ssh_keys.all.ssh_keys[*].id

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

resource "digitalocean_reserved_ip" "app" {
  droplet_id = digitalocean_droplet.app.id
  region     = digitalocean_droplet.app.region

  lifecycle {
    prevent_destroy = true
  }
}
