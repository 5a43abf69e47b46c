# seance:1 sha256:829ac98cdf5aa443 · generated: edit seance.toml, run "seance gen"
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
    SEANCE_SITES_BACKEND = site "http://backend.localhost:8080" [
      CADDY_DOMAIN
      APP_DOMAIN
    ];
  };
in
{
  packages = [ pkgs.nodejs_22 ];

  env = {
    APP_DOMAIN = lib.mkDefault "";
    CADDY_DOMAIN = lib.mkDefault "localhost:8080";
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
    backend = {
      exec = "npm run start";
      cwd = config.devenv.root + "/backend";
      env = {
        PORT = lib.mkDefault "3000";
      };
      ready.http.get = {
        host = "127.0.0.1";
        port = 3000;
        path = "/";
      };
      inherit restart;
    };
    signaling = {
      exec = ''
        docker rm --force seance-backend-signaling >/dev/null 2>&1 || true
        exec docker run --rm --init --name seance-backend-signaling --publish 4444:4444 --env PORT=4444 funnyzak/y-webrtc-signaling:latest
      '';
      inherit restart;
    };
  };

  profiles.prod.module.env = {
    APP_DOMAIN = "app.seance.dev";
    CADDY_DOMAIN = "backend.seance.dev";
  };
}
