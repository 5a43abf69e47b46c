# Classic Ubuntu droplets behind a load balancer, no NixOS anywhere.
resource "digitalocean_vpc" "main" {
  name     = "main"
  region   = var.region
  ip_range = "10.20.0.0/24"
}

resource "digitalocean_droplet" "web" {
  count     = var.web_count
  name      = format("web-%02d", count.index + 1)
  image     = "ubuntu-24-04-x64"
  region    = var.region
  size      = "s-1vcpu-1gb"
  vpc_uuid  = digitalocean_vpc.main.id
  ssh_keys  = data.digitalocean_ssh_keys.all.ssh_keys[*].id
  user_data = templatefile("${path.module}/cloud-init.yaml.tftpl", { role = "web" })
  tags      = [digitalocean_tag.web.id]

  lifecycle {
    create_before_destroy = true
  }
}

resource "digitalocean_tag" "web" {
  name = "web"
}

data "digitalocean_ssh_keys" "all" {}

resource "digitalocean_loadbalancer" "public" {
  name        = "public"
  region      = var.region
  vpc_uuid    = digitalocean_vpc.main.id
  droplet_tag = digitalocean_tag.web.name

  forwarding_rule {
    entry_port      = 443
    entry_protocol  = "https"
    target_port     = 8080
    target_protocol = "http"

    certificate_name = digitalocean_certificate.cert.name
  }

  healthcheck {
    port     = 8080
    protocol = "http"
    path     = "/health"
  }
}

resource "digitalocean_certificate" "cert" {
  name    = "site"
  type    = "lets_encrypt"
  domains = ["site.example"]
}

resource "digitalocean_firewall" "web" {
  name = "web"
  tags = [digitalocean_tag.web.name]

  inbound_rule {
    protocol         = "tcp"
    port_range       = "22"
    source_addresses = [digitalocean_vpc.main.ip_range]
  }

  inbound_rule {
    protocol                  = "tcp"
    port_range                = "8080"
    source_load_balancer_uids = [digitalocean_loadbalancer.public.id]
  }

  outbound_rule {
    protocol              = "tcp"
    port_range            = "all"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }

  outbound_rule {
    protocol              = "udp"
    port_range            = "53"
    destination_addresses = ["0.0.0.0/0", "::/0"]
  }
}

resource "digitalocean_database_cluster" "pg" {
  name       = "pg"
  engine     = "pg"
  version    = "16"
  size       = "db-s-1vcpu-1gb"
  region     = var.region
  node_count = 1
}
