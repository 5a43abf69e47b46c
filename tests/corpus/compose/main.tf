data "digitalocean_images" "nixos" {
  filter {
    key    = "name"
    values = ["nixos-base"]
  }
  sort {
    key       = "created"
    direction = "desc"
  }
}

resource "digitalocean_droplet" "docker01" {
  name       = "docker01"
  image      = data.digitalocean_images.nixos.images[0].id
  region     = "sgp1"
  size       = "s-2vcpu-4gb"
  ssh_keys   = [data.digitalocean_ssh_key.me.id]
  volume_ids = []
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

data "digitalocean_ssh_key" "me" {
  name = "me"
}
