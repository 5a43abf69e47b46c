module "server" {
  source   = "../modules/server"
  name     = "staging"
  size     = "s-1vcpu-2gb"
  ssh_keys = [data.digitalocean_ssh_key.deploy.id]
  admins   = ["192.0.2.0/24"]
}

data "digitalocean_ssh_key" "deploy" { name = "deploy" }

output "ip" { value = module.server.ip }
