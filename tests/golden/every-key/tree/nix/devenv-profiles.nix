# seance:1 sha256:1cc0897d130e1037 · generated: edit seance.toml, run "seance gen"
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
    SEANCE_SITES_SITE = site "http://site.localhost:9000" [
      CADDY_DOMAIN
      APP_DOMAIN
    ];
  };
in
{
  packages = [
    pkgs.nodejs_22
    pkgs.python3
  ];

  env = {
    APP_DOMAIN = lib.mkDefault "";
    CADDY_DOMAIN = lib.mkDefault "localhost:9000";
    LOG_LEVEL = lib.mkDefault "trace";
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
    calls = {
      exec = ''
        docker rm --force every-key-server-calls >/dev/null 2>&1 || true
        exec docker run --rm --init --name every-key-server-calls --publish 3478:13478 --publish 3478:13478/udp --env REALM=example.net --env TURN_SECRET docker.io/coturn/coturn:4.6
      '';
      inherit restart;
    };
    site = {
      exec = "npm run start";
      cwd = config.devenv.root + "/apps/site";
      env = {
        LOG_LEVEL = lib.mkDefault "debug";
        PORT = lib.mkDefault "3000";
      };
      ready.http.get = {
        host = "127.0.0.1";
        port = 3000;
        path = "/health";
      };
      inherit restart;
    };
  };

  profiles.live.module.env = {
    APP_DOMAIN = "app.example.net";
    CADDY_DOMAIN = "example.net";
    LOG_LEVEL = "info";
  };
}
