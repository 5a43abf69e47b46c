# seance:1 sha256:250fcd0e77934653 · generated: edit seance.toml, run "seance gen"
# Nothing here is secret: tokens come from DIGITALOCEAN_TOKEN and CLOUDFLARE_API_TOKEN.
project_name         = "orchestra"
server_name          = "orchestra"
region               = "nyc3"
droplet_size         = "s-4vcpu-8gb"
droplet_image        = "ubuntu-24-04-x64"
ssh_public_key       = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq laptop"
ssh_key_fingerprint  = null
ssh_port             = 22
ipv6                 = false
backups              = false
resize_disk          = false
reserved_ip          = false
digitalocean_project = null
build_on             = "local"

dns_zone           = "example.com"
cloudflare_zone_id = null
domains = [
  "api.example.com",
  "docs.example.com",
  "help.example.com",
  "manual.example.com",
  "shop.example.com",
]

firewall_rules = [
  {
    port     = 22
    protocol = "tcp"
    sources  = ["203.0.113.0/24"]
  },
  {
    port     = 80
    protocol = "tcp"
    sources  = ["0.0.0.0/0", "::/0"]
  },
  {
    port     = 443
    protocol = "tcp"
    sources  = ["0.0.0.0/0", "::/0"]
  },
  {
    port     = 443
    protocol = "udp"
    sources  = ["0.0.0.0/0", "::/0"]
  },
  {
    port     = 7000
    protocol = "udp"
    sources  = ["0.0.0.0/0", "::/0"]
  },
]
