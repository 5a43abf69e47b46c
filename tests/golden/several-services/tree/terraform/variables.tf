# seance:1 sha256:a763867dd5800ea1 · generated: edit seance.toml, run "seance gen"
variable "project_name" {
  description = "Prefix of the firewall, key and tag names."
  type        = string
}

variable "server_name" {
  description = "Name of the droplet and of its nixosConfigurations entry."
  type        = string
}

variable "region" {
  description = "Region slug. A change replaces the droplet and loses its disk."
  type        = string
}

variable "droplet_size" {
  description = "Size slug. A change powers the droplet off for a while."
  type        = string
}

variable "droplet_image" {
  description = "Stock image that the installation replaces."
  type        = string
}

variable "ssh_public_key" {
  description = "Key that the installation logs in with; NixOS gets its own list."
  type        = string
}

variable "ssh_key_fingerprint" {
  description = "MD5 fingerprint of a key already on the account, instead of registering ssh_public_key."
  type        = string
  default     = null
}

variable "ssh_port" {
  description = "Port of sshd once NixOS is installed."
  type        = number
  default     = 22
}

variable "ipv6" {
  description = "Whether the droplet has a public IPv6 address. Switching it off replaces the droplet."
  type        = bool
  default     = false
}

variable "backups" {
  description = "Whether DigitalOcean backs the whole disk up every week."
  type        = bool
  default     = false
}

variable "resize_disk" {
  description = "Whether a resize grows the disk, which can never be undone."
  type        = bool
  default     = false
}

variable "reserved_ip" {
  description = "Whether the address outlives the droplet."
  type        = bool
  default     = false
}

variable "digitalocean_project" {
  description = "Name of an existing DigitalOcean project to file the droplet under."
  type        = string
  default     = null
}

variable "dns_zone" {
  description = "Cloudflare zone that holds every domain."
  type        = string
}

variable "cloudflare_zone_id" {
  description = "Id of the zone; looked up by name when null."
  type        = string
  default     = null
}

variable "domains" {
  description = "Fully qualified host names that lead to the droplet."
  type        = set(string)
}

variable "firewall_rules" {
  description = "Inbound rules; the NixOS firewall opens the same ports."
  type = list(object({
    protocol = string
    port     = number
    sources  = list(string)
  }))
}

variable "ssh_host_public_key" {
  description = "Public host key that the installation gives the server; kept as long as the droplet."
  type        = string
  default     = null
}

variable "build_on" {
  description = "Where the system is built: local or remote."
  type        = string
  default     = "local"
}

variable "flake" {
  description = "Folder of the flake, seen from this module."
  type        = string
  default     = ".."
}

variable "install_command" {
  description = "Replaces the stock image by NixOS. Runs once per droplet and wipes its disk."
  type        = string
  default     = <<-EOT
    nix --extra-experimental-features 'nix-command flakes' \
      run github:nix-community/nixos-anywhere/91fc9b70fc295258c366cce8627efb6f185fd9fb -- \
      --flake "$SEANCE_FLAKE#$SEANCE_SERVER" \
      --target-host "root@$SEANCE_ADDRESS" \
      --build-on "$SEANCE_BUILD_ON" \
      --no-disko-deps
  EOT
}

variable "activate_command" {
  description = "Brings the installed system up to date. Runs whenever the configuration changes."
  type        = string
  default     = <<-EOT
    if ! command -v nixos-rebuild >/dev/null; then
      echo "nixos-rebuild is not on this machine; the package nixos-rebuild-ng brings it" >&2
      exit 1
    fi
    set -- --flake "$SEANCE_FLAKE#$SEANCE_SERVER" --target-host "root@$SEANCE_ADDRESS"
    if [ "$SEANCE_BUILD_ON" = remote ]; then
      set -- "$@" --build-host "root@$SEANCE_ADDRESS"
    fi
    export NIX_SSHOPTS="-p $SEANCE_SSH_PORT -o StrictHostKeyChecking=accept-new"
    for _ in $(seq 1 60); do
      if ssh $NIX_SSHOPTS -o BatchMode=yes -o ConnectTimeout=5 "root@$SEANCE_ADDRESS" \
        test -e /run/current-system/nixos-version; then
        exec nixos-rebuild switch "$@"
      fi
      sleep 5
    done
    echo "NixOS did not answer on port $SEANCE_SSH_PORT of $SEANCE_ADDRESS within ten minutes" >&2
    exit 1
  EOT
}
