# seance:1 sha256:042a7c24f673088e · generated: edit seance.toml, run "seance gen"
# Nothing here is secret: tokens come from DIGITALOCEAN_TOKEN and CLOUDFLARE_API_TOKEN.
project_name         = "seance"
server_name          = "seance-backend"
region               = "sfo3"
droplet_size         = "s-2vcpu-2gb"
droplet_image        = "ubuntu-24-04-x64"
ssh_public_key       = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMbtiFrGAJ6xqUAAgasu6OK9cixH9uVQpAtLrQzUgjyJ laptop"
ssh_key_fingerprint  = null
ssh_port             = 22
ipv6                 = false
backups              = false
resize_disk          = false
reserved_ip          = false
digitalocean_project = null
build_on             = "local"

dns_zone           = "seance.dev"
cloudflare_zone_id = "0123456789abcdef0123456789abcdef"
domains            = ["app.seance.dev", "backend.seance.dev"]

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
    port     = 4444
    protocol = "tcp"
    sources  = ["0.0.0.0/0", "::/0"]
  },
]
