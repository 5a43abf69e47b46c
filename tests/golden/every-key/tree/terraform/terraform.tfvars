# seance:1 sha256:219201310e45cfe5 · generated: edit seance.toml, run "seance gen"
# Nothing here is secret: tokens come from DIGITALOCEAN_TOKEN and CLOUDFLARE_API_TOKEN.
project_name         = "every-key"
server_name          = "every-key-server"
region               = "ams3"
droplet_size         = "s-4vcpu-8gb"
droplet_image        = "debian-13-x64"
ssh_public_key       = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq laptop"
ssh_key_fingerprint  = "3b:16:bf:e4:8b:00:8b:b8:59:8c:a9:d3:f0:19:45:fa"
ssh_port             = 2222
ipv6                 = true
backups              = true
resize_disk          = true
reserved_ip          = true
digitalocean_project = "Every key"
build_on             = "remote"

dns_zone           = "example.net"
cloudflare_zone_id = "0123456789abcdef0123456789abcdef"
domains            = ["app.example.net", "example.net"]

firewall_rules = [
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
    port     = 2222
    protocol = "tcp"
    sources  = ["203.0.113.0/24", "2001:db8::/32"]
  },
  {
    port     = 3478
    protocol = "tcp"
    sources  = ["198.51.100.0/24"]
  },
  {
    port     = 3478
    protocol = "udp"
    sources  = ["198.51.100.0/24"]
  },
]
