# seance:1 sha256:8c10b42549a8d83e · generated: edit seance.toml, run "seance gen"
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

output "ssh_command" {
  description = "Logs in as root."
  value       = "ssh -p ${var.ssh_port} root@${local.address}"
}
