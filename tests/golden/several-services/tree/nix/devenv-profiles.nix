# seance:1 sha256:3dfa32c41e96bda4 · generated: edit seance.toml, run "seance gen"
# Processes and environments that follow seance.toml. Yours to add to and override: ../devenv.nix.
# Base values are defaults; a value of a profile is overridden with `lib.mkForce`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  # The default gives up for good after five restarts in a process's whole life.
  restart = {
    on = "always";
    max = null;
  };

  inherit (config.env) CADDY_DOMAIN;
  # One address in two sites is an error in Caddy.
  APP_DOMAIN = if config.env.APP_DOMAIN == config.env.CADDY_DOMAIN then "" else config.env.APP_DOMAIN;

  # Plain HTTP for loopback names: no certificate, no port 80, no change to the trust store.
  address =
    domain:
    if builtins.match "(localhost|.*[.]localhost|127[.]0[.]0[.]1)(:[0-9]+)?" domain == null then
      domain
    else
      "http://${domain}";

  # A site without an address is an error in Caddy too, so each has one to fall back on.
  site =
    fallback: domains:
    let
      names = lib.concatMap (lib.splitString " ") domains;
      addresses = map address (lib.unique (lib.filter (name: name != "") names));
    in
    if addresses == [ ] then [ fallback ] else addresses;

  sites = {
    SEANCE_SITES_API = site "http://api.localhost:8080" [ CADDY_DOMAIN ];
    SEANCE_SITES_DOCUMENTATION = site "http://documentation.localhost:8080" [
      config.env.SEANCE_DOMAINS_DOCUMENTATION
    ];
    SEANCE_SITES_SHOP = site "http://shop.localhost:8080" [ APP_DOMAIN ];
  };
in
{
  packages = [
    pkgs.cargo
    pkgs.gcc
    pkgs.mdbook
  ];

  env = {
    APP_DOMAIN = lib.mkDefault "";
    CADDY_DOMAIN = lib.mkDefault "localhost:8080";
    SEANCE_DOMAINS_DOCUMENTATION = lib.mkDefault "";
  };

  processes = {
    caddy = {
      exec = ''exec ${pkgs.caddy}/bin/caddy run --adapter caddyfile --config "$DEVENV_ROOT/Caddyfile"'';
      env = lib.mapAttrs (_: lib.concatStringsSep ", ") sites;
      # Only asked for where a site needs port 80 or 443: an ordinary user cannot grant it.
      linux.capabilities = lib.optional (
        !lib.all (lib.hasPrefix "http://") (lib.concatLists (lib.attrValues sites))
      ) "net_bind_service";
      inherit restart;
    };
    api = {
      exec = "exec ./target/release/api";
      env = {
        DATABASE = lib.mkDefault "postgres://127.0.0.1:5432/orchestra";
        PORT = lib.mkDefault "4000";
      };
      ready.http.get = {
        host = "127.0.0.1";
        port = 4000;
        path = "/health";
      };
      inherit restart;
    };
    database = {
      exec = ''
        docker rm --force orchestra-database >/dev/null 2>&1 || true
        exec docker run --rm --init --name orchestra-database --publish 127.0.0.1:5432:5432 --env POSTGRES_PASSWORD postgres:17
      '';
      inherit restart;
    };
    documentation = {
      exec = "mdbook serve --port 4001";
      cwd = config.devenv.root + "/book";
      env = {
        PORT = lib.mkDefault "4001";
      };
      inherit restart;
    };
    shop = {
      exec = ''
        docker rm --force orchestra-shop >/dev/null 2>&1 || true
        exec docker run --rm --init --name orchestra-shop --publish 127.0.0.1:4002:80 --env SHOP_KEY ghcr.io/example/shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      '';
      ready.http.get = {
        host = "127.0.0.1";
        port = 4002;
        path = "/";
      };
      inherit restart;
    };
    voice = {
      exec = ''
        docker rm --force orchestra-voice >/dev/null 2>&1 || true
        exec docker run --rm --init --name orchestra-voice --publish 7000:7000/udp example/voice:1.4
      '';
      inherit restart;
    };
  };

  profiles.prod.module.env = {
    APP_DOMAIN = "shop.example.com";
    CADDY_DOMAIN = "api.example.com";
    SEANCE_DOMAINS_DOCUMENTATION = "docs.example.com manual.example.com help.example.com";
  };
}
