resource "digitalocean_record" "www" {
  domain = "example.org"
  type   = "AAAA"
  name   = "ww"
  value  = digitalocean_droplet.server.ipv4_address
}

resource "digitalocean_volume_attachment" "data" {
  droplet_id = digitalocean_droplet.server.id
  volume_id  = digitalocean_volume.data.id
}

resource "digitalocean_volume" "data" {
  name   = "data"
  region = "nyc3"
  size   = 10
}

resource "digitalocean_droplet" "worker" {
  name   = "worker"
  image  = "ubuntu-24-04-x64"
  region = "fra1"
  size   = "s-1vcpu-9gb"
}

resource "digitalocean_firewall" "worker" {
  name        = "worker"
  droplet_ids = [digitalocean_droplet.worker.id]

  inbound_rule {
    protocol   = "tcp"
    port_range = "22"
  }
}
