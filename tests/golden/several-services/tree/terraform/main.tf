# seance:1 sha256:e57280c406e4a34f · generated: edit seance.toml, run "seance gen"
# Constant text: every value comes in through a variable. Own resources go into files beside this.

locals {
  ssh_keys = var.ssh_key_fingerprint == null ? digitalocean_ssh_key.deploy[*].id : [var.ssh_key_fingerprint]
  address  = var.reserved_ip ? one(digitalocean_reserved_ip.server[*].ip_address) : digitalocean_droplet.server.ipv4_address
  zone_id  = var.cloudflare_zone_id == null ? one(data.cloudflare_zone.by_name[*].zone_id) : var.cloudflare_zone_id

  # The installer listens on 22, whatever port the installed system uses.
  installer_rules = [
    for rule in var.firewall_rules : merge(rule, { port = 22 })
    if rule.protocol == "tcp" && rule.port == var.ssh_port && var.ssh_port != 22
  ]

  # No alternatives in one pattern: Terraform does not read a slash inside braces.
  configuration = sha256(join("", flatten([
    for pattern in ["flake.nix", "flake.lock", "nix/**"] : [
      for file in sort(fileset("${path.module}/${var.flake}", pattern)) :
      filesha256("${path.module}/${var.flake}/${file}")
    ]
  ])))

  # What the two commands of variables.tf may use.
  command_environment = {
    SEANCE_ADDRESS  = local.address
    SEANCE_BUILD_ON = var.build_on
    SEANCE_FLAKE    = var.flake
    SEANCE_SERVER   = var.server_name
    SEANCE_SSH_PORT = var.ssh_port
  }
}

resource "digitalocean_ssh_key" "deploy" {
  count      = var.ssh_key_fingerprint == null ? 1 : 0
  name       = "${var.project_name}-${var.server_name}"
  public_key = var.ssh_public_key
}

resource "digitalocean_droplet" "server" {
  name              = var.server_name
  region            = var.region
  size              = var.droplet_size
  image             = var.droplet_image
  ssh_keys          = local.ssh_keys
  ipv6              = var.ipv6
  backups           = var.backups
  resize_disk       = var.resize_disk
  monitoring        = false
  droplet_agent     = false
  graceful_shutdown = true
  tags              = [var.project_name]

  # What only the stock image reads must never replace a droplet that runs NixOS.
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [image, ssh_keys, user_data, monitoring, droplet_agent]
  }
}

# Without outbound rules nothing leaves: no DNS, no package, no certificate.
resource "digitalocean_firewall" "server" {
  name        = "${var.project_name}-${var.server_name}"
  droplet_ids = [digitalocean_droplet.server.id]

  dynamic "inbound_rule" {
    for_each = concat(var.firewall_rules, local.installer_rules)
    content {
      protocol         = inbound_rule.value.protocol
      port_range       = tostring(inbound_rule.value.port)
      source_addresses = inbound_rule.value.sources
    }
  }

  inbound_rule {
    protocol         = "icmp"
    source_addresses = ["0.0.0.0/0", "::/0"]
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }

  outbound_rule {
    protocol              = "udp"
    port_range            = "1-65535"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }

  outbound_rule {
    protocol              = "icmp"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}

resource "digitalocean_reserved_ip" "server" {
  count  = var.reserved_ip ? 1 : 0
  region = var.region

  lifecycle {
    prevent_destroy = true
  }
}

resource "digitalocean_reserved_ip_assignment" "server" {
  count      = var.reserved_ip ? 1 : 0
  ip_address = digitalocean_reserved_ip.server[0].ip_address
  droplet_id = digitalocean_droplet.server.id
}

data "digitalocean_project" "server" {
  count = var.digitalocean_project == null ? 0 : 1
  name  = var.digitalocean_project
}

resource "digitalocean_project_resources" "server" {
  count     = var.digitalocean_project == null ? 0 : 1
  project   = data.digitalocean_project.server[0].id
  resources = [digitalocean_droplet.server.urn]
}

data "cloudflare_zone" "by_name" {
  count = var.cloudflare_zone_id == null ? 1 : 0

  filter = {
    name = var.dns_zone
  }
}

# Not proxied: Caddy answers the certificate challenges itself.
resource "cloudflare_dns_record" "ipv4" {
  for_each = var.domains
  zone_id  = local.zone_id
  name     = each.value
  type     = "A"
  content  = local.address
  ttl      = 300
  proxied  = false
}

resource "cloudflare_dns_record" "ipv6" {
  for_each = var.ipv6 ? var.domains : []
  zone_id  = local.zone_id
  name     = each.value
  type     = "AAAA"
  content  = digitalocean_droplet.server.ipv6_address
  ttl      = 300
  proxied  = false
}

# Wipes the disk, so nothing but a new droplet may set it off. Kept out of the droplet resource: a
# failed provisioner taints its resource, and a tainted droplet is destroyed.
resource "terraform_data" "install" {
  triggers_replace = digitalocean_droplet.server.id

  depends_on = [
    cloudflare_dns_record.ipv4,
    cloudflare_dns_record.ipv6,
    digitalocean_firewall.server,
    digitalocean_reserved_ip_assignment.server,
  ]

  provisioner "local-exec" {
    command     = var.install_command
    quiet       = true
    working_dir = path.module
    environment = local.command_environment
  }
}

resource "terraform_data" "system" {
  triggers_replace = [terraform_data.install.id, local.configuration]

  provisioner "local-exec" {
    command     = var.activate_command
    quiet       = true
    working_dir = path.module
    environment = local.command_environment
  }
}

# The key that came with the installation, written down once that is done: whoever runs the engine
# without it later takes nothing away.
resource "terraform_data" "host_key" {
  triggers_replace = terraform_data.install.id
  input            = var.ssh_host_public_key

  lifecycle {
    ignore_changes = [input]
  }
}
