//! Keys that people look for and that have no place, each with its own way out.

/// What to do about a key that does not exist but that a person had a reason to write.
pub(super) fn explain(table: &[String], name: &str) -> Option<&'static str> {
    let table: Vec<&str> = table.iter().map(String::as_str).collect();
    specific(&table, name).or_else(|| general(name))
}

fn specific(table: &[&str], name: &str) -> Option<&'static str> {
    Some(match (table, name) {
        (["services", _], "ports" | "publish" | "expose") => {
            "write the one port as `port = 3000`; to open it to the internet add it to `[ports]`"
        }
        (["services", _], "container") => "write the image as `image = \"…\"`",
        (["services", _], "environment" | "environments" | "variables" | "vars") => {
            "write `env = { NAME = \"value\" }`"
        }
        (["services", _], "domain" | "host" | "hosts") => {
            "write `domains = [\"…\"]` with keys of `[domains]`"
        }
        (["services", _], "build" | "install" | "pre" | "before") => {
            "write what runs before the start as `prepare = \"…\"`"
        }
        (["services", _], "volumes" | "volume" | "mounts") => {
            "containers get no volumes; keep data in a process below /var/lib/<server.name>, or \
             define the container in `devenv.nix`"
        }
        (["services", _], "replicas" | "scale" | "instances") => {
            "one instance of each service runs; write a second service with its own port"
        }
        (["services", _], "restart" | "restart_policy") => {
            "remove it; every service is restarted whenever it ends"
        }
        (["services", _], "user" | "group") => {
            "remove it; every service runs as the user named `server.name`"
        }
        (["services", _], "depends_on" | "after" | "requires") => {
            "order processes in `devenv.nix`, with `processes.<name>.after`"
        }
        (["profiles", _], name) if name != "env" => {
            "write variables under `[profiles.<name>.env]`; everything else of a profile belongs \
             in `devenv.nix`"
        }
        ([], "secrets") => {
            "list the names in `[services.<name>] secrets = [\"NAME\"]` and set the values with \
             `seance secret set NAME`"
        }
        ([], "environment" | "env") => {
            "write variables of one service in `[services.<name>.env]`, of a devenv profile in \
             `[profiles.<name>.env]`"
        }
        ([], "domain") => "write `[domains]` with a line such as `app = \"app.example.com\"`",
        ([], "service") => "write `[services.<name>]`",
        ([], "port") => "write `[ports]` with a line such as `game = 7777`",
        ([], "firewall") => "write the open ports in `[ports]`; both firewalls are made from it",
        ([], "servers") => "write one `[server]`; this version deploys one server",
        ([], "cloudflare") => "write `[dns]` with `zone` and, if you like, `zone_id`",
        ([], "digitalocean" | "droplet") => "write `[server]`",
        _ => return None,
    })
}

fn general(name: &str) -> Option<&'static str> {
    Some(match name {
        "proxied" | "proxy" => {
            "remove it; records are never proxied, because Cloudflare's proxy would take the place \
             of the server's own certificate and hide the SSH port"
        }
        "token" | "api_token" | "do_token" | "digitalocean_token" | "api_key" => {
            "remove it; export DIGITALOCEAN_TOKEN and CLOUDFLARE_API_TOKEN in the environment \
             instead"
        }
        "cloudflare_token" | "cloudflare_api_token" => {
            "remove it; export CLOUDFLARE_API_TOKEN in the environment instead"
        }
        "password" | "root_password" | "passphrase" => {
            "remove it; log-ins are by `server.ssh_keys` only, and application secrets are set with \
             `seance secret set NAME`"
        }
        "secret" => {
            "list names in `[services.<name>] secrets` and set values with `seance secret set`"
        }
        "ttl" => "remove it; records have Cloudflare's automatic time to live",
        "user_data" | "cloud_init" => {
            "remove it; the stock image is replaced at once, so put settings into `nix/extra.nix`"
        }
        "tags" | "labels" => "remove it; the droplet is tagged with `project.name`",
        "vpc" | "vpc_uuid" | "private_networking" => {
            "remove it; the droplet stays in the region's default network, and an own `.tf` file \
             beside the generated ones can say otherwise"
        }
        "monitoring" | "droplet_agent" => {
            "remove it; DigitalOcean's agent is part of the stock image that NixOS replaces, so add \
             monitoring in `nix/extra.nix`"
        }
        "ssh_key" | "ssh_public_key" | "authorized_keys" | "public_key" => {
            "write `ssh_keys = [\"ssh-ed25519 …\"]` in `[server]`"
        }
        "volumes" | "volume" => {
            "remove it; attach volumes in an own `.tf` file beside the generated ones and mount \
             them in `nix/extra.nix`"
        }
        "nixpkgs" | "nix_channel" | "channel" => "write `nixos_release = \"26.05\"` in `[server]`",
        "swap_size" => "write `swap = \"2G\"` in `[server.disk]`",
        "hostname" => "write `name = \"…\"` in `[server]`",
        "plan" | "droplet_size" => "write `size = \"…\"` in `[server]`",
        "location" | "datacenter" | "datacentre" | "zone_name" => {
            "write the data centre as `server.region`, the DNS zone as `dns.zone`"
        }
        _ => return None,
    })
}
