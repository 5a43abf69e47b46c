# seance:1 sha256:906c106a63a7a20d · generated: edit seance.toml, run "seance gen"
output "droplet_id" {
  description = "Id of the droplet."
  value       = digitalocean_droplet.server.id
}

output "ipv4_address" {
  description = "Public IPv4 address that the records point to."
  value       = local.address
}

output "ipv6_address" {
  description = "Public IPv6 address, or null."
  value       = var.ipv6 ? digitalocean_droplet.server.ipv6_address : null
}

output "urls" {
  description = "Addresses that answer once Caddy has its certificates."
  value       = [for domain in sort(var.domains) : "https://${domain}"]
}

output "ssh_host_public_key" {
  description = "Host key to expect, or null when the server made its own."
  value       = terraform_data.host_key.output
}

output "ssh_command" {
  description = "Logs in as root."
  value       = "ssh -p ${var.ssh_port} root@${local.address}"
}
