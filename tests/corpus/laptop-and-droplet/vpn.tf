# A plain Ubuntu machine that has nothing to do with the laptop.
resource "digitalocean_droplet" "vpn" {
  name   = "vpn"
  image  = "ubuntu-24-04-x64"
  region = "ams3"
  size   = "s-1vcpu-1gb"
}
