# seance:1 sha256:bb114837b908169c · generated: edit seance.toml, run "seance gen"
# Nothing here is secret: tokens come from DIGITALOCEAN_TOKEN and CLOUDFLARE_API_TOKEN.
project_name         = "hostile"
server_name          = "hostile"
region               = "fra1"
droplet_size         = "s-2vcpu-2gb"
droplet_image        = "ubuntu-24-04-x64"
ssh_public_key       = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDnd6T1MNN8McxPdImHzYEtuKzlsX8OXo8ENs61IYiLq $${config.x} $$${y} $$$${z} '' ''' ''$ \"quoted\" \\n \\ %%{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' \u202eright-to-left\u202c q́ q̃ 👩\u200d🚀 \u200b &|;*?[]~!#^"
ssh_key_fingerprint  = null
ssh_port             = 22
ipv6                 = false
backups              = false
resize_disk          = false
reserved_ip          = false
digitalocean_project = "$${config.x} $$${y} $$$${z} '' ''' ''$ \"quoted\" \\n \\ %%{if true} {{ a }} {% b %} {# c #} `id` $(id) $HOME 'one' \u202eright-to-left\u202c q́ q̃ 👩\u200d🚀 \u200b <>&|;*?[]~!#^"
build_on             = "local"

dns_zone           = "example.org"
cloudflare_zone_id = null
domains            = ["app.example.org", "contained.example.org", "hostile.example.org"]

firewall_rules = [
  {
    port     = 22
    protocol = "tcp"
    sources  = ["0.0.0.0/0", "::/0"]
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
]
