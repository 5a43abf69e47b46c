resource "digitalocean_droplet" "iris" {
  name     = "iris"
  image    = "debian-12-x64"
  region   = "fra1"
  size     = "s-1vcpu-2gb"
  ipv6     = true
  ssh_keys = var.ssh_key_ids
  tags     = ["nixos"]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys, user_data]
  }
}

variable "ssh_key_ids" {
  type        = list(number)
  description = "doctl compute ssh-key list"
}
