# nixos-infect replaces the stock system at the first boot.
resource "digitalocean_droplet" "git" {
  name      = "git"
  image     = "ubuntu-22-04-x64"
  region    = "nyc1"
  size      = "s-2vcpu-2gb"
  ssh_keys  = ["aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99"]
  user_data = file("infect.yaml")

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys, user_data]
  }
}
