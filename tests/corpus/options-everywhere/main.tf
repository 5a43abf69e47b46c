resource "digitalocean_droplet" "shop" {
  name     = "shop"
  image    = "debian-12-x64"
  region   = "fra1"
  size     = "s-1vcpu-2gb"
  ssh_keys = ["aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99"]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys]
  }
}

module "deploy" {
  source                 = "github.com/nix-community/nixos-anywhere//terraform/all-in-one?ref=91fc9b7"
  nixos_system_attr      = ".#nixosConfigurations.shop.config.system.build.toplevel"
  nixos_partitioner_attr = ".#nixosConfigurations.shop.config.system.build.diskoScriptNoDeps"
  target_host            = digitalocean_droplet.shop.ipv4_address
  target_port            = 2200
  install_port           = "22"
  install_user           = "root"
  instance_id            = digitalocean_droplet.shop.id
}
