provider "digitalocean" {}

data "digitalocean_ssh_key" "alice" {
  name = "alice"
}

resource "digitalocean_droplet" "shelf" {
  name              = "shelf"
  image             = "ubuntu-24-04-x64"
  region            = "lon1"
  size              = "s-1vcpu-2gb"
  ssh_keys          = [data.digitalocean_ssh_key.alice.fingerprint]
  graceful_shutdown = true
  resize_disk       = false

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [ssh_keys, image, user_data]
  }
}

resource "digitalocean_project" "club" {
  name      = "reading club"
  resources = [digitalocean_droplet.shelf.urn]
}

output "shelf_ipv4" {
  value = digitalocean_droplet.shelf.ipv4_address
}
