resource digitalocean_droplet zine {
  name = "zine"
  image = "debian-12-x64"
  region = "sfo3"
  size = "s-1vcpu-2gb"
  ssh_keys = [ 1234567 ]
  lifecycle { 
    prevent_destroy = true 
    ignore_changes = [ "image", "ssh_keys" ]
  }
}
