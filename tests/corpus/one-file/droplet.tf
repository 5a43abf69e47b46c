resource "digitalocean_droplet" "mail" {
  name     = "mail"
  image    = "debian-12-x64"
  region   = "ams3"
  size     = "s-1vcpu-2gb"
  ssh_keys = ["aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99"]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}
