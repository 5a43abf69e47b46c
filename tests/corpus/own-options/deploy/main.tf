resource "digitalocean_droplet" "blog" {
  image    = "ubuntu-22-04-x64"
  name     = "blog"
  region   = "tor1"
  size     = "s-1vcpu-2gb-amd"
  ssh_keys = ["12:34:56:78:9a:bc:de:f0:12:34:56:78:9a:bc:de:f0"]

  lifecycle {
    prevent_destroy = true
    ignore_changes = [ image, ssh_keys ]
  }
}
resource "digitalocean_domain" "net" { name = "example.net" }
resource "digitalocean_record" "blog" {
  domain = digitalocean_domain.net.id
  type   = "A"
  name   = "blog"
  value  = digitalocean_droplet.blog.ipv4_address
}
